import { describe, expect, test } from 'vitest';
import type { Claim } from '../../../src-main/study/claims.ts';
import type { Recipe } from '../../../src-main/study/recipes.ts';
import { judge, type JudgedClaim, type Outcome } from '../../../src-main/study/verdict.ts';
import { studyRun } from './study-run.ts';

type Values = Readonly<Record<string, readonly number[]>>;

function recipeOf(claims: readonly Claim[], ids: readonly string[]): Recipe {
  return {
    id: 'test',
    title: 'Test',
    section: 'Model',
    finding: '',
    claims,
    experiments: ids.map((id) => ({ id, label: id, options: id, reference: null })),
    disagreements: [],
  };
}

/** What comes of a claim about experiments whose runs end with these training accuracies. */
function judged(claim: Claim, values: Values): JudgedClaim {
  const recipe = recipeOf([claim], Object.keys(values));
  const [first] = judge([recipe], (id) => (values[id] ?? []).map((value) => studyRun({ training: [value] })));
  const own = first?.claims[0];
  if (own === undefined) throw new Error('Nothing was judged.');
  return own;
}

const risesAtAll: Claim = {
  kind: 'difference',
  figure: 'training',
  from: 'a',
  to: 'b',
  direction: 'rises',
  by: 0,
};
const rises: Claim = { ...risesAtAll, by: 0.1 };
const trend: Claim = {
  kind: 'trend',
  figure: 'training',
  along: ['a', 'b', 'c'],
  direction: 'rises',
  slack: 0,
};
const alike: Claim = { kind: 'alike', figure: 'training', from: 'a', to: 'b', by: 0.1 };
const limit: Claim = { kind: 'limit', figure: 'training', of: 'a', side: 'above', limit: 0.9, contrary: 0.8 };
const near: Claim = { kind: 'near', figure: 'training', of: 'a', value: 0.5, within: 0.05 };
const best: Claim = { kind: 'best', figure: 'training', of: 'b', side: 'lowest' };
const spread: Claim = { kind: 'spread', figure: 'training', atLeast: 0.1, contrary: 0.02 };
const multiple: Claim = { kind: 'multiple', figure: 'training', from: 'a', to: 'b', atLeast: 2 };

describe('of one seed the figures themselves decide, without an interval or a p-value', () => {
  test.each<[string, Claim, Values, Outcome]>([
    ['a rise', rises, { a: [0.5], b: [0.65] }, 'confirmed'],
    ['a rise that is too small', rises, { a: [0.5], b: [0.55] }, 'not confirmed'],
    ['a fall instead', rises, { a: [0.5], b: [0.49] }, 'opposite'],
    ['a fall', { ...rises, direction: 'falls' }, { a: [0.5], b: [0.3] }, 'confirmed'],
    ['a limit', limit, { a: [0.95] }, 'confirmed'],
    ['a limit just missed', limit, { a: [0.85] }, 'not confirmed'],
    ['a limit far from it', limit, { a: [0.2] }, 'opposite'],
    ['a number', near, { a: [0.52] }, 'confirmed'],
    ['another number', near, { a: [0.9] }, 'opposite'],
    ['likeness', alike, { a: [0.5], b: [0.55] }, 'confirmed'],
    ['half a likeness', alike, { a: [0.5], b: [0.65] }, 'not confirmed'],
    ['no likeness', alike, { a: [0.5], b: [0.8] }, 'opposite'],
    ['a trend', trend, { a: [0.1], b: [0.2], c: [0.3] }, 'confirmed'],
    ['a trend with a step back', trend, { a: [0.1], b: [0.3], c: [0.2] }, 'not confirmed'],
    ['a trend down', trend, { a: [0.3], b: [0.2], c: [0.1] }, 'opposite'],
    ['the lowest', best, { a: [0.3], b: [0.1], c: [0.2] }, 'confirmed'],
    ['not the lowest', best, { a: [0.05], b: [0.1], c: [0.2] }, 'opposite'],
    ['a spread', spread, { a: [0.3], b: [0.45] }, 'confirmed'],
    ['hardly a spread', spread, { a: [0.3], b: [0.35] }, 'not confirmed'],
    ['no spread', spread, { a: [0.3], b: [0.31] }, 'opposite'],
    ['a multiple', multiple, { a: [0.2], b: [0.5] }, 'confirmed'],
    ['less than that multiple', multiple, { a: [0.2], b: [0.3] }, 'not confirmed'],
    ['less instead', multiple, { a: [0.2], b: [0.1] }, 'opposite'],
    ['no number', rises, { a: [NaN], b: [0.6] }, 'not confirmed'],
  ])('%s', (_name, claim, values, outcome) => {
    expect(judged(claim, values)).toMatchObject({ outcome, interval: null, pValue: null });
  });
});

