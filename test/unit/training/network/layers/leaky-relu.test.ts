import { expect, test } from 'vitest';
import { Float64Compute } from '../../../../../src-main/training/compute/float64.ts';
import { leakyRelu } from '../../../../../src-main/training/network/layers/leaky-relu.ts';
import { expectLayerGradients } from '../../../../support/training/layer-gradients.ts';

test('the gradient of LeakyRelu is that of its cost', () => {
  expectLayerGradients(leakyRelu(7), 5, 7);
});

test('LeakyRelu gives the same in training and at evaluation', () => {
  const compute = new Float64Compute();
  const layer = leakyRelu(1).build({ compute, name: 'L3_LeakyRelu', parameters: [], statistics: [] });
  // 0.01 × −2; 3 stays.
  const pairs = [
    [-2, -0.02],
    [3, 3],
  ] as const;
  for (const [x, y] of pairs) {
    const input = compute.upload(Float64Array.of(x), [1, 1]);
    const { output } = layer.forward(input, { seed: 0, moveStatistics: true });
    expect(compute.values(output)[0]).toBeCloseTo(y, 12);
    expect(compute.values(layer.evaluate(input, 'moving'))[0]).toBeCloseTo(y, 12);
  }
});
