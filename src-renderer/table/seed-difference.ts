import type { RunRow } from '../../src-preload/contract/api.ts';
import { pairsOfSeeds } from '../../src-preload/contract/experiment.ts';
import { spreadOf } from '../../src-preload/contract/spread.ts';
import { studentT975 } from '../charts/student-t.ts';

/** How much a figure of one experiment is above that of another, and whether seeds alone may do as much. */
export interface SeedDifference {
  readonly value: number;
  /** `sure` where the 95 % interval of the difference leaves out 0; it has none where one seed stands behind either. */
  readonly certainty: 'sure' | 'within the noise' | 'one seed';
}

/** Chance from which on a difference may be seeds alone. */
const CHANCE = 0.05;

/**
 * A figure of the second runs minus that of the first: over the seeds that both have (paired t interval), else of the
 * means (B. L. Welch, 1947), as the analysis of runs has it. Where nothing scatters, counting is left: the sign test,
 * and the permutation test.
 * @param first one run a seed, and so the second.
 * @returns undefined where either has no such figure.
 */
export function seedDifference(
  first: readonly RunRow[],
  second: readonly RunRow[],
  figure: (run: RunRow) => unknown,
): SeedDifference | undefined {
  function valueOf(run: RunRow): number {
    const value = figure(run);
    return typeof value === 'number' ? value : NaN;
  }
  function hasFigure(run: RunRow): boolean {
    return Number.isFinite(valueOf(run));
  }
  const [before, after] = [first.filter(hasFigure), second.filter(hasFigure)];
  const pairs = pairsOfSeeds(before, after);
  return pairs === null
    ? ofMeans(before.map(valueOf), after.map(valueOf))
    : ofPairs(pairs.map(([one, other]) => valueOf(other) - valueOf(one)));
}

function ofPairs(differences: readonly number[]): SeedDifference | undefined {
  const spread = spreadOf(differences);
  if (spread?.sd === undefined) return undefined;
  const { mean: value, sd, count } = spread;
  // Equal differences may come out unequal in their last digits.
  if (sd <= 1e-12 * Math.abs(value)) return { value, certainty: certaintyOf(2 * 0.5 ** count < CHANCE) };
  return {
    value,
    certainty: certaintyOf(Math.abs(value) > (studentT975(count - 1) * sd) / Math.sqrt(count)),
  };
}

function ofMeans(before: readonly number[], after: readonly number[]): SeedDifference | undefined {
  const [one, other] = [spreadOf(before), spreadOf(after)];
  if (one === undefined || other === undefined) return undefined;
  const value = other.mean - one.mean;
  if (one.sd === undefined || other.sd === undefined) return { value, certainty: 'one seed' };
  const [a, b] = [one.sd ** 2 / one.count, other.sd ** 2 / other.count];
  if (a + b === 0) {
    const ways = waysToChoose(one.count, one.count + other.count);
    return { value, certainty: certaintyOf(value !== 0 && 2 / ways < CHANCE) };
  }
  const freedom = (a + b) ** 2 / (a ** 2 / (one.count - 1) + b ** 2 / (other.count - 1));
  // The next whole degrees below have the wider interval.
  const half = studentT975(Math.max(1, Math.floor(freedom))) * Math.sqrt(a + b);
  return { value, certainty: certaintyOf(Math.abs(value) > half) };
}

function certaintyOf(isSure: boolean): SeedDifference['certainty'] {
  return isSure ? 'sure' : 'within the noise';
}

function waysToChoose(some: number, of: number): number {
  let ways = 1;
  for (let index = 1; index <= some; index++) ways *= (of - some + index) / index;
  return ways;
}
