import { expect, test } from 'vitest';
import { Float64Compute } from '../../../../../src-main/training/compute/float64.ts';
import { batchNormalization } from '../../../../../src-main/training/network/layers/batch-normalization.ts';
import { expectLayerGradients } from '../../../../support/training/layer-gradients.ts';

const compute = new Float64Compute();

/** Gamma 2, Beta 1, running mean 0, running variance 1. */
function layer() {
  const [gamma, beta, mean, variance] = [2, 1, 0, 1].map((value) =>
    compute.variable(Float64Array.of(value), [1]),
  );
  if (!gamma || !beta || !mean || !variance) throw new Error('four were made');
  const built = batchNormalization(1).build({
    compute,
    name: 'L2_BatchNormalization',
    parameters: [gamma, beta],
    statistics: [mean, variance],
  });
  return { built, mean, variance };
}

const input = compute.upload(Float64Array.of(2, 4), [2, 1]);

test('the gradients of batch normalization are those of its cost', () => {
  expectLayerGradients(batchNormalization(4), 6, 4);
});

test('a training step normalizes by the batch and moves the running statistics by a tenth', () => {
  const { built, mean, variance } = layer();
  const { output } = built.forward(input, { seed: 0, moveStatistics: true });
  // Mean 3, biased variance 1, unbiased 2: 1 + 2 × (∓1 / √(1 + 1e-5)).
  expect(compute.values(output)[0]).toBeCloseTo(1 - 2 / Math.sqrt(1.00001), 12);
  expect(compute.values(output)[1]).toBeCloseTo(1 + 2 / Math.sqrt(1.00001), 12);
  // 0.9 × 0 + 0.1 × 3 and 0.9 × 1 + 0.1 × 2
  expect(compute.values(compute.value(mean))[0]).toBeCloseTo(0.3, 12);
  expect(compute.values(compute.value(variance))[0]).toBeCloseTo(1.1, 12);
});

test('evaluation uses the running statistics, or those of the batch, and moves nothing', () => {
  const { built, mean, variance } = layer();
  // Running mean 0 and variance 1: 1 + 2 × x / √(1 + 1e-5).
  const moving = compute.values(built.evaluate(input, 'moving'));
  expect(moving[0]).toBeCloseTo(1 + 4 / Math.sqrt(1.00001), 12);
  expect(moving[1]).toBeCloseTo(1 + 8 / Math.sqrt(1.00001), 12);
  const batch = compute.values(built.evaluate(input, 'batch'));
  expect(batch[1]).toBeCloseTo(1 + 2 / Math.sqrt(1.00001), 12);
  built.forward(input, { seed: 0, moveStatistics: false });
  expect([mean, variance].map((one) => compute.values(compute.value(one))[0])).toEqual([0, 1]);
});
