import { expect, test } from 'vitest';
import { createAugmenter } from '../../../../src-main/data/augmentation/augment.ts';
import { rotate, turnOf } from '../../../../src-main/data/augmentation/rotate.ts';

function turned(values: readonly number[], width: number, height: number, degrees: number): number[] {
  const target = new Float32Array(values.length);
  rotate(Float32Array.from(values), target, 0, width, height, 1, turnOf(degrees, width, height));
  return [...target].map((value) => Math.round(value * 1e6) / 1e6);
}

const SOURCE = {
  pixels: Uint8Array.from({ length: 2 * 9 }, (_, index) => index * 14),
  count: 2,
  height: 3,
  width: 3,
  channels: 1,
};

test('a quarter turn is counter-clockwise about the centre', () => {
  // 1 2 3 / 4 5 6 / 7 8 9 turned a quarter counter-clockwise: 3 6 9 / 2 5 8 / 1 4 7.
  expect(turned([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3, 90)).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
  expect(turned([1, 2, 3, 4], 2, 2, 180)).toEqual([4, 3, 2, 1]);
});

test('what lies outside is the nearest edge pixel', () => {
  // A row of three turned a quarter: above and below its centre there is nothing but the centre's column.
  expect(turned([1, 2, 3], 3, 1, 90)).toEqual([2, 2, 2]);
  expect(turned([5, 5, 5, 5, 5, 5, 5, 5, 5], 3, 3, 37)).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 5]);
});

test('without turning and noise an epoch is the images divided by 255, clone after clone', () => {
  const augmenter = createAugmenter(SOURCE, { clones: 2, rotAngle: 0, noiseIntensity: 0, seed: 1 });
  expect(augmenter.constant).toBe(true);
  const values = augmenter.epoch(1);
  expect(values).toHaveLength(4 * 9);
  expect([...values.subarray(0, 9)]).toEqual([...values.subarray(9, 18)]);
  expect(values[1]).toBe(Math.fround(14 / 255));
  expect([0, 1, 2, 3].map((index) => augmenter.sourceOf(index))).toEqual([0, 0, 1, 1]);
});

test('an epoch depends on the seed and its number alone', () => {
  const options = { clones: 3, rotAngle: 30, noiseIntensity: 0.2, seed: 5 };
  const first = createAugmenter(SOURCE, options);
  const second = createAugmenter(SOURCE, options);
  second.epoch(1);
  second.epoch(2);
  expect(second.epoch(7)).toEqual(first.epoch(7));
  expect(first.epoch(8)).not.toEqual(first.epoch(7));
  expect(createAugmenter(SOURCE, { ...options, seed: 6 }).epoch(7)).not.toEqual(first.epoch(7));
});

test('noise has the standard deviation asked for and stays within 0 and 1', () => {
  const side = 100;
  const grey = {
    pixels: new Uint8Array(side * side).fill(128),
    count: 1,
    height: side,
    width: side,
    channels: 1,
  };
  const values = createAugmenter(grey, { clones: 1, rotAngle: 0, noiseIntensity: 0.1, seed: 2 }).epoch(1);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  // Of 10,000 draws the mean errs by 0.001 and the deviation by 0.0007 (one standard error); five are allowed.
  expect(Math.abs(mean - 128 / 255)).toBeLessThan(0.005);
  expect(Math.abs(deviation - 0.1)).toBeLessThan(0.0035);
  const strong = createAugmenter(grey, { clones: 1, rotAngle: 0, noiseIntensity: 1, seed: 2 }).epoch(1);
  expect(Math.min(...strong)).toBe(0);
  expect(Math.max(...strong)).toBe(1);
});
