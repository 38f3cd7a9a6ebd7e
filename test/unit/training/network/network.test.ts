import { describe, expect, test } from 'vitest';
import { type RunConfig, defaultConfig } from '../../../../src-preload/contract/config.ts';
import { Float64Compute } from '../../../../src-main/training/compute/float64.ts';
import {
  describeNetwork,
  Network,
  networkDefinition,
  seededValues,
} from '../../../../src-main/training/network/network.ts';
import { awayFromZero, expectGradient } from '../../../support/training/layer-gradients.ts';

function definitionOf(changes: Partial<RunConfig>, inputShape = [32, 32, 3], classes = 10) {
  return networkDefinition({ ...defaultConfig(), ...changes }, inputShape, classes);
}

function names(changes: Partial<RunConfig>): { layers: string[]; parameters: string[] } {
  const { layers } = describeNetwork(definitionOf(changes));
  return {
    layers: layers.map((layer) => layer.name),
    parameters: layers.flatMap((layer) => layer.parameters.map((parameter) => parameter.name)),
  };
}

describe('parameters are counted exactly', () => {
  // inputs × units + 2 × units for each hidden layer (weights, gamma, beta), then the same with 10 classes.
  test.for([
    [[32, 32, 3], [10], 30860],
    [[32, 32, 1], [10], 10380],
    [[8, 8, 3], [32], 6548],
    [[16, 16, 3], [32], 24980],
    [[32, 32, 3], [32], 98708],
    [[110, 110, 3], [32], 1162004],
    [[24, 24, 3], [16], 27860],
    [[110, 110, 3], [5], 181580],
    [[110, 110, 3], [10], 363140],
    [[110, 110, 3], [50], 1815620],
    [[110, 110, 3], [100], 3631220],
    [[16, 16, 3], [], 7700],
    [[16, 16, 3], [10], 7820],
    [[16, 16, 3], [10, 10, 10, 10, 10], 8300],
  ] as [number[], number[], number][])('%j with layers %j: %d', ([shape, layers, count]) => {
    expect(describeNetwork(definitionOf({ layers }, shape)).parameters).toBe(count);
  });

  test('and so are those that a device holds', () => {
    const network = new Network(
      new Float64Compute(),
      definitionOf({ layers: [32] }, [8, 8, 3]),
      seededValues(0),
    );
    const count = network.parameters.reduce(
      (sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1),
      0,
    );
    expect(count).toBe(6548);
    // Running mean and variance of 32 and of 10 units are there, and not among them.
    expect(network.statistics.map((one) => one.name)).toEqual([
      'L2_BatchNormalization_MovingMean',
      'L2_BatchNormalization_MovingVariance',
      'L6_BatchNormalization_MovingMean',
      'L6_BatchNormalization_MovingVariance',
    ]);
  });
});

describe('names count every layer from 0', () => {
  test('with batch normalization, dropout counted whatever its rate', () => {
    expect(names({ layers: [16] })).toEqual({
      layers: [
        'L0_Dense',
        'L1_Dropout',
        'L2_BatchNormalization',
        'L3_LeakyRelu',
        'L4_Dense',
        'L5_Dropout',
        'L6_BatchNormalization',
        'L7_Softmax',
      ],
      parameters: [
        'L0_Dense_W',
        'L2_BatchNormalization_Gamma',
        'L2_BatchNormalization_Beta',
        'L4_Dense_W',
        'L6_BatchNormalization_Gamma',
        'L6_BatchNormalization_Beta',
      ],
    });
  });

  test('without it, where dense layers have a bias', () => {
    expect(names({ layers: [16], batchNorm: false, activation: 'tanh' })).toEqual({
      layers: ['L0_Dense', 'L1_Dropout', 'L2_Tanh', 'L3_Dense', 'L4_Dropout', 'L5_Softmax'],
      parameters: ['L0_Dense_W', 'L0_Dense_B', 'L3_Dense_W', 'L3_Dense_B'],
    });
  });

  test('of OneLayer', () => {
    expect(names({ model: 'OneLayer' })).toEqual({
      layers: ['L0_Dense', 'L1_Softmax'],
      parameters: ['L0_Dense_W', 'L0_Dense_B'],
    });
  });

  test('and shapes are those of one sample', () => {
    const { layers } = describeNetwork(definitionOf({ layers: [16] }));
    expect(layers.map((layer) => layer.outputShape[0])).toEqual([16, 16, 16, 16, 10, 10, 10, 10]);
    expect(layers[0]?.parameters[0]).toEqual({ name: 'L0_Dense_W', shape: [3072, 16], count: 49152 });
  });
});

