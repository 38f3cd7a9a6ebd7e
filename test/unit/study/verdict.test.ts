import { expect, test } from 'vitest';
import type { Claim } from '../../../src-main/study/claims.ts';
import type { Recipe } from '../../../src-main/study/recipes.ts';
import { type ExperimentFigures, judge, type Outcome } from '../../../src-main/study/verdict.ts';

function figures(training: readonly number[]): ExperimentFigures {
  return { training, dev: training, variance: training, cost: training, firstLayerMoves: training };
}

/** The outcome of one claim about experiments a, b, c with these figures. */
function outcomeOf(claim: Claim, values: Readonly<Record<string, readonly number[]>>): Outcome | undefined {
  const recipe: Recipe = {
    id: 'test',
    title: 'Test',
    section: 'Model',
    finding: '',
    claims: [claim],
    experiments: Object.keys(values).map((id) => ({ id, label: id, options: id, reference: null })),
  };
  return judge([recipe], (id) => figures(values[id] ?? []))[0]?.outcome;
}

const rises: Claim = {
  kind: 'difference',
  figure: 'training',
  from: 'a',
  to: 'b',
  direction: 'rises',
  by: 0.1,
};

test('of one seed a difference is confirmed by its size, and the opposite by its sign', () => {
  expect(outcomeOf(rises, { a: [0.5], b: [0.65] })).toBe('confirmed');
  expect(outcomeOf(rises, { a: [0.5], b: [0.55] })).toBe('not confirmed');
  expect(outcomeOf(rises, { a: [0.5], b: [0.49] })).toBe('opposite');
  expect(outcomeOf({ ...rises, direction: 'falls' }, { a: [0.5], b: [0.3] })).toBe('confirmed');
});

test('of several seeds a difference has to be larger than chance', () => {
  expect(outcomeOf(rises, { a: [0.5, 0.51, 0.49], b: [0.7, 0.71, 0.7] })).toBe('confirmed');
  // As large in the mean, but once the other way round.
  expect(outcomeOf(rises, { a: [0.5, 0.9, 0.4], b: [0.9, 0.7, 0.8] })).toBe('not confirmed');
  expect(outcomeOf(rises, { a: [0.7, 0.71, 0.7], b: [0.5, 0.51, 0.49] })).toBe('opposite');
});

test('among many differences each has to be surer', () => {
  const values: Record<string, number[]> = { a: [0.5, 0.52, 0.48], b: [0.7, 0.66, 0.72] };
  const recipe: Recipe = {
    id: 'test',
    title: 'Test',
    section: 'Model',
    finding: '',
    claims: [rises],
    experiments: ['a', 'b'].map((id) => ({ id, label: id, options: id, reference: null })),
  };
  const alone = judge([recipe], (id) => figures(values[id] ?? []));
  expect(alone[0]?.outcome).toBe('confirmed');
  const among = judge(new Array<Recipe>(20).fill(recipe), (id) => figures(values[id] ?? []));
  expect(among[0]?.claims[0]?.pValue).toBeCloseTo(Math.min(1, 20 * (alone[0]?.claims[0]?.pValue ?? NaN)), 10);
  expect(among[0]?.outcome).toBe('not confirmed');
});

test('limits, likeness, trends, leads and spreads', () => {
  const limit: Claim = { kind: 'limit', figure: 'training', of: 'a', side: 'above', limit: 0.9 };
  expect(outcomeOf(limit, { a: [0.95] })).toBe('confirmed');
  expect(outcomeOf(limit, { a: [0.85] })).toBe('not confirmed');
  // The interval of the mean reaches below the limit.
  expect(outcomeOf(limit, { a: [0.99, 0.85, 0.95] })).toBe('not confirmed');
  const alike: Claim = { kind: 'alike', figure: 'training', from: 'a', to: 'b', by: 0.1 };
  expect(outcomeOf(alike, { a: [0.5], b: [0.55] })).toBe('confirmed');
  expect(outcomeOf(alike, { a: [0.5], b: [0.8] })).toBe('opposite');
  const trend: Claim = {
    kind: 'trend',
    figure: 'training',
    along: ['a', 'b', 'c'],
    direction: 'rises',
    slack: 0,
  };
  expect(outcomeOf(trend, { a: [0.1], b: [0.2], c: [0.3] })).toBe('confirmed');
  expect(outcomeOf(trend, { a: [0.1], b: [0.3], c: [0.2] })).toBe('not confirmed');
  const best: Claim = { kind: 'best', figure: 'training', of: 'b', side: 'lowest' };
  expect(outcomeOf(best, { a: [0.3], b: [0.1], c: [0.2] })).toBe('confirmed');
  expect(outcomeOf(best, { a: [0.05], b: [0.1], c: [0.2] })).toBe('not confirmed');
  const spread: Claim = { kind: 'spread', figure: 'training', atLeast: 0.1 };
  expect(outcomeOf(spread, { a: [0.3], b: [0.45] })).toBe('confirmed');
  expect(outcomeOf(spread, { a: [0.3], b: [0.35] })).toBe('not confirmed');
});

test('a figure that is no number confirms nothing', () => {
  expect(outcomeOf(rises, { a: [NaN], b: [0.6] })).toBe('not confirmed');
});
