import { expect, test } from 'vitest';
import { wilsonHalfWidth } from '../../../src-main/data/health.ts';

test('the swing of an accuracy is half of its Wilson interval at one half', () => {
  // 5 of 10: 0.2366 to 0.7634; 50 of 100: 0.4038 to 0.5962 (R: binom::binom.wilson).
  expect(wilsonHalfWidth(10)).toBeCloseTo((0.7634 - 0.2366) / 2, 4);
  expect(wilsonHalfWidth(100)).toBeCloseTo((0.5962 - 0.4038) / 2, 4);
  expect(wilsonHalfWidth(0)).toBe(0.5);
});
