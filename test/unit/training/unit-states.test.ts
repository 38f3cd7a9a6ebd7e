import { describe, expect, test } from 'vitest';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import { imageMoments } from '../../../src-main/training/image-moments.ts';
import { givenValues, Network, networkDefinition } from '../../../src-main/training/network/network.ts';
import { unitStates } from '../../../src-main/training/unit-states.ts';
import { smallConfig } from '../../support/training/small-set.ts';

const compute = new Float64Compute();

/** Two pixels of 0 to 1 into three hidden units without normalization: biases decide what they do. */
function network(activation: 'relu' | 'tanh' | 'sigmoid' | 'leaky-relu', biases: readonly number[]): Network {
  const config = smallConfig({ layers: [3], activation, batchNorm: false });
  return new Network(
    compute,
    networkDefinition(config, [1, 2, 1], 2),
    givenValues([
      { name: 'L0_Dense_W', shape: [2, 3], values: Float32Array.from([1, 1, 1, 1, 1, 1]) },
      { name: 'L0_Dense_B', shape: [3], values: Float32Array.from(biases) },
      { name: 'L3_Dense_W', shape: [3, 2], values: new Float32Array(6) },
      { name: 'L3_Dense_B', shape: [2], values: new Float32Array(2) },
    ]),
  );
}

const images = { count: 4, pixels: Uint8Array.from([0, 0, 255, 0, 0, 255, 255, 255]), labels: [0, 1, 0, 1] };

describe('units that do nothing', () => {
  test('never above 0: dead', async () => {
    for (const activation of ['relu', 'leaky-relu'] as const) {
      const [state] = await unitStates(network(activation, [-3, -0.5, 1]), images, 'moving');
      expect(state).toMatchObject({ units: 3, images: 4, dead: 1, saturated: 0 });
    }
  });

  test('at the end of their range for every image: saturated', async () => {
    // tanh of 9 to 11 and of −9 to −7 is within 1e-5 of ±1; that of −1 to 1 is not.
    const [tanh] = await unitStates(network('tanh', [9, -9, -1]), images, 'moving');
    expect(tanh).toMatchObject({ dead: 0, saturated: 2 });
    const [sigmoid] = await unitStates(network('sigmoid', [9, -9, -1]), images, 'moving');
    expect(sigmoid).toMatchObject({ dead: 0, saturated: 2 });
  });
});

test('what images look like, in figures of 0 to 1', () => {
  // Two images of 2×2: all 255, and black beside white in both rows.
  const moments = imageMoments(Uint8Array.from([255, 255, 255, 255, 0, 255, 0, 255]), [2, 2, 1]);
  expect(moments.images).toBe(2);
  expect(moments.brightness.mean).toBeCloseTo(0.75, 12);
  expect(moments.contrast.mean).toBeCloseTo(0.25, 12);
  expect(moments.detail.mean).toBeCloseTo(0.5, 12);
  // 0 and 1: the standard deviation of the sample is √½.
  expect(moments.detail.sd).toBeCloseTo(Math.SQRT1_2, 12);
});