describe('first values', () => {
  const definition = definitionOf({ layers: [100] }, [10, 10, 1]);

  async function weights(seed: number) {
    return await new Network(new Float64Compute(), definition, seededValues(seed)).weights();
  }

  test('are Glorot normal for weights, 1 and 0 for the rest, in the order of the layers', async () => {
    const all = await weights(0);
    expect(all.map((one) => one.name)).toEqual([
      'L0_Dense_W',
      'L2_BatchNormalization_Gamma',
      'L2_BatchNormalization_Beta',
      'L2_BatchNormalization_MovingMean',
      'L2_BatchNormalization_MovingVariance',
      'L4_Dense_W',
      'L6_BatchNormalization_Gamma',
      'L6_BatchNormalization_Beta',
      'L6_BatchNormalization_MovingMean',
      'L6_BatchNormalization_MovingVariance',
    ]);
    const first = [...(all[0]?.values ?? [])];
    // σ = √(2 / (100 + 100)) = 0.1. Of 10,000 draws the mean has a deviation of 0.1 / 100, the spread of 0.1 / √20000.
    const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
    const spread = Math.sqrt(first.reduce((sum, value) => sum + (value - mean) ** 2, 0) / first.length);
    expect(first).toHaveLength(10_000);
    expect(Math.abs(mean)).toBeLessThan(5 * 0.001);
    expect(Math.abs(spread - 0.1)).toBeLessThan(5 * 0.0007);
    expect(new Set(all[1]?.values)).toEqual(new Set([1]));
    expect(new Set(all[2]?.values)).toEqual(new Set([0]));
    expect(new Set(all[3]?.values)).toEqual(new Set([0]));
    expect(new Set(all[4]?.values)).toEqual(new Set([1]));
  });

  test('depend on the seed and the name alone', async () => {
    const [first, again, other] = [await weights(5), await weights(5), await weights(6)];
    expect(again).toEqual(first);
    expect(other[0]?.values).not.toEqual(first[0]?.values);
    const deeper = new Network(
      new Float64Compute(),
      definitionOf({ layers: [100, 7] }, [10, 10, 1]),
      seededValues(5),
    );
    expect((await deeper.weights())[0]).toEqual(first[0]);
  });
});

test.for([
  { layers: [5, 4] },
  { layers: [5], batchNorm: false, activation: 'sigmoid' },
  { layers: [4], dropoutRate: 0.3, activation: 'tanh' },
  { layers: [] },
  { model: 'OneLayer' },
] satisfies Partial<RunConfig>[])('gradients of a whole network are those of its cost: %o', (changes) => {
  const compute = new Float64Compute();
  const network = new Network(compute, definitionOf(changes, [2, 3, 1], 3), seededValues(1));
  const input = compute.upload(awayFromZero(7 * 6, 4), [7, 6]);
  const labels = compute.uploadIndexes(Int32Array.of(0, 1, 2, 2, 1, 0, 1));
  const pass = { seed: 9, moveStatistics: false };
  function cost(): number {
    const losses = compute.values(network.output.loss(network.forward(input, pass).logits, labels).losses);
    return losses.reduce((sum, loss) => sum + loss, 0) / 7;
  }
  const passed = network.forward(input, pass);
  const gradients = passed.backward(network.output.loss(passed.logits, labels).gradient());
  expect(gradients).toHaveLength(network.parameters.length);
  network.parameters.forEach(({ variable }, index) => {
    const gradient = gradients[index];
    if (gradient === undefined) throw new Error('There is a gradient for each parameter.');
    expectGradient(compute.values(compute.value(variable)), compute.values(gradient), cost);
  });
});
