import { expect, test } from 'vitest';
import { Float64Compute } from '../../../../../src-main/training/compute/float64.ts';
import { dropout } from '../../../../../src-main/training/network/layers/dropout.ts';
import { expectLayerGradients } from '../../../../support/training/layer-gradients.ts';

const compute = new Float64Compute();
const ones = compute.upload(new Float64Array(1000).fill(1), [10, 100]);

function layer(rate: number) {
  return dropout(100, rate).build({ compute, name: 'L1_Dropout', parameters: [], statistics: [] });
}

test('the gradient of dropout is that of its cost, with the mask of the same step', () => {
  expectLayerGradients(dropout(6, 0.4), 5, 6);
});

test('what is kept is scaled, so that evaluation leaves all as it is', () => {
  const { output } = layer(0.2).forward(ones, { seed: 1, moveStatistics: true });
  const kept = [...compute.values(output)].filter((value) => value !== 0);
  expect(new Set(kept)).toEqual(new Set([Math.fround(1.25)]));
  // 800 are expected to be kept, with a standard deviation of √(1000 × 0.8 × 0.2) = 12.6.
  expect(Math.abs(kept.length - 800)).toBeLessThan(5 * 12.6);
  expect(layer(0.2).evaluate(ones, 'moving')).toBe(ones);
});

test('each step has a mask of its own; a rate of 0 leaves all as it is', () => {
  const [first, again, next] = [1, 1, 2].map((seed) =>
    compute.values(layer(0.2).forward(ones, { seed, moveStatistics: true }).output),
  );
  expect(again).toEqual(first);
  expect(next).not.toEqual(first);
  expect(layer(0).forward(ones, { seed: 1, moveStatistics: true }).output).toBe(ones);
});
