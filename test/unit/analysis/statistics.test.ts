import { expect, test } from 'vitest';
import {
  bootstrapInterval,
  holm,
  mcnemarExact,
  mean,
  pairedComparison,
  standardDeviation,
  studentInterval,
  welchComparison,
  wilsonInterval,
} from '../../../src-main/analysis/statistics.ts';

// Student's sleep data (1908), the first example of t.test in R.
const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

test('mean and standard deviation of a sample', () => {
  expect(mean(FIRST)).toBeCloseTo(0.75, 12);
  // R: sd(extra[group == 1])
  expect(standardDeviation(FIRST)).toBeCloseTo(1.78901, 5);
});

test("Student's interval of a mean", () => {
  // 0.75 ± t(0.975, 9) · 1.78901 / √10 = 0.75 ± 2.262157 · 0.565735
  const interval = studentInterval(FIRST);
  expect(interval?.low).toBeCloseTo(-0.529779, 5);
  expect(interval?.high).toBeCloseTo(2.029779, 5);
});

test('pairs: the figures that R gives for the sleep data', () => {
  // t = -4.0621, df = 9, p-value = 0.002833, 95 % interval of the difference 0.7001142 to 2.4598858, mean 1.58
  const compared = pairedComparison(FIRST, SECOND);
  expect(compared.difference).toBeCloseTo(1.58, 10);
  expect(compared.pValue).toBeCloseTo(0.002833, 6);
  expect(compared.interval?.low).toBeCloseTo(0.7001142, 6);
  expect(compared.interval?.high).toBeCloseTo(2.4598858, 6);
  // d_z = t / √n
  expect(compared.effectSize).toBeCloseTo(4.0621 / Math.sqrt(10), 4);
  expect(compared.method).toBe('paired');
});

test('no pairs: the figures that R gives for the same data by Welch', () => {
  // t = -1.8608, df = 17.776, p-value = 0.07939, 95 % interval -0.2054832 to 3.3654832
  const compared = welchComparison(FIRST, SECOND);
  expect(compared.pValue).toBeCloseTo(0.07939, 5);
  expect(compared.interval?.low).toBeCloseTo(-0.2054832, 5);
  expect(compared.interval?.high).toBeCloseTo(3.3654832, 5);
  expect(compared.method).toBe('welch');
});

test('one seed has a difference, and nothing that says how sure it is', () => {
  expect(studentInterval([0.5])).toBe(null);
  expect(standardDeviation([0.5])).toBe(null);
  for (const compared of [pairedComparison([0.5], [0.7]), welchComparison([0.5], [0.7, 0.8])]) {
    expect(compared).toMatchObject({ interval: null, pValue: null, effectSize: null, method: 'one seed' });
  }
});

test('pairs that all differ by the same are certain, those that do not differ are none', () => {
  expect(pairedComparison([1, 2], [2, 3])).toMatchObject({ difference: 1, pValue: 0 });
  expect(pairedComparison([1, 2], [1, 2])).toMatchObject({ difference: 0, pValue: 1 });
  expect(() => pairedComparison([1], [1, 2])).toThrow(/as many/);
});

test("Holm's correction", () => {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((value, index) => {
    expect(corrected[index]).toBeCloseTo(value, 12);
  });
  expect(holm([0.6, 0.7])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

test("Wilson's interval of a share", () => {
  // R: binom::binom.wilson(81, 263) = 0.2552865 to 0.3662113
  const interval = wilsonInterval(81, 263);
  expect(interval.low).toBeCloseTo(0.2552865, 4);
  expect(interval.high).toBeCloseTo(0.3662113, 4);
  expect(wilsonInterval(0, 10).low).toBe(0);
  expect(wilsonInterval(10, 10).high).toBe(1);
  expect(wilsonInterval(0, 0)).toMatchObject({ low: 0, high: 1 });
});

test("McNemar's exact test", () => {
  // 2 · P(X ≤ 2), X binomial of 10 and a half: 2 · 56 / 1024
  expect(mcnemarExact(2, 8)).toBeCloseTo(112 / 1024, 10);
  expect(mcnemarExact(8, 2)).toBeCloseTo(112 / 1024, 10);
  expect(mcnemarExact(5, 5)).toBe(1);
  expect(mcnemarExact(0, 0)).toBe(1);
});

test('the bootstrap is near the normal interval for a mean of many, and the same for a seed', () => {
  const values = Array.from({ length: 200 }, (_, index) => Math.sin(index * 12.9898) * 3);
  const interval = bootstrapInterval(values, mean, { resamples: 4000, seed: 1 });
  const student = studentInterval(values);
  expect(interval?.low).toBeCloseTo(student?.low ?? NaN, 1);
  expect(interval?.high).toBeCloseTo(student?.high ?? NaN, 1);
  expect(bootstrapInterval(values, mean, { resamples: 4000, seed: 1 })).toEqual(interval);
  expect(bootstrapInterval([1], mean)).toBe(null);
});
