import { describe, expect, test } from 'vitest';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { importance, type SweepRun } from '../../../src-main/analysis/importance.ts';
import { noncentralF, noncentralityInterval } from '../../../src-main/analysis/statistics.ts';
import { normalValues } from '../../../src-main/training/random.ts';

function grid(
  levels: readonly number[],
  seeds: number,
  figure: (place: readonly number[], seed: number) => number,
): SweepRun[] {
  const runs: SweepRun[] = [];
  const [first = 1, second = 1] = levels;
  for (let a = 0; a < first; a++)
    for (let b = 0; b < second; b++)
      for (let seed = 0; seed < seeds; seed++)
        runs.push({ values: [`${a}`, `${b}`], seed: `${seed}`, figure: figure([a, b], seed) });
  return runs;
}

describe('a full grid', () => {
  test('gives the table of a two-way analysis of variance, worked out by hand', () => {
    // Cells (2 seeds): 1 3 | 5 7 ; 2 4 | 10 12. Mean 5.5. Rows 4 and 7: 2·4·1.5² = 18. Columns 2.5 and 8.5: 72.
    // Cell means 2, 6, 3, 11: between = 2·(12.25 + 0.25 + 6.25 + 30.25) = 98, interaction 98 − 90 = 8.
    // Within: 4 · 2 = 8 with 4 degrees of freedom, so 2 each. Total 106. ε² = (SS − 2) / 106.
    const values = [
      [
        [1, 3],
        [5, 7],
      ],
      [
        [2, 4],
        [10, 12],
      ],
    ];
    const found = importance(
      ['Row', 'Column'],
      grid([2, 2], 2, ([a = 0, b = 0], seed) => values[a]?.[b]?.[seed] ?? NaN),
    );
    if (typeof found === 'string') throw new Error(found);
    expect(found.parts.map(({ label }) => label)).toEqual(['Column', 'Row', 'options together']);
    expect(found.parts[0]?.share).toBeCloseTo(70 / 106, 12);
    expect(found.parts[1]?.share).toBeCloseTo(16 / 106, 12);
    expect(found.parts[2]?.share).toBeCloseTo(6 / 106, 12);
    expect(found.chance).toBeCloseTo((8 + 3 * 2) / 106, 12);
    // F(1, 4) = 36, 9 and 4: R gives pf(c(36, 9, 4), 1, 4, lower.tail = FALSE).
    expect(found.parts[0]?.pValue).toBeCloseTo(0.003882537, 6);
    expect(found.parts[1]?.pValue).toBeCloseTo(0.03994198, 6);
    expect(found.parts[2]?.pValue).toBeCloseTo(0.1161165, 6);
    for (const { share, interval } of found.parts) {
      expect(interval?.low).toBeLessThanOrEqual(share);
      expect(interval?.high).toBeGreaterThan(share);
    }
  });

  test('of one seed has shares of the whole, without an interval', () => {
    const found = importance(
      ['Row', 'Column'],
      grid([2, 2], 1, ([a = 0, b = 0]) => 3 * a + 4 * b),
    );
    if (typeof found === 'string') throw new Error(found);
    expect(found).toMatchObject({ seeds: 1, experiments: 4, chance: null });
    // Squares 9 and 16, and nothing left for the two together.
    expect(found.parts.map(({ label, share }) => [label, Number(share.toFixed(3))])).toEqual([
      ['Column', 0.64],
      ['Row', 0.36],
      ['options together, and chance', 0],
    ]);
    expect(found.parts[0]?.interval).toBeNull();
  });

  test('finds nothing where there is nothing: the intervals hold 0 about as often as they say', () => {
    const random = xoroshiro128plus(7);
    let held = 0;
    const times = 200;
    for (let time = 0; time < times; time++) {
      const noise = normalValues(27, 1, random);
      let next = 0;
      const found = importance(
        ['A', 'B'],
        grid([3, 3], 3, () => noise[next++] ?? 0),
      );
      if (typeof found === 'string') throw new Error(found);
      if (found.parts.find(({ label }) => label === 'A')?.interval?.low === 0) held++;
    }
    // 97.5 % of them by their making; 4 standard errors below that are 93 %.
    expect(held / times).toBeGreaterThan(0.93);
    expect(held / times).toBeLessThan(1);
  });
});

