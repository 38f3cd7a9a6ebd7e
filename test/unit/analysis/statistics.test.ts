import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import {
  binomialTail,
  gainBootstrapInterval,
  holm,
  mcnemarExact,
  mean,
  meanTest,
  pairedComparison,
  quantile,
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

test('a mean against a value, to either side', () => {
  const differences = SECOND.map((value, index) => value - (FIRST[index] ?? NaN));
  // R: t.test(differences, mu = 0, alternative = "greater"), p-value = 0.001416, half of the two-sided 0.002833
  expect(meanTest(differences, 0)?.above).toBeCloseTo(0.001416, 6);
  expect(meanTest(differences, 0)?.below).toBeCloseTo(1 - 0.001416, 6);
  expect(meanTest(differences, 1.58)?.above).toBeCloseTo(0.5, 8);
  // Without any scatter nothing is left to doubt; of one value nothing is said.
  expect(meanTest([2, 2, 2], 1)).toEqual({ above: 0, below: 1 });
  expect(meanTest([2, 2, 2], 2)).toEqual({ above: 1, below: 1 });
  expect(meanTest([2], 1)).toBeNull();
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

test('Welch of samples that are not equally long: the figures that R gives, and the effect in pooled deviations', () => {
  // a <- c(0.60, 0.62, 0.64); b <- c(0.70, 0.74, 0.75, 0.77, 0.72); t.test(b, a): t = 6.9406, df = 5.48795.
  const compared = welchComparison([0.6, 0.62, 0.64], [0.7, 0.74, 0.75, 0.77, 0.72]);
  expect(compared.difference).toBeCloseTo(0.116, 12);
  expect(compared.pValue).toBeCloseTo(0.000649179387, 9);
  expect(compared.interval?.low).toBeCloseTo(0.0741611061, 9);
  expect(compared.interval?.high).toBeCloseTo(0.1578388939, 9);
  // (mean(b) - mean(a)) / sqrt((2 * var(a) + 4 * var(b)) / 6)
  expect(compared.effectSize).toBeCloseTo(4.65867210763, 9);
  expect(compared.counts).toEqual([3, 5]);
  // Of equally long ones: Student's sleep data, 1.58 / sqrt((var(first) + var(second)) / 2).
  expect(welchComparison(FIRST, SECOND).effectSize).toBeCloseTo(0.83218108135, 9);
});

test('what does not scatter is judged by counting alone: few seeds that agree are no certainty', () => {
  // Two pairs agree by chance every second time; five of them one time in sixteen.
  expect(pairedComparison([1, 2], [2, 3])).toMatchObject({ difference: 1, pValue: 0.5, interval: null });
  expect(pairedComparison([1, 2, 3, 4, 5], [2, 3, 4, 5, 6]).pValue).toBe(2 / 32);
  // 0.7 − 0.6 and 0.4 − 0.3 differ in their last digits, and in nothing else.
  expect(pairedComparison([0.6, 0.3], [0.7, 0.4])).toMatchObject({ pValue: 0.5, effectSize: null });
  expect(pairedComparison([1, 2], [1, 2])).toMatchObject({ difference: 0, pValue: 1 });
  // Six values fall into two threes in 20 ways, two of which are as far apart.
  expect(welchComparison([1, 1, 1], [2, 2, 2]).pValue).toBeCloseTo(2 / 20, 12);
  expect(welchComparison([1, 1], [2, 2])).toMatchObject({ interval: null, effectSize: null });
  expect(welchComparison([1, 1], [1, 1])).toMatchObject({ difference: 0, pValue: 1 });
  expect(() => pairedComparison([1], [1, 2])).toThrow(/as many/);
});

test("Holm's correction", () => {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") = 0.03 0.06 0.06 0.02
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((value, index) => {
    expect(corrected[index]).toBeCloseTo(value, 12);
  });
  expect(holm([0.6, 0.7])).toEqual([1, 1]);
  // R: p.adjust(c(0.01, NA, 0.04, 0.03, NaN, 0.005), "holm") = 0.03 NA 0.06 0.06 NaN 0.02: what was not tested counts
  // for nothing.
  const some = holm([0.01, null, 0.04, 0.03, NaN, 0.005]);
  [0.03, null, 0.06, 0.06, null, 0.02].forEach((value, index) => {
    if (value === null) expect(some[index]).toBeNull();
    else expect(some[index]).toBeCloseTo(value, 12);
  });
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

test('the tail of a binomial distribution', () => {
  // 1 + 8 + 28 + 56 + 70 of 256 samples of 8 have 4 or fewer.
  expect(binomialTail(4, 8, 0.5)).toBeCloseTo(163 / 256, 10);
  // The sum of its masses in exact fractions.
  expect(binomialTail(20, 1000, 0.01)).toBeCloseTo(0.0032884, 7);
  expect([binomialTail(0, 8, 0.5), binomialTail(9, 8, 0.5)]).toEqual([1, 0]);
});

describe('the bootstrap of what one classifier gains over another', () => {
  test('has the quantiles of all samples that can be drawn', () => {
    // Of two that are 1 and 0 a sample of two sums to 0, 1 or 2 with probability 1/4, 1/2 and 1/4.
    expect(gainBootstrapInterval(1, 0, 2, 0.5)).toEqual({ low: 0, high: 0.5, level: 0.5 });
    expect(gainBootstrapInterval(1, 0, 2, 0.4)).toEqual({ low: 0.5, high: 0.5, level: 0.4 });
    // Of one that is 1 and one that is −1: −2, 0 and 2.
    expect(gainBootstrapInterval(1, 1, 2)).toMatchObject({ low: -1, high: 1 });
  });

  test('is what drawing samples comes to', () => {
    for (const [gains, losses, count] of [
      [7, 3, 40],
      [30, 2, 132],
      [5, 0, 60],
    ] as const) {
      const random = xoroshiro128plus(count);
      const means = Array.from({ length: 20_000 }, () => {
        let sum = 0;
        for (let drawn = 0; drawn < count; drawn++) {
          const at = uniformInt(random, 0, count - 1);
          if (at < gains) sum++;
          else if (at < gains + losses) sum--;
        }
        return sum / count;
      }).sort((one, other) => one - other);
      const interval = gainBootstrapInterval(gains, losses, count);
      // A sample more or less may lie at the quantile.
      expect(Math.abs((interval?.low ?? NaN) - quantile(means, 0.025)) * count).toBeLessThanOrEqual(1);
      expect(Math.abs((interval?.high ?? NaN) - quantile(means, 0.975)) * count).toBeLessThanOrEqual(1);
    }
  });

  test('is the normal interval of many', () => {
    const [gains, losses, count] = [3000, 2500, 30_000];
    const share = (gains - losses) / count;
    const error = Math.sqrt(((gains + losses) / count - share ** 2) / count);
    const interval = gainBootstrapInterval(gains, losses, count);
    expect(interval?.low).toBeCloseTo(share - 1.95996 * error, 4);
    expect(interval?.high).toBeCloseTo(share + 1.95996 * error, 4);
  });

  test('is none of one image, and certain where nothing or all differs', () => {
    expect(gainBootstrapInterval(1, 0, 1)).toBe(null);
    expect(gainBootstrapInterval(0, 0, 10)).toMatchObject({ low: 0, high: 0 });
    expect(gainBootstrapInterval(0, 10, 10)).toMatchObject({ low: -1, high: -1 });
  });
});
