import { expect, test } from 'vitest';
import { withTrainingShare } from '../../../src-main/training/training-share.ts';
import { imagesOfShare } from '../../../src-preload/contract/learning-curve.ts';
import { smallSet } from '../../support/training/small-set.ts';

const data = smallSet({ counts: { training: 30, dev: 9, test: 6 } });

test('of each class the share is kept, with its own pixels; dev and test stay', () => {
  const half = withTrainingShare(data, 0.5, 1);
  const { training } = half.parts;
  expect(training.count).toBe(15);
  expect([0, 1, 2].map((label) => training.labels.filter((one) => one === label).length)).toEqual([5, 5, 5]);
  training.paths.forEach((path, place) => {
    const from = data.parts.training.paths.indexOf(path);
    expect(training.pixels.subarray(place * 16, (place + 1) * 16)).toEqual(
      data.parts.training.pixels.subarray(from * 16, (from + 1) * 16),
    );
    expect(training.labels[place]).toBe(data.parts.training.labels[from]);
  });
  expect(half.parts.dev).toBe(data.parts.dev);
  expect(half.parts.test).toBe(data.parts.test);
});

test('images of a smaller share are among those of a larger one', () => {
  const shares = [0.1, 0.2, 0.5, 0.9, 1].map(
    (share) => new Set(withTrainingShare(data, share, 3).parts.training.paths),
  );
  shares.slice(1).forEach((larger, index) => {
    expect([...(shares[index] ?? [])].filter((path) => !larger.has(path))).toEqual([]);
  });
});

test('another seed chooses others, the same seed the same', () => {
  function paths(seed: number): readonly string[] {
    return withTrainingShare(data, 0.3, seed).parts.training.paths;
  }
  expect(paths(1)).toEqual(paths(1));
  expect(paths(1)).not.toEqual(paths(2));
});

test('a class keeps at least one image, and an empty one none', () => {
  expect([
    imagesOfShare(10, 0.01),
    imagesOfShare(0, 0.5),
    imagesOfShare(3, 1),
    imagesOfShare(5, 0.5),
  ]).toEqual([1, 0, 3, 3]);
});
