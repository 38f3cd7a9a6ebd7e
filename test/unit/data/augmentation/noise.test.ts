import { expect, test } from 'vitest';
import { addNoise } from '../../../../src-main/data/augmentation/noise.ts';
import { randomOf } from '../../../../src-main/data/augmentation/random.ts';

/** Noise alone: what was added to values in the middle of the range, too small to be clipped. */
function noise(count: number, ...keys: number[]): Float32Array {
  const values = new Float32Array(count).fill(0.5);
  addNoise(values, 0, count, 0.01, randomOf(...keys));
  return values.map((value) => (value - 0.5) / 0.01);
}

test('noise is distributed normally', () => {
  const count = 1_000_000;
  const sorted = noise(count, 1).sort();
  // Shares of the normal distribution below −2, −1, 0, 1 and 2; the standard error of a share p is √(p (1 − p) / n).
  for (const [limit, share] of [
    [-2, 0.02275013],
    [-1, 0.15865525],
    [0, 0.5],
    [1, 0.84134475],
    [2, 0.97724987],
  ] as const) {
    const below = sorted.findIndex((value) => value > limit) / count;
    expect(Math.abs(below - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / count));
  }
  const moments = [1, 2, 3, 4].map((power) => sorted.reduce((sum, value) => sum + value ** power, 0) / count);
  // 0, 1, 0 and 3, with standard errors √(1 / n), √(2 / n), √(15 / n) and √(96 / n).
  [0, 1, 0, 3].forEach((expected, index) => {
    const error = Math.sqrt(([1, 2, 15, 96][index] ?? 0) / count);
    expect(Math.abs((moments[index] ?? NaN) - expected)).toBeLessThan(5 * error + 1e-4);
  });
});

test('neighbours are independent of each other, and seeds give other noise', () => {
  const values = noise(100_000, 2);
  for (const distance of [1, 2, 3]) {
    const product = values.reduce((sum, value, index) => sum + value * (values[index + distance] ?? 0), 0);
    // A sum of n products of independent deviates has the standard deviation √n.
    expect(Math.abs(product)).toBeLessThan(5 * Math.sqrt(100_000));
  }
  expect(noise(10, 2)).not.toEqual(noise(10, 3));
});

test('only the numbers asked for get noise, of an odd count too', () => {
  const values = new Float32Array(7).fill(0.5);
  addNoise(values, 2, 3, 0.1, randomOf(1));
  expect([...values].map((value) => value === 0.5)).toEqual([true, true, false, false, false, true, true]);
});
