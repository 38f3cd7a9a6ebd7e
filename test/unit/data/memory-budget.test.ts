import { expect, test } from 'vitest';
import { createMemoryBudget } from '../../../src-main/data/memory-budget.ts';

test('never more is taken than there is, who came first goes first, and what is larger than all gets all alone', async () => {
  const budget = createMemoryBudget(10);
  let held = 0;
  let most = 0;
  const order: number[] = [];
  const sizes = [4, 4, 9, 1, 25, 2, 2];
  await Promise.all(
    sizes.map((size, index) =>
      budget.take(size, async () => {
        order.push(index);
        held += Math.min(size, 10);
        most = Math.max(most, held);
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        if (size > 10) expect(held).toBe(10);
        held -= Math.min(size, 10);
      }),
    ),
  );
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(most).toBe(10);
});

test('work that fails gives back what it took', async () => {
  const budget = createMemoryBudget(10);
  await expect(budget.take(10, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await budget.take(10, () => Promise.resolve('whole'))).toBe('whole');
});
