import { describe, expect, test } from 'vitest';
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
function samples(set: TrainingSet, epoch: number): string[] {
  const batches = set.epoch(epoch);
  return batches.sizes.flatMap((size, batch) => {
    const { input, labels } = batches.send(batch);
    const values = compute.values(input);
    const classes = compute.values(labels);
    expect(input.shape).toEqual([size, 16]);
    expect([...classes]).toEqual([...batches.labels(batch)]);
    return Array.from(
      { length: size },
      (_, row) => `${[...values.subarray(16 * row, 16 * row + 16)].join()}:${classes[row] ?? ''}`,
    );
  });
}

const stored = Array.from(
  { length: 23 },
  (_, image) =>
    `${Array.from(images.pixels.subarray(16 * image, 16 * image + 16), (pixel) => pixel / 255).join()}:${images.labels[image] ?? ''}`,
);

describe('an epoch', () => {
  test('holds every image once, in minibatches of at most the size, in an order of its own', () => {
    const set = trainingSet();
    expect(set.epoch(1).sizes).toEqual([10, 10, 3]);
    const [first, second] = [samples(set, 1), samples(set, 2)];
    expect([...first].sort()).toEqual([...stored].sort());
    expect([...second].sort()).toEqual([...stored].sort());
    expect(second).not.toEqual(first);
    expect(samples(trainingSet(), 1)).toEqual(first);
    expect(samples(trainingSet({ seed: 2 }), 1)).not.toEqual(first);
  });

  test('of one minibatch keeps the order of the file', () => {
    expect(samples(trainingSet({ maxMinibatchSize: 23 }), 3)).toEqual(stored);
  });

  test('holds each clone, unchanged where nothing is turned or made noisy', () => {
    const set = trainingSet({ clones: 3, maxMinibatchSize: 50 });
    expect(set.size).toBe(69);
    expect(set.epoch(1).sizes).toEqual([50, 19]);
    expect(samples(set, 1).sort()).toEqual([...stored, ...stored, ...stored].sort());
  });

  test.for([10, 46])(
    'is augmented anew, the same for the same seed (minibatches of %d)',
    (maxMinibatchSize) => {
      const changes = { clones: 2, rotAngle: 20, noiseIntensity: 0.1, maxMinibatchSize };
      const set = trainingSet(changes);
      const [first, second] = [samples(set, 1), samples(set, 2)];
      expect(new Set([...first, ...second]).size).toBe(92);
      expect(samples(trainingSet(changes), 1)).toEqual(first);
    },
  );
});

test('pictures show a minibatch as the network sees it', () => {
  const batches = trainingSet({ rotAngle: 20, noiseIntensity: 0.1 }).epoch(1);
  const { pixels, labels } = batches.pictures(1, 4);
  const seen = compute.values(batches.send(1).input);
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
  (changes) => {
    const options = {
      inputShape: [4, 4, 1],
      clones: 1,
      rotAngle: 0,
      noiseIntensity: 0,
      maxMinibatchSize: 10,
      seed: 1,
      ...changes,
    } satisfies TrainingSetOptions;
    expect(samples(new TrainingSet(new SmallDevice(), images, options), 2)).toEqual(
      samples(trainingSet(changes), 2),
    );
  },
);
