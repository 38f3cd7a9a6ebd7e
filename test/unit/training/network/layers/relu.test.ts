import { expect, test } from 'vitest';
import { Float64Compute } from '../../../../../src-main/training/compute/float64.ts';
import { relu } from '../../../../../src-main/training/network/layers/relu.ts';
import { expectLayerGradients } from '../../../../support/training/layer-gradients.ts';

test('the gradient of Relu is that of its cost', () => {
  expectLayerGradients(relu(7), 5, 7);
});

test('Relu gives the same in training and at evaluation', () => {
  const compute = new Float64Compute();
  const layer = relu(1).build({ compute, name: 'L3_Relu', parameters: [], statistics: [] });
  // Below 0 nothing passes.
  const pairs = [
    [-2, 0],
    [3, 3],
  ] as const;
  for (const [x, y] of pairs) {
    const input = compute.upload(Float64Array.of(x), [1, 1]);
    const { output } = layer.forward(input, { seed: 0, moveStatistics: true });
    expect(compute.values(output)[0]).toBeCloseTo(y, 12);
    expect(compute.values(layer.evaluate(input, 'moving'))[0]).toBeCloseTo(y, 12);
  }
});
