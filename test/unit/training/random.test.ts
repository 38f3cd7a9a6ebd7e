import { describe, expect, test } from 'vitest';
import {
  derivedSeed,
  distinctIndexes,
  dropoutMaskValues,
  normalValues,
  randomStream,
  shuffledIndexes,
} from '../../../src-main/training/random.ts';

function draws(...purpose: [number, ...(string | number)[]]): number[] {
  const stream = randomStream(...purpose);
  return Array.from({ length: 5 }, () => stream.next());
}

test('a sequence depends on its seed and its purpose, and on nothing else', () => {
  expect(draws(1, 'order', 2)).toEqual(draws(1, 'order', 2));
  const sequences = [draws(1, 'order', 2), draws(2, 'order', 2), draws(1, 'mask', 2), draws(1, 'order', 3)];
  expect(new Set(sequences.map((numbers) => numbers.join())).size).toBe(4);
  // Seed 1 and purpose 12 are not seed 11 and purpose 2.
  expect(draws(1, 12)).not.toEqual(draws(11, 2));
});

test('a derived seed is a whole number from 0 to 2³¹ − 1', () => {
  for (let seed = 0; seed < 50; seed++) {
    const derived = derivedSeed(seed, 'mask');
    expect(Number.isInteger(derived) && derived >= 0 && derived < 2 ** 31).toBe(true);
  }
});

describe('a shuffle', () => {
  test('holds every index once, in an order of its own', () => {
    const shuffled = shuffledIndexes(100, randomStream(1));
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(shuffled).not.toEqual(shuffledIndexes(100, randomStream(2)));
  });

  test('puts every index first as often as any other', () => {
    const firsts = [0, 0, 0, 0];
    for (let seed = 0; seed < 4000; seed++) {
      const first = shuffledIndexes(4, randomStream(seed))[0] ?? 0;
      firsts[first] = (firsts[first] ?? 0) + 1;
    }
    // 1000 each, with a standard deviation of √(4000 × 1/4 × 3/4) = 27.4.
    for (const count of firsts) expect(Math.abs(count - 1000)).toBeLessThan(5 * 27.4);
  });
});

test('distinct indexes are as many as wanted, or all there are', () => {
  const chosen = distinctIndexes(1000, 20, randomStream(1));
  expect(new Set(chosen).size).toBe(20);
  expect(Math.max(...chosen)).toBeLessThan(1000);
  expect(distinctIndexes(3, 20, randomStream(1)).sort()).toEqual([0, 1, 2]);
});

test('normal numbers have the mean, spread and tails of a normal distribution', () => {
  const values = normalValues(20_001, 2, randomStream(3));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const beyond = values.filter((value) => Math.abs(value) > 4).length / values.length;
  // Deviations: of the mean 2 / √20000 = 0.014, of the variance 4 √(2 / 20000) = 0.04; 4.55 % lie beyond 2 σ,
  // give or take √(0.0455 × 0.9545 / 20000) = 0.0015.
  expect(Math.abs(mean)).toBeLessThan(5 * 0.014);
  expect(Math.abs(variance - 4)).toBeLessThan(5 * 0.04);
  expect(Math.abs(beyond - 0.0455)).toBeLessThan(5 * 0.0015);
});

test('a dropout mask leaves out the share that it is asked to, at both ends of the range', () => {
  expect(new Set(dropoutMaskValues(100, 0, 1))).toEqual(new Set([1]));
  // 0.999 left out: of 100,000, 100 are kept, give or take 10.
  const kept = dropoutMaskValues(100_000, 0.999, 1).filter((value) => value > 0);
  expect(Math.abs(kept.length - 100)).toBeLessThan(50);
  expect(kept[0]).toBeCloseTo(1000, 3);
});
