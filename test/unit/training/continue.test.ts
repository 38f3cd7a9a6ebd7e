import { expect, test } from 'vitest';
import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { EpochFigures } from '../../../src-preload/contract/series.ts';
import type { Checkpoint } from '../../../src-main/training/checkpoint.ts';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import { smallConfig, trainSmall } from '../../support/training/small-set.ts';

/** Without what depends on the clock. */
function figures(epochs: readonly EpochFigures[]): unknown[] {
  return epochs.map(({ epoch, training, dev, learningRate }) => ({ epoch, training, dev, learningRate }));
}

const EVERYTHING: Partial<RunConfig> = {
  maxMinibatchSize: 7,
  nbrClones: 2,
  rotAngle: 20,
  noiseIntensity: 0.05,
  dropoutRate: 0.3,
  weightDecay: 0.01,
};

test.each<[string, Partial<RunConfig>]>([
  ['Adam with everything on', EVERYTHING],
  [
    'a decaying learning rate',
    { ...EVERYTHING, optimizer: 'ExponentialDecay', learningRate: 0.5, decay: 0.1 },
  ],
  [
    'early stopping that keeps the best weights',
    { earlyStopping: 'stop', earlyStoppingPatience: 4, learningRate: 0.02 },
  ],
])('a run that goes on comes to the figures of one that was never ended: %s', async (_name, changes) => {
  const compute = new Float64Compute();
  const whole = await trainSmall(compute, smallConfig({ ...changes, nbrEpochs: 9 }));
  const kept: Checkpoint[] = [];
  const first = await trainSmall(compute, smallConfig({ ...changes, nbrEpochs: 4 }), {
    keep: (checkpoint) => {
      kept.push(checkpoint);
      return Promise.resolve();
    },
  });
  const [resume] = kept;
  if (resume === undefined) throw new Error('Nothing was kept.');
  const rest = await trainSmall(compute, smallConfig({ ...changes, nbrEpochs: 9 }), { resume });
  const joined = [...first.epochs, ...rest.epochs];
  expect(joined.map(({ epoch }) => epoch)).toEqual(whole.epochs.map(({ epoch }) => epoch));
  const [mine, theirs] = [figures(joined), figures(whole.epochs)];
  expect(mine.slice(0, 4)).toEqual(theirs.slice(0, 4));
  joined.forEach(({ training, dev }, index) => {
    // A checkpoint holds float32: of a compute in float64 it keeps seven digits.
    expect(training.loss).toBeCloseTo(whole.epochs[index]?.training.loss ?? NaN, 4);
    expect(dev?.loss ?? NaN).toBeCloseTo(whole.epochs[index]?.dev?.loss ?? NaN, 4);
  });
  expect(rest.outcome.earlyStopEpoch).toBe(whole.outcome.earlyStopEpoch);
  expect(rest.outcome.checkpoint.epoch).toBe(whole.outcome.checkpoint.epoch);
  expect(rest.epochs.length).toBeGreaterThan(0);
  // Time goes on where it was.
  expect(rest.epochs[0]?.elapsed ?? 0).toBeGreaterThan(first.epochs.at(-1)?.elapsed ?? 0);
});

test('how far parameters have moved is measured from the first weights, on both sides of a break', async () => {
  const compute = new Float64Compute();
  const config = smallConfig({ maxMinibatchSize: 3, nbrEpochs: 6 });
  const whole = await trainSmall(compute, config);
  // ‖w − w₀‖ / ‖w₀‖ grows from 0 with training; shifts and scales that start at 0 are told as they are.
  const moved = whole.epochs.map(({ moved: own }) => own?.['L0_Dense_W'] ?? NaN);
  expect(moved[0]).toBeGreaterThan(0);
  expect(moved.at(-1)).toBeGreaterThan(moved[0] ?? NaN);
  const kept: Checkpoint[] = [];
  await trainSmall(
    compute,
    { ...config, nbrEpochs: 3 },
    {
      keep: (checkpoint) => {
        kept.push(checkpoint);
        return Promise.resolve();
      },
    },
  );
  const [resume] = kept;
  if (resume === undefined) throw new Error('Nothing was kept.');
  const rest = await trainSmall(compute, config, { resume });
  expect(rest.epochs.at(-1)?.moved?.['L0_Dense_W']).toBeCloseTo(moved.at(-1) ?? NaN, 4);
});

test('with many minibatches movement is looked at every epoch, with one every seventh', async () => {
  const compute = new Float64Compute();
  async function looked(changes: Partial<RunConfig>): Promise<number[]> {
    const { epochs } = await trainSmall(compute, smallConfig({ nbrEpochs: 16, ...changes }));
    return epochs.filter(({ moved }) => moved !== undefined).map(({ epoch }) => epoch);
  }
  expect(await looked({ maxMinibatchSize: 3 })).toHaveLength(16);
  expect(await looked({ maxMinibatchSize: 5000 })).toEqual([1, 7, 14, 16]);
});