describe('of several seeds the whole interval has to lie where it is claimed', () => {
  test.each<[string, Claim, Values, Outcome]>([
    ['a rise', rises, { a: [0.5, 0.51, 0.49], b: [0.7, 0.71, 0.7] }, 'confirmed'],
    // As large in the mean, but once the other way round.
    ['a rise by chance', rises, { a: [0.5, 0.9, 0.4], b: [0.9, 0.7, 0.8] }, 'not confirmed'],
    // Surely a rise, but not surely by ten points.
    ['a rise of about that size', rises, { a: [0.5, 0.5, 0.5], b: [0.6, 0.61, 0.63] }, 'not confirmed'],
    ['a fall instead', rises, { a: [0.7, 0.71, 0.7], b: [0.5, 0.51, 0.49] }, 'opposite'],
    ['a limit', limit, { a: [0.97, 0.98, 0.97] }, 'confirmed'],
    ['a limit that some seeds miss', limit, { a: [0.99, 0.85, 0.95] }, 'not confirmed'],
    ['a limit far from it', limit, { a: [0.2, 0.22, 0.19] }, 'opposite'],
    ['likeness', alike, { a: [0.5, 0.52, 0.48], b: [0.51, 0.52, 0.49] }, 'confirmed'],
    ['likeness that is not sure', alike, { a: [0.5, 0.6, 0.4], b: [0.5, 0.45, 0.52] }, 'not confirmed'],
    ['a trend', trend, { a: [0.1, 0.11, 0.1], b: [0.2, 0.22, 0.21], c: [0.3, 0.31, 0.3] }, 'confirmed'],
    // The means rise, by a tenth of a point.
    ['a trend by chance', trend, { a: [0.1, 0.2], b: [0.101, 0.201], c: [0.4, 0.1] }, 'not confirmed'],
    ['a trend down', trend, { a: [0.9, 0.91, 0.9], b: [0.2, 0.3, 0.1], c: [0.1, 0.12, 0.1] }, 'opposite'],
    ['the lowest', best, { a: [0.5, 0.51, 0.5], b: [0.1, 0.12, 0.1], c: [0.3, 0.33, 0.29] }, 'confirmed'],
    ['the lowest by chance', best, { a: [0.2, 0.3], b: [0.1, 0.35], c: [0.3, 0.4] }, 'not confirmed'],
    ['not the lowest', best, { a: [0.1, 0.12, 0.1], b: [0.4, 0.41, 0.4], c: [0.9, 0.8, 0.7] }, 'opposite'],
    // The means of a and b are the same: only single runs lie apart.
    ['a spread', spread, { a: [0.2, 0.4, 0.3], b: [0.4, 0.2, 0.52] }, 'confirmed'],
    ['no spread', spread, { a: [0.2, 0.2, 0.3], b: [0.201, 0.202, 0.302] }, 'opposite'],
    ['a multiple', multiple, { a: [0.1, 0.1, 0.11], b: [0.4, 0.41, 0.42] }, 'confirmed'],
  ])('%s', (_name, claim, values, outcome) => {
    const own = judged(claim, values);
    expect(own.outcome).toBe(outcome);
    expect(own.interval).not.toBeNull();
    expect(own.pValue).not.toBeNull();
  });
});

test('a difference without a margin has the p-value of the paired t test', () => {
  // Student's sleep data, t.test(extra ~ group, paired = TRUE) in R: t = 4.0621, df = 9, p = 0.002833.
  const a = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const b = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const own = judged(risesAtAll, { a, b });
  expect(own.value).toBeCloseTo(1.58, 10);
  expect(own.pValue).toBeCloseTo(0.002833, 6);
  expect(own.interval?.low).toBeCloseTo(0.7001142, 6);
  expect(own.interval?.high).toBeCloseTo(2.4598858, 6);
});

test('likeness is two one-sided tests', () => {
  // Differences of mean 0.01 and deviation 0.01: t = (0.1 − 0.01) / (0.01 / √3) = 15.588, and the farther side decides.
  const own = judged(alike, { a: [0.5, 0.5, 0.5], b: [0.5, 0.51, 0.52] });
  // 2 · pt(−15.588, 2) in R.
  expect(own.pValue).toBeCloseTo(0.0040902, 5);
});

