import { expect, test } from 'vitest';
import { compareOnImages } from '../../../src-main/analysis/paired-comparison.ts';
import type { Prediction } from '../../../src-preload/contract/run.ts';

/** Predictions of images of class 0, right where the letter is r. */
function predictions(letters: string): Prediction[] {
  return [...letters.matchAll(/./g)].map(([letter], index) => ({
    path: `a/${index}.png`,
    label: 0,
    predicted: letter === 'r' ? 0 : 1,
    probability: 0.9,
  }));
}

test('what either gets right alone decides', () => {
  const compared = compareOnImages(predictions('rrrrrwwwww'), predictions('rrrrwrrrww'));
  expect(compared.images).toBe(10);
  expect(compared.accuracies).toEqual([0.5, 0.7]);
  expect(compared.difference).toBeCloseTo(0.2, 12);
  expect(compared.onlyFirst).toEqual(['a/4.png']);
  expect(compared.onlySecond).toEqual(['a/5.png', 'a/6.png', 'a/7.png']);
  // 2 · P(X ≤ 1), X binomial of 4 and a half: 2 · 5 / 16.
  expect(compared.pValue).toBeCloseTo(0.625, 10);
  expect(compared.intervals[0].low).toBeCloseTo(0.2366, 4);
  expect(compared.interval?.low).toBeLessThan(0);
  expect(compared.interval?.high).toBeGreaterThan(0.2);
});

test('images that only one was asked about, or that changed their class, are left out', () => {
  const second = predictions('rrr').map((one, index) => ({ ...one, label: index === 2 ? 1 : 0 }));
  expect(compareOnImages(predictions('rrrr'), second).images).toBe(2);
});

test('two that say the same do not differ', () => {
  const compared = compareOnImages(predictions('rrw'), predictions('rrw'));
  expect([compared.difference, compared.pValue, compared.onlyFirst.length]).toEqual([0, 1, 0]);
});
