import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { InputShape } from '../../../src-preload/contract/dataset.ts';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import { TrainingSet, type TrainingSetOptions } from '../../../src-main/training/training-set.ts';
import { smallSet } from '../../support/training/small-set.ts';

const compute = new Float64Compute();
const images = smallSet().parts.training;

function trainingSet(changes: Partial<TrainingSetOptions> = {}): TrainingSet {
  return new TrainingSet(compute, images, {
    inputShape: [4, 4, 1],
    clones: 1,
    rotAngle: 0,
    noiseIntensity: 0,
    maxMinibatchSize: 10,
    seed: 1,
    ...changes,
  });
}

/** Each sample of an epoch as a text of its pixels and label. */
async function samples(set: TrainingSet, epoch: number): Promise<string[]> {
  const batches = set.epoch(epoch);
  const all: string[] = [];
  for (const [batch, size] of batches.sizes.entries()) {
    const { input, labels } = await batches.send(batch);
    const values = compute.values(input);
    const classes = compute.values(labels);
    expect(input.shape).toEqual([size, 16]);
    expect([...classes]).toEqual([...batches.labels(batch)]);
    for (let row = 0; row < size; row++) {
      all.push(`${[...values.subarray(16 * row, 16 * row + 16)].join()}:${classes[row] ?? ''}`);
    }
  }
  return all;
}

const stored = Array.from(
  { length: 23 },
  (_, image) =>
    `${Array.from(images.pixels.subarray(16 * image, 16 * image + 16), (pixel) => pixel / 255).join()}:${images.labels[image] ?? ''}`,
);

describe('an epoch', () => {
  test('holds every image once, in minibatches of at most the size, in an order of its own', async () => {
    const set = trainingSet();
    expect(set.epoch(1).sizes).toEqual([10, 10, 3]);
    const [first, second] = [await samples(set, 1), await samples(set, 2)];
    expect([...first].sort()).toEqual([...stored].sort());
    expect([...second].sort()).toEqual([...stored].sort());
    expect(second).not.toEqual(first);
    expect(await samples(trainingSet(), 1)).toEqual(first);
    expect(await samples(trainingSet({ seed: 2 }), 1)).not.toEqual(first);
  });

  test('of one minibatch keeps the order of the file', async () => {
    expect(await samples(trainingSet({ maxMinibatchSize: 23 }), 3)).toEqual(stored);
  });

  test('holds each clone, unchanged where nothing is turned or made noisy', async () => {
    const set = trainingSet({ clones: 3, maxMinibatchSize: 50 });
    expect(set.size).toBe(69);
    expect(set.epoch(1).sizes).toEqual([50, 19]);
    expect((await samples(set, 1)).sort()).toEqual([...stored, ...stored, ...stored].sort());
  });

  test.for([10, 46])(
    'is augmented anew, the same for the same seed (minibatches of %d)',
    async (maxMinibatchSize) => {
      const changes = { clones: 2, rotAngle: 20, noiseIntensity: 0.1, maxMinibatchSize };
      const set = trainingSet(changes);
      const [first, second] = [await samples(set, 1), await samples(set, 2)];
      expect(new Set([...first, ...second]).size).toBe(92);
      expect(await samples(trainingSet(changes), 1)).toEqual(first);
    },
  );
});

test('pictures show a minibatch as the network sees it', async () => {
  const batches = trainingSet({ rotAngle: 20, noiseIntensity: 0.1 }).epoch(1);
  const { pixels, labels } = batches.pictures(1, 4);
  const seen = compute.values((await batches.send(1)).input);
  expect([...pixels]).toEqual(Array.from(seen.subarray(0, 64), (value) => Math.round(value * 255)));
  expect(labels).toEqual([...batches.labels(1).subarray(0, 4)]);
  expect(batches.pictures(2, 100).labels).toHaveLength(3);
});

