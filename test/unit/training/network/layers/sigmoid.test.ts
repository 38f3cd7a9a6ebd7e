import { expect, test } from 'vitest';
import { Float64Compute } from '../../../../../src-main/training/compute/float64.ts';
import { sigmoid } from '../../../../../src-main/training/network/layers/sigmoid.ts';
import { expectLayerGradients } from '../../../../support/training/layer-gradients.ts';

test('the gradient of Sigmoid is that of its cost', () => {
  expectLayerGradients(sigmoid(7), 5, 7);
});

test('Sigmoid gives the same in training and at evaluation', () => {
  const compute = new Float64Compute();
  const layer = sigmoid(1).build({ compute, name: 'L3_Sigmoid', parameters: [], statistics: [] });
  // 1 / (1 + e²) = 0.11920292; 1 / (1 + 1)
  const pairs = [
    [-2, 0.11920292202211755],
    [0, 0.5],
  ] as const;
  for (const [x, y] of pairs) {
    const input = compute.upload(Float64Array.of(x), [1, 1]);
    const { output } = layer.forward(input, { seed: 0, moveStatistics: true });
    expect(compute.values(output)[0]).toBeCloseTo(y, 12);
    expect(compute.values(layer.evaluate(input, 'moving'))[0]).toBeCloseTo(y, 12);
  }
});
