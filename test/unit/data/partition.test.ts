import { expect, test } from 'vitest';
import { partCounts, partition } from '../../../src-main/data/partition.ts';
import { IMAGES_PER_CLASS } from '../../../src-main/data/sources/numbers.ts';

const SHARES = { training: 0.7, dev: 0.15, test: 0.15 };

test('training and dev are rounded, test is the rest', () => {
  // 70 images: 49 and 10.5, which rounds to 11; 10 are left. 77: 53.9 → 54, 11.55 → 12, 11 left.
  expect(partCounts(70, SHARES)).toEqual({ training: 49, dev: 11, test: 10 });
  expect(partCounts(77, SHARES)).toEqual({ training: 54, dev: 12, test: 11 });
  expect(partCounts(1, SHARES)).toEqual({ training: 1, dev: 0, test: 0 });
});

test('the numbers set splits into 593 training and 132 dev images', () => {
  const counts = IMAGES_PER_CLASS.map((images) => partCounts(images, SHARES));
  expect(counts.reduce((sum, { training }) => sum + training, 0)).toBe(593);
  expect(counts.reduce((sum, { dev }) => sum + dev, 0)).toBe(132);
});

test('the split is by class, the same for a seed, and another for another seed', () => {
  const labels = Array.from({ length: 200 }, (_, index) => index % 4);
  const parts = partition(labels, SHARES, 3);
  for (let label = 0; label < 4; label++) {
    const own = parts.filter((_, index) => labels[index] === label);
    // 50 images a class: 35 training, 7.5 → 8 dev, 7 test.
    expect(own.filter((part) => part === 'training')).toHaveLength(35);
    expect(own.filter((part) => part === 'dev')).toHaveLength(8);
    expect(own.filter((part) => part === 'test')).toHaveLength(7);
  }
  expect(partition(labels, SHARES, 3)).toEqual(parts);
  expect(partition(labels, SHARES, 4)).not.toEqual(parts);
});
