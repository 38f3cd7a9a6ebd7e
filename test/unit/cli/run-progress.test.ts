import { expect, test } from 'vitest';
import { isLineDue } from '../../../src-main/cli/run-progress.ts';

test('where lines cannot be written over, a run has some twenty of them, the first and last epoch among them', () => {
  const epochs = Array.from({ length: 1000 }, (_, index) => index + 1);
  const due = epochs.filter((epoch) => isLineDue(epoch, 1000, 0));
  expect(due).toHaveLength(21);
  expect([due[0], due[1], due.at(-1)]).toEqual([1, 50, 1000]);
  expect([1, 2, 3].every((epoch) => isLineDue(epoch, 3, 0))).toBe(true);
});

test('an epoch after ten quiet seconds has one in any case', () => {
  expect(isLineDue(7, 1000, 9_999)).toBe(false);
  expect(isLineDue(7, 1000, 10_000)).toBe(true);
});