test('each finding is judged by itself, and what is left of it among many stands beside it', () => {
  const values: Values = { a: [0.5, 0.52, 0.48], b: [0.7, 0.66, 0.72] };
  function judgedAmong(findings: number) {
    const recipe = recipeOf([risesAtAll], ['a', 'b']);
    const [first] = judge(new Array<Recipe>(findings).fill(recipe), (id) =>
      (values[id] ?? []).map((value) => studyRun({ training: [value] })),
    );
    if (first?.chance == null) throw new Error('Nothing was judged.');
    return { ...first, chance: first.chance };
  }
  const [alone, among] = [judgedAmong(1), judgedAmong(20)];
  expect(alone.chance.corrected).toBe(alone.chance.pValue);
  expect(alone.chance.pValue).toBe(alone.claims[0]?.pValue);
  expect(among.outcome).toBe('confirmed');
  expect(among.chance.pValue).toBe(alone.chance.pValue);
  expect(among.chance.corrected).toBeCloseTo(20 * alone.chance.pValue, 10);
  expect(among.claims[0]?.interval?.level).toBeCloseTo(0.95, 12);
});

test('a multiple is tested by its logarithm: no interval of one reaches below zero', () => {
  const moves: Claim = { ...limit, figure: 'firstLayerMoves', limit: 3, contrary: 1 };
  const recipe = recipeOf([moves], ['a']);
  const [found] = judge([recipe], () => [5, 6, 80].map((times) => studyRun({}, { moved: [times, 1] })));
  const [own] = found?.claims ?? [];
  // exp(2.5945 ± 4.3027 · 1.5507 / √3) of their logarithms, 4.3027 being the quantile of t at 97.5 % with df = 2.
  expect(own?.value).toBeCloseTo(Math.cbrt(5 * 6 * 80), 10);
  expect(own?.interval?.low).toBeCloseTo(0.2843, 3);
  expect(own?.interval?.high).toBeCloseTo(630.6, 0);
});

test('an interval says the same as its p-value, whatever the figures', () => {
  const claims: readonly Claim[] = [{ ...rises, by: 0.1 }, limit, spread];
  let [sure, unsure] = [0, 0];
  for (let step = 1; step <= 60; step++) {
    const shift = step / 60;
    const values = { a: [0.3 + shift, 0.35 + shift, 0.28 + shift], b: [0.9, 0.97, 0.84 + shift / 10] };
    for (const claim of claims) {
      const { outcome, interval, pValue } = judged(claim, values);
      if (outcome === 'opposite' || interval === null || pValue === null) continue;
      const margin = claim.kind === 'limit' ? 0.9 : 0.1;
      expect(interval.low > margin, JSON.stringify({ claim, shift })).toBe(pValue < 0.05);
      if (pValue < 0.05) sure++;
      else unsure++;
    }
  }
  expect(sure).toBeGreaterThan(10);
  expect(unsure).toBeGreaterThan(10);
});

test('a finding holds where all of its claims do, and is the opposite where the contrary of one showed', () => {
  const values: Values = { a: [0.3], b: [0.6] };
  function finding(...claims: readonly Claim[]): Outcome | undefined {
    return judge([recipeOf(claims, ['a', 'b'])], (id) =>
      (values[id] ?? []).map((value) => studyRun({ training: [value] })),
    )[0]?.outcome;
  }
  expect(finding(rises, { ...limit, limit: 0.2 })).toBe('confirmed');
  expect(finding(rises, { ...rises, by: 0.5 })).toBe('not confirmed');
  expect(finding(rises, limit)).toBe('opposite');
});

test('what no seed changes decides by itself, without an interval or a p-value', () => {
  const same = { interval: null, pValue: null, isSameForAll: true };
  expect(judged(limit, { a: [1, 1, 1] })).toMatchObject({ ...same, outcome: 'confirmed', value: 1 });
  expect(judged(limit, { a: [0.85, 0.85, 0.85] })).toMatchObject({ ...same, outcome: 'not confirmed' });
  expect(judged(limit, { a: [0.5, 0.5, 0.5] })).toMatchObject({ ...same, outcome: 'opposite', value: 0.5 });
  // No difference is no rise.
  expect(judged(risesAtAll, { a: [0.5, 0.6], b: [0.5, 0.6] })).toMatchObject({
    ...same,
    outcome: 'not confirmed',
  });
});

test('of steps that no seed changes one the wrong way is no trend, however sure the others are', () => {
  const values = { a: [0.1, 0.11, 0.1], b: [0.4, 0.41, 0.4], c: [0.3, 0.31, 0.3] };
  expect(judged(trend, values).outcome).toBe('not confirmed');
});
