import { expect, test } from 'vitest';
import { Float64Compute } from '../../../../../src-main/training/compute/float64.ts';
import { tanh } from '../../../../../src-main/training/network/layers/tanh.ts';
import { expectLayerGradients } from '../../../../support/training/layer-gradients.ts';

test('the gradient of Tanh is that of its cost', () => {
  expectLayerGradients(tanh(7), 5, 7);
});

test('Tanh gives the same in training and at evaluation', () => {
  const compute = new Float64Compute();
  const layer = tanh(1).build({ compute, name: 'L3_Tanh', parameters: [], statistics: [] });
  // (e⁻² − e²) / (e⁻² + e²) = −0.96402758
  const pairs = [
    [-2, -0.9640275800758169],
    [0, 0],
  ] as const;
  for (const [x, y] of pairs) {
    const input = compute.upload(Float64Array.of(x), [1, 1]);
    const { output } = layer.forward(input, { seed: 0, moveStatistics: true });
    expect(compute.values(output)[0]).toBeCloseTo(y, 12);
    expect(compute.values(layer.evaluate(input, 'moving'))[0]).toBeCloseTo(y, 12);
  }
});
