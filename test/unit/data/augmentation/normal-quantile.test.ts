import { expect, test } from 'vitest';
import { normalQuantile } from '../../../../src-main/data/augmentation/normal-quantile.ts';

test('quantiles of the normal distribution', () => {
  // R: qnorm(c(0.5, 0.75, 0.975, 0.99, 0.001, 1e-6))
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.75)).toBeCloseTo(0.67448975, 7);
  expect(normalQuantile(0.975)).toBeCloseTo(1.95996398, 7);
  expect(normalQuantile(0.99)).toBeCloseTo(2.32634787, 7);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.09023231, 7);
  expect(normalQuantile(1e-6)).toBeCloseTo(-4.75342431, 7);
});
