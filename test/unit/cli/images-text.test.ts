import { expect, test } from 'vitest';
import type { ImageComparison } from '../../../src-preload/contract/analysis.ts';
import { imagesText } from '../../../src-main/cli/images-text.ts';

const comparison: ImageComparison = {
  images: 132,
  accuracies: [0.5, 0.7],
  intervals: [
    { low: 0.416, high: 0.584, level: 0.95 },
    { low: 0.617, high: 0.772, level: 0.95 },
  ],
  difference: 0.2,
  interval: { low: 0.1, high: 0.3, level: 0.95 },
  pValue: 0.0001,
  onlyFirst: [],
  onlySecond: ['1/a.png', '1/b.png', '1/c.png', '1/d.png', '1/e.png', '1/f.png', '1/g.png'],
};

test('two runs are held against each other on the same images', () => {
  expect(imagesText(comparison, ['plain', 'trimmed'], 500)).toEqual([
    'Right of 132 images: plain 50.0% (41.6% to 58.4%), trimmed 70.0% (61.7% to 77.2%).',
    "trimmed is +20.0 points from plain, +10.0 points to +30.0 points with 95 % confidence. Were both equally good, a difference this large would come with probability less than 0.001 (McNemar's exact test).",
    'No image is right with plain alone.',
    'Right with trimmed alone: 1/a.png, 1/b.png, 1/c.png, 1/d.png, 1/e.png and 2 more.',
  ]);
});

test('no line is wider than the terminal', () => {
  for (const line of imagesText(comparison, ['plain', 'trimmed'], 60))
    expect(line.length).toBeLessThanOrEqual(60);
});
