import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { inOrder } from '../../../src-main/data/in-order.ts';

test('results come in the order of the items, and never more tasks are under way than four times the cores', async () => {
  const most = availableParallelism() * 4;
  const items = Array.from({ length: 5 * most }, (_, index) => index);
  let underWay = 0;
  let seen = 0;
  const results: number[] = [];
  for await (const result of inOrder(items, async (item) => {
    seen = Math.max(seen, ++underWay);
    // Later items take fewer turns, so that they are done before the earlier ones.
    for (let turn = item % most; turn < most; turn++) await Promise.resolve();
    underWay--;
    return item;
  })) {
    results.push(result);
  }
  expect(results).toEqual(items);
  expect(seen).toBe(most);
});

test('a task that fails ends it with its error', async () => {
  await expect(async () => {
    for await (const item of inOrder([1, 2, 3], (number) =>
      number === 2 ? Promise.reject(new Error('two')) : Promise.resolve(number),
    ))
      expect(item).toBe(1);
  }).rejects.toThrow('two');
});
