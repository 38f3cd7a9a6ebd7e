import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src-preload/contract/errors.ts';
import type { Tensor } from '../../../src-main/training/compute/compute.ts';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import { Network, networkDefinition, seededValues } from '../../../src-main/training/network/network.ts';
import { randomStream, shuffledIndexes } from '../../../src-main/training/random.ts';
import { smallConfig, smallSet, trainSmall } from '../../support/training/small-set.ts';

const compute = new Float64Compute();
const data = smallSet();

/** A compute whose gradients become NaN after so many steps. */
class Unstable extends Float64Compute {
  private steps: number;

  constructor(steps: number) {
    super();
    this.steps = steps;
  }

  override denseWeightsGradient(input: Tensor, outputGradient: Tensor): Tensor {
    const gradient = super.denseWeightsGradient(input, outputGradient);
    return this.steps-- > 0 ? gradient : this.addScaled(gradient, gradient, NaN);
  }
}

describe('figures', () => {
  test('of the training part are the means over its minibatches as they were trained, each counting the same', async () => {
    // With so small a rate the weights stay what they were, so that each minibatch can be evaluated by hand.
    const config = smallConfig({
      model: 'OneLayer',
      learningRate: 1e-12,
      maxMinibatchSize: 10,
      nbrEpochs: 1,
    });
    const { epochs } = await trainSmall(compute, config);
    const network = new Network(compute, networkDefinition(config, data.inputShape, 3), seededValues(0));
    const { pixels, labels } = data.parts.training;
    const order = shuffledIndexes(23, randomStream(0, 'order', 1));
    const losses = [order.subarray(0, 10), order.subarray(10, 20), order.subarray(20)].map((rows) => {
      const values = Float64Array.from({ length: rows.length * 16 }, (_, index) => {
        const image = rows[Math.floor(index / 16)] ?? 0;
        return (pixels[image * 16 + (index % 16)] ?? 0) / 255;
      });
      const logits = network.evaluate(compute.upload(values, [rows.length, 16]), 'moving');
      const classes = compute.uploadIndexes(rows.map((row) => labels[row] ?? 0));
      const each = compute.values(network.output.loss(logits, classes).losses);
      return each.reduce((sum, loss) => sum + loss, 0) / rows.length;
    });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 3;
    expect(epochs[0]?.training.loss).toBeCloseTo(mean, 9);
  });

  test('of the dev part are left out where it is not to be evaluated, but for the end', async () => {
    const { epochs, outcome } = await trainSmall(compute, smallConfig({ evalDev: false }));
    expect(epochs.map((epoch) => epoch.dev)).toEqual([null, null, null, null, null]);
    expect(outcome.final.dev).not.toBeNull();
    expect(outcome.earlyStopEpoch).toBeNull();
  });

  test('of parts without images are null', async () => {
    const { epochs, outcome } = await trainSmall(compute, smallConfig(), {
      data: smallSet({ counts: { training: 23, dev: 0, test: 0 } }),
    });
    expect(epochs[0]?.dev).toBeNull();
    expect(outcome.final).toMatchObject({ dev: null, test: null });
    expect(outcome.devPredictions).toEqual([]);
  });

  test('include the L2 term, in training and at evaluation', async () => {
    const plain = await trainSmall(compute, smallConfig({ nbrEpochs: 1, learningRate: 1e-12 }));
    const decayed = await trainSmall(
      compute,
      smallConfig({ nbrEpochs: 1, learningRate: 1e-12, weightDecay: 0.2 }),
    );
    const weights = plain.outcome.checkpoint.weights.filter((one) => !one.name.includes('Moving'));
    const squares = weights
      .flatMap(({ values }) => [...values])
      .reduce((sum, value) => sum + value * value, 0);
    for (const part of ['training', 'dev'] as const) {
      const [without, with_] = [plain, decayed].map((heard) => heard.epochs[0]?.[part]?.loss ?? NaN);
      // 0.5 × 0.2 × Σ‖parameter‖²
      expect((with_ ?? NaN) - (without ?? NaN)).toBeCloseTo(0.1 * squares, 4);
    }
  });

  test('tell the rate of each epoch and where its time went', async () => {
    const { epochs } = await trainSmall(compute, smallConfig({ optimizer: 'ExponentialDecay', decay: 0.5 }));
    // 0.05 × e^(−0.5 × 2)
    expect(epochs[2]?.learningRate).toBeCloseTo(0.018393972, 9);
    const elapsed = epochs.map((epoch) => epoch.elapsed);
    expect([...elapsed].sort((a, b) => a - b)).toEqual(elapsed);
    for (const { timings } of epochs) {
      for (const milliseconds of Object.values(timings)) expect(milliseconds).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('the end of a run', () => {
  test('has a prediction for every dev image, in line with its accuracy', async () => {
    const { outcome } = await trainSmall(compute, smallConfig());
    const { devPredictions, final } = outcome;
    expect(devPredictions.map((one) => one.path)).toEqual(data.parts.dev.paths);
    const right = devPredictions.filter((one) => one.predicted === one.label).length;
    expect(final.dev?.accuracy).toBeCloseTo(right / 9, 12);
    // The most probable of three classes has at least a third.
    for (const { probability } of devPredictions) {
      expect(probability).toBeGreaterThanOrEqual(1 / 3);
      expect(probability).toBeLessThanOrEqual(1);
    }
  });

  test('keeps the state of the model and of its optimizer', async () => {
    const { checkpoint } = (await trainSmall(compute, smallConfig({ layers: [], maxMinibatchSize: 10 })))
      .outcome;
    expect(checkpoint.weights.map((one) => one.name)).toEqual([
      'L0_Dense_W',
      'L2_BatchNormalization_Gamma',
      'L2_BatchNormalization_Beta',
      'L2_BatchNormalization_MovingMean',
      'L2_BatchNormalization_MovingVariance',
    ]);
    expect(checkpoint.optimizer.map((one) => one.name)).toContain('L0_Dense_W/SecondMoment');
    // Three minibatches in each of five epochs.
    expect(checkpoint).toMatchObject({ epoch: 5, steps: 15, inputShape: [4, 4, 1] });
  });

  test('comes at the next minibatch when it is asked for, with what there is', async () => {
    const asked: number[] = [];
    const { epochs, outcome } = await trainSmall(compute, smallConfig({ maxMinibatchSize: 10 }), {
      // Before the second minibatch of the third epoch.
      isStopRequested: (done) => asked.push(done) > 7,
    });
    expect(epochs).toHaveLength(2);
    expect(outcome).toMatchObject({
      outcome: 'stopped',
      reason: 'Stopped on request after 2 of 5 epochs.',
      checkpoint: { epoch: 2, steps: 7 },
    });
    expect(outcome.final.dev).not.toBeNull();
  });

  test('may come before the first step', async () => {
    const { epochs, outcome } = await trainSmall(compute, smallConfig(), { isStopRequested: () => true });
    expect(epochs).toEqual([]);
    expect(outcome).toMatchObject({ outcome: 'stopped', checkpoint: { epoch: 0, steps: 0 } });
  });
});

describe('early stopping', () => {
  const config = smallConfig({ nbrEpochs: 40, learningRate: 0.3, earlyStoppingPatience: 3 });

  test('only marks the epoch by default', async () => {
    const { epochs, outcome } = await trainSmall(compute, config);
    const losses = epochs.map((epoch) => epoch.dev?.loss ?? NaN);
    expect(epochs).toHaveLength(40);
    const marked = outcome.earlyStopEpoch ?? NaN;
    // The three epochs up to the marked one are not lower than the best before them.
    const best = Math.min(...losses.slice(0, marked - 3));
    expect(Math.min(...losses.slice(marked - 3, marked))).toBeGreaterThanOrEqual(best);
    expect(outcome).toMatchObject({ outcome: 'finished', reason: null });
  });

  test('ends the run and keeps the best weights where that is asked for', async () => {
    const marked = await trainSmall(compute, config);
    const { epochs, outcome } = await trainSmall(compute, { ...config, earlyStopping: 'stop' });
    expect(epochs).toHaveLength(marked.outcome.earlyStopEpoch ?? NaN);
    const losses = epochs.map((epoch) => epoch.dev?.loss ?? NaN);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(best).toBe(epochs.length - 3);
    expect(outcome.final.dev?.loss).toBe(losses[best - 1]);
    expect(outcome.checkpoint.epoch).toBe(best);
    expect(outcome.reason).toBe(
      `Stopped early after epoch ${epochs.length}: the dev loss had not fallen for 3 epochs. The weights of epoch ${best} are kept: its dev loss was the lowest.`,
    );
  });
});

describe('instability', () => {
  test('is told once, with what is not a number', async () => {
    const config = smallConfig({ nbrEpochs: 15 });
    const { notices, epochs } = await trainSmall(new Unstable(3 * 3), config);
    // The fourth step makes the parameters NaN; the dev loss after it shows that.
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^Epoch 4 left numbers that are NaN or infinite: the dev loss/);
    expect(epochs).toHaveLength(15);
    expect(epochs[14]?.training.loss).toBeNaN();
  });

  test('is found in gradients and parameters where no loss shows it', async () => {
    const config = smallConfig({ nbrEpochs: 12, evalDev: false });
    // The tenth step comes before a look at all tensors, and after the loss of its own epoch.
    const { notices } = await trainSmall(new Unstable(9 * 3), config);
    expect(notices[0]).toMatch(
      /^Epoch 10 left .*: gradients of L0_Dense_W, L4_Dense_W, L8_Dense_W; parameters L0_Dense_W/,
    );
  });

  test('ends the run where that is asked for, and is not looked for where it is off', async () => {
    const failing = trainSmall(new Unstable(0), smallConfig({ instabilityChecks: 'exception' }));
    await expect(failing).rejects.toThrow(UserError);
    const off = await trainSmall(new Unstable(0), smallConfig({ instabilityChecks: 'off' }));
    expect(off.notices).toEqual([]);
    expect(off.outcome.outcome).toBe('finished');
  });
});

describe('snapshots', () => {
  const config = smallConfig({
    maxMinibatchSize: 10,
    displaySamples: 2,
    trackLayer: [
      { parameter: 'L0_Dense_W', units: 3 },
      { parameter: 'L2_BatchNormalization_Gamma', units: 2 },
    ],
  });

  test('come with every epoch while they are small', async () => {
    const { snapshots } = await trainSmall(compute, config);
    const kinds = snapshots.filter((one) => one.epoch === 3).map((one) => one.kind);
    expect(kinds).toEqual([
      ...['confusion', 'confusion', 'predicted', 'predicted'],
      ...['units', 'units', 'samples'],
    ]);
    // Five epochs, and once which images there are.
    expect(snapshots).toHaveLength(5 * 7 + 2);
  });

  test('hold what each image was taken for, clone by clone, whatever the order of its minibatches', async () => {
    const clones = 3;
    const { snapshots } = await trainSmall(
      compute,
      smallConfig({ maxMinibatchSize: 10, nbrClones: clones, noiseIntensity: 0.1 }),
    );
    const images = snapshots.flatMap((one) => (one.kind === 'images' ? [one] : []));
    expect(images.map(({ part, clones, paths }) => [part, clones, paths.length])).toEqual([
      ['training', clones, 23],
      ['dev', 1, 9],
    ]);
    const said = snapshots.flatMap((one) => (one.kind === 'predicted' ? [one] : []));
    expect(said).toHaveLength(10);
    for (const { part, epoch, classes, predicted } of said) {
      const asked = images.find((one) => one.part === part);
      const counts = new Uint32Array(classes ** 2);
      predicted.forEach((taken: number, row: number) => {
        const cell = (asked?.labels[Math.floor(row / (asked.clones || 1))] ?? 0) * classes + taken;
        counts[cell] = (counts[cell] ?? 0) + 1;
      });
      const matrix = snapshots.find(
        (one) => one.kind === 'confusion' && one.epoch === epoch && one.part === part,
      );
      expect(matrix).toMatchObject({ counts });
    }
  });

  test('hold a confusion matrix of each part, in line with the accuracy', async () => {
    const { snapshots, epochs, outcome } = await trainSmall(compute, config);
    const matrices = [...snapshots, ...outcome.snapshots].flatMap((one) => ('counts' in one ? [one] : []));
    for (const { part, counts, epoch } of matrices.filter((one) => one.part === 'dev')) {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(9);
      const right = [0, 4, 8].reduce((sum, cell) => sum + (counts[cell] ?? 0), 0);
      expect(epochs[epoch - 1]?.[part === 'dev' ? 'dev' : 'training']?.accuracy).toBeCloseTo(right / 9, 12);
    }
    const training = matrices.find((one) => one.part === 'training');
    // 23 images, of classes 0, 1, 2 in turn
    const rows = [0, 1, 2].map((row) =>
      training?.counts.slice(3 * row, 3 * row + 3).reduce((a, b) => a + b, 0),
    );
    expect(rows).toEqual([8, 8, 7]);
    expect(outcome.snapshots.map((one) => ('part' in one ? [one.kind, one.part] : one.kind))).toEqual([
      ['final-confusion', 'training'],
      ['final-confusion', 'dev'],
      ['final-confusion', 'test'],
    ]);
  });

  test('hold tracked units on one scale for the whole run', async () => {
    const { snapshots } = await trainSmall(compute, config);
    const units = snapshots.flatMap((one) => (one.kind === 'units' ? [one] : []));
    const weights = units.filter((one) => one.parameter === 'L0_Dense_W');
    expect(new Set(weights.map((one) => one.scale)).size).toBe(1);
    expect(weights[0]).toMatchObject({ count: 3, width: 4, height: 4, channels: 1 });
    expect(weights[4]?.pixels).not.toEqual(weights[0]?.pixels);
    expect(units.find((one) => one.parameter !== 'L0_Dense_W')).toMatchObject({
      count: 2,
      width: 1,
      height: 1,
    });
  });

  test('hold the first images of each minibatch', async () => {
    const { snapshots } = await trainSmall(compute, config);
    const samples = snapshots.flatMap((one) => (one.kind === 'samples' ? [one] : []));
    // Two of each of three minibatches.
    expect(samples[0]).toMatchObject({ count: 6, width: 4, height: 4, channels: 1 });
    expect(samples[0]?.labels).toHaveLength(6);
    expect(samples[0]?.pixels).toHaveLength(96);
  });

  test('are smaller and taken at fewer epochs where a run of them would not fit', async () => {
    const large = smallSet({ inputShape: [300, 300, 3], counts: { training: 16, dev: 0, test: 0 } });
    const { snapshots } = await trainSmall(
      compute,
      smallConfig({ model: 'OneLayer', nbrEpochs: 6, displaySamples: 16, learningRate: 1e-3 }),
      { data: large },
    );
    const samples = snapshots.flatMap((one) => (one.kind === 'samples' ? [one] : []));
    // An image has 270,000 bytes: 15 fit into the 4 MiB of an epoch, four such epochs into the 16 MiB of a run,
    // so that it is every second of six.
    expect(samples.map((one) => one.count)).toEqual([15, 15, 15]);
    expect(samples.map((one) => one.epoch)).toEqual([1, 3, 5]);
  });
});

test('a set without a training image is refused', async () => {
  const empty = smallSet({ counts: { training: 0, dev: 3, test: 3 } });
  await expect(trainSmall(compute, smallConfig(), { data: empty })).rejects.toThrow(UserError);
});