test('pictures of a set that is one minibatch show others at each epoch', () => {
  const set = trainingSet({ maxMinibatchSize: 23 });
  expect(set.epoch(1).pictures(0, 3).pixels).not.toEqual(set.epoch(2).pictures(0, 3).pixels);
});

/** A device that can hold no tensor larger than a few images. */
class SmallDevice extends Float64Compute {
  override readonly maxTensorBytes: number = 1000;
}

test.for([{}, { rotAngle: 20, clones: 2 }])(
  'a device too small for all images gets the same minibatches: %o',
  async (changes) => {
    const options = {
      inputShape: [4, 4, 1],
      clones: 1,
      rotAngle: 0,
      noiseIntensity: 0,
      maxMinibatchSize: 10,
      seed: 1,
      ...changes,
    } satisfies TrainingSetOptions;
    expect(await samples(new TrainingSet(new SmallDevice(), images, options), 2)).toEqual(
      await samples(trainingSet(changes), 2),
    );
  },
);

describe('augmented ahead on other threads', () => {
  const WORKER = fileURLToPath(new URL('../../../src-main/training/augmentation-worker.ts', import.meta.url));

  test.for([
    { maxMinibatchSize: 10, clones: 3, rotAngle: 20, noiseIntensity: 0.1 },
    { maxMinibatchSize: 69, clones: 3, rotAngle: 20, noiseIntensity: 0 },
  ])('epochs are what they are without: %o', async (changes) => {
    const ahead = trainingSet({ ...changes, ahead: { worker: WORKER, firstEpoch: 1, lastEpoch: 12 } });
    const here = trainingSet(changes);
    for (let epoch = 1; epoch <= 12; epoch++) {
      expect(await samples(ahead, epoch)).toEqual(await samples(here, epoch));
    }
    await ahead.dispose();
  });

  test('minibatches of pieces of one image each are what they are without', async () => {
    // 300 × 300 × 3 numbers an image: one of them is a piece.
    const inputShape: InputShape = [300, 300, 3];
    const { training } = smallSet({ inputShape, counts: { training: 20, dev: 0, test: 0 } }).parts;
    const options = {
      inputShape,
      clones: 2,
      rotAngle: 10,
      noiseIntensity: 0.1,
      maxMinibatchSize: 25,
      seed: 3,
    };
    const here = new TrainingSet(compute, training, options);
    const ahead = new TrainingSet(compute, training, {
      ...options,
      ahead: { worker: WORKER, firstEpoch: 1, lastEpoch: 2 },
    });
    for (const epoch of [1, 2]) {
      for (const batch of [0, 1]) {
        const [expected, found] = [here.epoch(epoch), ahead.epoch(epoch)];
        const [first, second] = [await expected.send(batch), await found.send(batch)].map(({ input }) =>
          // Bytes, because comparing seven million numbers one by one takes minutes.
          Buffer.from(compute.values(input).buffer),
        );
        expect(second?.equals(first ?? Buffer.of())).toBe(true);
      }
    }
    await ahead.dispose();
  });

  test('a thread that fails is told to who takes, although that one could go on alone', async () => {
    const ahead = { worker: `${WORKER}.absent`, firstEpoch: 1, lastEpoch: 1_000_000 };
    const set = trainingSet({ noiseIntensity: 0.1, ahead });
    async function allEpochs(): Promise<void> {
      for (let epoch = 1; epoch <= ahead.lastEpoch; epoch++) await samples(set, epoch);
    }
    await expect(allEpochs()).rejects.toThrow('augmentation-worker.ts.absent');
    await set.dispose();
  });

  test('a set that is given up in the middle leaves no thread behind', async () => {
    const set = trainingSet({
      noiseIntensity: 0.1,
      ahead: { worker: WORKER, firstEpoch: 1, lastEpoch: 1_000_000 },
    });
    await samples(set, 1);
    await set.dispose();
    expect(process.getActiveResourcesInfo()).not.toContain('Worker');
  });
});
