import { expect, test } from 'vitest';
import {
  afterEpoch,
  beforeFirstEpoch,
  type EarlyStopping,
} from '../../../src-main/training/early-stopping.ts';

function after(losses: readonly number[], patience: number): EarlyStopping {
  return losses.reduce(
    (state, loss, index) => afterEpoch(state, index + 1, loss, patience),
    beforeFirstEpoch,
  );
}

test('it would have stopped when patience epochs have passed without a lower dev loss', () => {
  // The best is epoch 2; epochs 3, 4 and 5 are not lower: epoch 5 is the third.
  expect(after([3, 1, 2, 1, 1.5], 3)).toEqual({ best: { epoch: 2, loss: 1 }, stopEpoch: 5 });
  expect(after([3, 1, 2, 1], 3).stopEpoch).toBeNull();
});

test('a lower loss starts the wait anew', () => {
  expect(after([3, 4, 4, 2, 3, 3], 3)).toEqual({ best: { epoch: 4, loss: 2 }, stopEpoch: null });
});

test('the epoch is told once; training on may still find a better one', () => {
  expect(after([1, 2, 2, 0.5, 0.6], 2)).toEqual({ best: { epoch: 4, loss: 0.5 }, stopEpoch: 3 });
});

test('a loss that is not a number is never the best', () => {
  expect(after([NaN, NaN], 2)).toEqual({ best: null, stopEpoch: 2 });
  expect(after([1, NaN, Infinity], 2)).toEqual({ best: { epoch: 1, loss: 1 }, stopEpoch: 3 });
});
