import { expect, test, type TestContext } from 'vitest';
import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { Compute } from '../../../src-main/training/compute/compute.ts';
import { smallConfig, smallSet, trainSmall } from './small-set.ts';

/** A network that every backend must train to the same figures, to six decimals. */
export interface SmallNetwork {
  readonly title: string;
  readonly config: RunConfig;
  readonly trainingLoss: readonly number[];
  readonly devLoss: readonly number[];
  readonly finalTrainingLoss: number;
  readonly testLoss: number;
}

/** The figures come from the float64 compute, whose gradients are held against differences of the cost. */
export const SMALL_NETWORKS: readonly SmallNetwork[] = [
  {
    title: 'two hidden layers with batch normalization, Adam',
    config: smallConfig(),
    trainingLoss: [0.739296, 0.531178, 0.438066, 0.372928, 0.318788],
    devLoss: [1.134181, 1.140421, 1.119747, 1.067794, 0.985737],
    finalTrainingLoss: 0.781266,
    testLoss: 1.128123,
  },
  {
    title: 'minibatches, batch statistics at evaluation, weight decay, dropout, tanh, ExponentialDecay',
    config: smallConfig({
      batchNormEval: 'batch',
      maxMinibatchSize: 10,
      weightDecay: 0.01,
      dropoutRate: 0.1,
      activation: 'tanh',
      optimizer: 'ExponentialDecay',
    }),
    trainingLoss: [1.517904, 1.14653, 1.074576, 1.077653, 1.059059],
    devLoss: [1.376419, 1.383009, 1.379804, 1.379071, 1.378979],
    finalTrainingLoss: 0.878599,
    testLoss: 1.540008,
  },
  {
    title: 'no batch normalization, sigmoid, minibatches, Constant',
    config: smallConfig({
      batchNorm: false,
      activation: 'sigmoid',
      optimizer: 'Constant',
      maxMinibatchSize: 8,
    }),
    trainingLoss: [1.270205, 1.247444, 1.209288, 1.179486, 1.161266],
    devLoss: [1.247252, 1.212926, 1.186636, 1.166891, 1.151745],
    finalTrainingLoss: 1.149146,
    testLoss: 1.136193,
  },
  {
    title: 'no hidden layer',
    config: smallConfig({ layers: [] }),
    trainingLoss: [1.115041, 0.865818, 0.712928, 0.612431, 0.543022],
    devLoss: [1.275285, 1.170506, 1.093041, 1.031496, 0.98128],
    finalTrainingLoss: 0.709911,
    testLoss: 0.949576,
  },
  {
    title: 'OneLayer',
    config: smallConfig({ model: 'OneLayer' }),
    trainingLoss: [1.294237, 1.078905, 1.012354, 1.00246, 0.986641],
    devLoss: [1.181126, 1.141195, 1.173605, 1.19468, 1.18694],
    finalTrainingLoss: 0.952399,
    testLoss: 1.047152,
  },
];

/**
 * Trains each small network and holds its figures against the expected ones.
 * @param digits decimals that have to agree
 */
export function testSmallNetworks(
  backend: (context: TestContext) => Compute,
  digits: number,
  networks: readonly SmallNetwork[] = SMALL_NETWORKS,
): void {
  test.for(networks)('trains to the expected figures: $title', async (expected, context) => {
    const { epochs, outcome } = await trainSmall(backend(context), expected.config);
    for (const [index, { training, dev }] of epochs.entries()) {
      expect(training.loss).toBeCloseTo(expected.trainingLoss[index] ?? NaN, digits);
      expect(dev?.loss).toBeCloseTo(expected.devLoss[index] ?? NaN, digits);
    }
    expect(epochs).toHaveLength(expected.trainingLoss.length);
    expect(outcome.final.training.loss).toBeCloseTo(expected.finalTrainingLoss, digits);
    expect(outcome.final.dev?.loss).toBeCloseTo(expected.devLoss.at(-1) ?? NaN, digits);
    expect(outcome.final.test?.loss).toBeCloseTo(expected.testLoss, digits);
  });
}

/** Everything at once: minibatches, augmentation, dropout, weight decay, tracked units, kept best weights. */
const EVERYTHING = smallConfig({
  maxMinibatchSize: 10,
  nbrClones: 2,
  rotAngle: 10,
  noiseIntensity: 0.05,
  dropoutRate: 0.1,
  weightDecay: 0.01,
  displaySamples: 2,
  trackLayer: [{ parameter: 'L0_Dense_W', units: 3 }],
  earlyStopping: 'stop',
  nbrEpochs: 4,
});

/**
 * Trains the same network again and again: the same figures, bit for bit, and nothing is left on the device.
 * @param changes for a backend too slow for all of it
 */
export function testRepetition(
  backend: (context: TestContext) => Compute,
  changes: Partial<RunConfig> = {},
): void {
  const config = { ...EVERYTHING, ...changes };
  test('gives the same figures bit for bit when it is trained again', async (context) => {
    const compute = backend(context);
    const [first, second] = [await trainSmall(compute, config), await trainSmall(compute, config)];
    expect(second.epochs.map(({ training, dev }) => [training, dev])).toEqual(
      first.epochs.map(({ training, dev }) => [training, dev]),
    );
    expect(second.outcome.weightsSha256).toBe(first.outcome.weightsSha256);
    expect(second.outcome.devPredictions).toEqual(first.outcome.devPredictions);
    expect(second.snapshots).toEqual(first.snapshots);
    const other = await trainSmall(compute, { ...config, modelSeed: 1 });
    expect(other.outcome.weightsSha256).not.toBe(first.outcome.weightsSha256);
  });

  test('leaves nothing on the device, however many epochs it trains', async (context) => {
    const compute = backend(context);
    await trainSmall(compute, config);
    const before = compute.alive();
    const during: number[] = [];
    await trainSmall(
      compute,
      { ...config, nbrEpochs: 2 * config.nbrEpochs, earlyStoppingPatience: 100 },
      {
        data: smallSet(),
        isStopRequested: (epochs) => {
          during[epochs] ??= compute.alive();
          return false;
        },
      },
    );
    expect(compute.alive()).toBe(before);
    // From the second epoch on: before, no best weights are kept and no augmented images held.
    expect(new Set(during.slice(1)).size).toBe(1);
    expect(during).toHaveLength(2 * config.nbrEpochs);
  });
}
