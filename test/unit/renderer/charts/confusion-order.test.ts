import { expect, test } from 'vitest';
import type { ConfusionSnapshot } from '../../../../src-preload/contract/snapshot.ts';
import { byMistakes, confusedPairs, inOrder } from '../../../../src-renderer/charts/confusion-order.ts';

const MATRIX: ConfusionSnapshot = {
  kind: 'confusion',
  epoch: 1,
  part: 'dev',
  classes: 3,
  // Shares of mistakes: 0 of 10, 5 of 10, 1 of 4.
  counts: new Uint32Array([10, 0, 0, 1, 5, 4, 1, 0, 3]),
};

test('classes with most mistakes come first', () => {
  expect(byMistakes(MATRIX)).toEqual([1, 2, 0]);
});

test('a matrix in another order has its rows and columns moved together', () => {
  expect([...inOrder(MATRIX, [1, 2, 0]).counts]).toEqual([5, 4, 1, 0, 3, 1, 0, 0, 10]);
});

test('pairs that were confused, the most frequent first', () => {
  expect(confusedPairs(MATRIX, 2)).toEqual([
    { actual: 1, predicted: 2, count: 4, share: 0.4 },
    { actual: 2, predicted: 0, count: 1, share: 0.25 },
  ]);
});