describe('what is no full grid', () => {
  test('is told with what is missing', () => {
    const runs = grid([2, 3], 1, () => Math.PI).slice(1);
    expect(importance(['A', 'B'], runs)).toBe(
      'How much each option explains can be told of a full grid only: of 6 combinations of values 5 were trained.',
    );
  });

  test('combinations with more seeds than others are held by those that all have', () => {
    const whole = grid([2, 2], 3, ([a = 0, b = 0], seed) => 3 * a + b + seed ** 2);
    // The third seed of two combinations is not there: what is left is the grid of two seeds.
    const runs = whole.filter(({ values, seed }) => seed !== '2' || values[0] === '1');
    const found = importance(['A', 'B'], runs);
    if (typeof found === 'string') throw new Error(found);
    expect(found).toEqual({
      ...importanceOf(whole.filter(({ seed }) => seed !== '2')),
      leftOut: 2,
    });
    expect(found.seeds).toBe(2);
  });

  test('nor are combinations without a seed in common', () => {
    const runs = [
      { values: ['0'], seed: '0', figure: 1 },
      { values: ['1'], seed: '1', figure: 2 },
      { values: ['1'], seed: '2', figure: 3 },
    ];
    expect(importance(['A'], runs)).toContain('from 1 to 2');
  });
});

function importanceOf(runs: readonly SweepRun[]) {
  const found = importance(['A', 'B'], runs);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('one option alone', () => {
  test('gives the table of a one-way analysis of variance, as R has it', () => {
    // y <- c(1, 2, 3, 2, 4, 6, 7, 8, 12) in three groups of three; anova(lm(y ~ group)): sums of squares 78 and 24, F =
    // 9.75 on 2 and 6 degrees of freedom, p = 0.013027. ε² = (78 − 2 · 4) / 102.
    const values = [
      [1, 2, 3],
      [2, 4, 6],
      [7, 8, 12],
    ];
    const runs = values.flatMap((own, a) =>
      own.map((figure, seed) => ({ values: [`${a}`], seed: `${seed}`, figure })),
    );
    const found = importance(['Learning rate'], runs);
    if (typeof found === 'string') throw new Error(found);
    expect(found.parts).toHaveLength(1);
    expect(found.parts[0]?.share).toBeCloseTo(70 / 102, 12);
    expect(found.parts[0]?.pValue).toBeCloseTo(0.013027, 6);
    expect(found.chance).toBeCloseTo(32 / 102, 12);
  });
});

describe('the noncentral F distribution', () => {
  test('is the central one without noncentrality', () => {
    // R: pf(3, 2, 10).
    expect(noncentralF(3, 2, 10, 0)).toBeCloseTo(0.9046327, 6);
  });

  test.each([
    // R: pf(3, 2, 10, ncp = 4) and so on.
    [3, 2, 10, 4, 0.548967890764],
    [1, 3, 16, 0.5, 0.5146025083378],
    [5, 3, 16, 8, 0.707145291841],
    [20, 3, 16, 100, 0.0733441672168],
    [2, 1, 6, 1.5, 0.539770460091],
  ])('of f = %d with %d and %d degrees of freedom and noncentrality %d is %d', (f, one, other, ncp, p) => {
    expect(noncentralF(f, one, other, ncp)).toBeCloseTo(p, 8);
  });

  test('its interval holds the values that make what was seen neither too small nor too large', () => {
    const { low, high } = noncentralityInterval(5, 5, 100);
    expect(noncentralF(5, 5, 100, low)).toBeCloseTo(0.975, 8);
    expect(noncentralF(5, 5, 100, high)).toBeCloseTo(0.025, 8);
    // R: uniroot over ncp of pf(5, 5, 100, ncp) − 0.975, and − 0.025.
    expect(low).toBeCloseTo(5.35371313865, 6);
    expect(high).toBeCloseTo(45.27611107962, 6);
    expect(noncentralityInterval(0.5, 5, 100).low).toBe(0);
  });

  test('agrees with drawing: the ratio of a shifted to a central chi-square', () => {
    const random = xoroshiro128plus(3);
    const [freedom, within, shift] = [3, 12, 2.5];
    const draws = 20_000;
    const normals = normalValues(draws * (freedom + within), 1, random);
    let below = 0;
    for (let draw = 0; draw < draws; draw++) {
      const own = normals.subarray(draw * (freedom + within), (draw + 1) * (freedom + within));
      const over = own
        .subarray(0, freedom)
        .reduce((sum, z, at) => sum + (z + (at === 0 ? shift : 0)) ** 2, 0);
      const under = own.subarray(freedom).reduce((sum, z) => sum + z * z, 0);
      if (over / freedom / (under / within) <= 3) below++;
    }
    // Four standard errors of a share near 0.6.
    expect(Math.abs(below / draws - noncentralF(3, freedom, within, shift ** 2))).toBeLessThan(0.014);
  });
});
