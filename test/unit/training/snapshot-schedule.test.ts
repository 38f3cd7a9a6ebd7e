import { expect, test } from 'vitest';
import { scheduleAmong, scheduleWithin } from '../../../src-main/training/snapshot-schedule.ts';

function dueEpochs(bytesPerEpoch: number, budget: number, epochs: number): number[] {
  const isDue = scheduleWithin(bytesPerEpoch, budget, epochs);
  return Array.from({ length: epochs }, (_, index) => index + 1).filter(isDue);
}

test('every epoch is due while a whole run fits into the budget', () => {
  expect(dueEpochs(10, 50, 5)).toEqual([1, 2, 3, 4, 5]);
  expect(dueEpochs(0, 50, 3)).toEqual([1, 2, 3]);
});

test('what does not fit is taken at even distances, from the first epoch on, and stays within the budget', () => {
  // 5 of 12 fit: every third.
  expect(dueEpochs(10, 50, 12)).toEqual([1, 4, 7, 10]);
});

test('the first epoch is due however large it is', () => {
  expect(dueEpochs(100, 50, 4)).toEqual([1]);
});

test('what is kept beside something else is kept of its epochs alone, and of the last', () => {
  // The other is kept of every second epoch; every third would be affordable.
  const isDue = scheduleAmong({ bytesPerEpoch: 10, budget: 60 }, 10, 40, 12);
  expect(Array.from({ length: 12 }, (_, index) => index + 1).filter(isDue)).toEqual([1, 5, 9, 12]);
});
