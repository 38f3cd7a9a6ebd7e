import {
  hasNoScatter,
  holm,
  type Interval,
  mean,
  meanTest,
  standardDeviation,
  studentInterval,
} from '../analysis/statistics.ts';
import type { Claim, Figure } from './claims.ts';
import { figureOf, type StudyRun } from './figures.ts';
import type { Recipe } from './recipes.ts';

/** What came of a claim: it held, it did not show, or the contrary showed. */
export type Outcome = 'confirmed' | 'not confirmed' | 'opposite';

/** A claim, what came of it, and the figures it rests on. */
export interface JudgedClaim {
  readonly claim: Claim;
  readonly outcome: Outcome;
  /** What decides: the mean over seeds of a difference, a step, a lead, a range, or of the figure itself. */
  readonly value: number;
  /** Of that value; null where one seed stands behind it, and where no seed changes it. */
  readonly interval: Interval | null;
  /** Two-sided; null where the interval is. */
  readonly pValue: number | null;
  /** Several seeds stand behind the value, and it is the same with each. */
  readonly isSameForAll: boolean;
}

/** A recipe, what came of its claims, and so of its finding. */
export interface JudgedRecipe {
  readonly recipe: Recipe;
  readonly claims: readonly JudgedClaim[];
  /** Confirmed where all claims are; opposite where the contrary of one showed. */
  readonly outcome: Outcome;
  /** What its verdict rests on; null of one seed. */
  readonly chance: Chance | null;
}

/** How surely a finding is confirmed, or its opposite found, by itself and as one of many. */
export interface Chance {
  /** Two-sided, of this finding by itself: below 0.05 where, and only where, it is not "not confirmed". */
  readonly pValue: number;
  /** Corrected for all findings of the report (Holm). */
  readonly corrected: number;
}

/** p-values from here on may be chance. */
export const SIGNIFICANT = 0.05;

/** Two that are said to be alike within a distance are the contrary where they are more than so many times that apart. */
const CONTRARY_OF_ALIKE = 2;

/** That the mean of a value over seeds lies on one side of a margin. */
interface Statement {
  /** One a seed. */
  readonly values: readonly number[];
  readonly side: 'above' | 'below';
  readonly margin: number;
}

/** A claim as statements: it holds where all of `holds` do, and its contrary where one of `contrary` does. */
interface Raised {
  readonly claim: Claim;
  readonly holds: readonly Statement[];
  readonly contrary: readonly Statement[];
  /** From what the statements are about to what the claim speaks of. */
  readonly scale: (value: number) => number;
}

/**
 * Holds recipes against runs. Every claim comes down to statements that a mean over seeds lies beyond a margin, each
 * tested by Student's t to both sides: of differences the seeds are pairs, of a trend every step has to hold, of a best
 * the lead over every rival, of likeness both sides (two one-sided tests); what is a multiple is tested by its logarithm.
 * Since all claims of a finding have to hold, its p-value is the largest of theirs (an intersection of unions needs no
 * correction: R. L. Berger, 1982). An interval lies beyond the margin where, and only where, the p-value is below 0.05.
 *
 * Each finding is judged by itself, at 5 %, as replications are (Open Science Collaboration, Estimating the
 * reproducibility of psychological science, 2015): it was stated before the runs were made, and whether it holds does not
 * depend on how many others are asked about. What is left where all are corrected for each other stands beside it.
 *
 * Where no seed changes a figure, and of one seed, the figures themselves decide.
 * @param runsOf an experiment of an option string: a run a seed, in the order of the seeds.
 */
export function judge(
  recipes: readonly Recipe[],
  runsOf: (options: string) => readonly StudyRun[],
): JudgedRecipe[] {
  const judged = recipes.map((recipe) => {
    const raised = recipe.claims.map((claim) => raise(claim, recipe, runsOf));
    const claims = raised.map((one) => judgeClaim(one, raised.length));
    return { recipe, claims, outcome: together(claims.map(({ outcome }) => outcome)), p: pOfFinding(raised) };
  });
  const corrected = holm(judged.map(({ p }) => p));
  return judged.map(({ p, ...one }, index) => ({
    ...one,
    chance: p === null ? null : { pValue: p, corrected: corrected[index] ?? 1 },
  }));
}

function raise(claim: Claim, recipe: Recipe, runsOf: (options: string) => readonly StudyRun[]): Raised {
  function valuesOf(id: string, figure: Figure = claim.figure): readonly number[] {
    const experiment = recipe.experiments.find((one) => one.id === id);
    if (experiment === undefined) throw new Error(`Recipe ${recipe.id} has no experiment ${id}.`);
    return runsOf(experiment.options).map((run) => figureOf(figure, run));
  }
  function differences(from: string, to: string): readonly number[] {
    const before = valuesOf(from);
    return valuesOf(to).map((value, index) => value - (before[index] ?? NaN));
  }
  function plain(holds: readonly Statement[], contrary: readonly Statement[]): Raised {
    return { claim, holds, contrary, scale: itself };
  }
  switch (claim.kind) {
    case 'difference': {
      const values = differences(claim.from, claim.to);
      return claim.direction === 'rises'
        ? plain([above(values, claim.by)], [below(values, 0)])
        : plain([below(values, -claim.by)], [above(values, 0)]);
    }
    case 'multiple': {
      const before = valuesOf(claim.from);
      const values = valuesOf(claim.to).map((value, index) => Math.log(value / (before[index] ?? NaN)));
      const holds = [above(values, Math.log(claim.atLeast))];
      return { claim, holds, contrary: [below(values, 0)], scale: Math.exp };
    }
    case 'alike': {
      const values = differences(claim.from, claim.to);
      const far = CONTRARY_OF_ALIKE * claim.by;
      return plain(
        [above(values, -claim.by), below(values, claim.by)],
        [above(values, far), below(values, -far)],
      );
    }
    case 'limit': {
      // A multiple scatters evenly about its mean by its logarithm only.
      const [own, scale] = isMultiple(claim.figure) ? [Math.log, Math.exp] : [itself, itself];
      const values = valuesOf(claim.of).map(own);
      const [limit, far] = [own(claim.limit), own(claim.contrary)];
      return claim.side === 'above'
        ? { claim, holds: [above(values, limit)], contrary: [below(values, far)], scale }
        : { claim, holds: [below(values, limit)], contrary: [above(values, far)], scale };
    }
    case 'near': {
      const values = valuesOf(claim.of);
      const far = CONTRARY_OF_ALIKE * claim.within;
      return plain(
        [above(values, claim.value - claim.within), below(values, claim.value + claim.within)],
        [above(values, claim.value + far), below(values, claim.value - far)],
      );
    }
    case 'trend': {
      const steps = claim.along.slice(1).map((id, index) => differences(claim.along[index] ?? '', id));
      const whole = differences(claim.along[0] ?? '', claim.along.at(-1) ?? '');
      return claim.direction === 'rises'
        ? plain(
            steps.map((values) => above(values, -claim.slack)),
            [below(whole, 0)],
          )
        : plain(
            steps.map((values) => below(values, claim.slack)),
            [above(whole, 0)],
          );
    }
    case 'best': {
      const leads = recipe.experiments
        .filter(({ id }) => id !== claim.of)
        .map(({ id }) => differences(id, claim.of));
      return claim.side === 'highest'
        ? plain(
            leads.map((values) => above(values, 0)),
            leads.map((values) => below(values, 0)),
          )
        : plain(
            leads.map((values) => below(values, 0)),
            leads.map((values) => above(values, 0)),
          );
    }
    case 'spread': {
      const values = rangesOf(recipe.experiments.map(({ id }) => valuesOf(id)));
      return plain([above(values, claim.atLeast)], [below(values, claim.contrary)]);
    }
  }
}

function above(values: readonly number[], margin: number): Statement {
  return { values, side: 'above', margin };
}

function below(values: readonly number[], margin: number): Statement {
  return { values, side: 'below', margin };
}

/** How far apart the runs of one seed lie: a mean over seeds first would hide what the seeds do. */
function rangesOf(experiments: readonly (readonly number[])[]): readonly number[] {
  const [first = []] = experiments;
  return first.map((_, seed) => {
    const values = experiments.map((one) => one[seed] ?? NaN);
    return Math.max(...values) - Math.min(...values);
  });
}

function itself(value: number): number {
  return value;
}

/** Whether a figure says how many times as large one thing is as another. */
function isMultiple(figure: Figure): boolean {
  return figure === 'firstLayerMoves' || (typeof figure !== 'string' && figure.kind === 'noiseGrowth');
}

/** One-sided; null where one seed stands behind it, 1 where a value is no number. */
function pOf({ values, side, margin }: Statement): number | null {
  const test = meanTest(values, margin);
  if (test === null) return null;
  const p = test[side];
  return Number.isNaN(p) ? 1 : p;
}

/** Two-sided p-values of a claim and of its contrary; null where one seed stands behind them. */
function pValuesOf({
  holds,
  contrary,
}: Raised): { readonly holds: number; readonly contrary: number } | null {
  const [forIt, against] = [holds.map(pOf), contrary.map(pOf)].map((all) => all.filter((p) => p !== null));
  if (forIt === undefined || against === undefined || forIt.length === 0) return null;
  return {
    holds: 2 * Math.max(...forIt),
    contrary: 2 * chances(contrary) * Math.min(...against),
  };
}

/** So many chances the contrary has: those about one value exclude each other. */
function chances(contrary: readonly Statement[]): number {
  return new Set(contrary.map(({ values }) => values)).size;
}

/** Of all claims holding, or of the contrary of one having shown, whichever is surer; null of one seed. */
function pOfFinding(claims: readonly Raised[]): number | null {
  const all = claims.map(pValuesOf).filter((one) => one !== null);
  if (all.length === 0) return null;
  return Math.min(
    1,
    Math.max(...all.map(({ holds }) => holds)),
    claims.length * Math.min(...all.map(({ contrary }) => contrary)),
  );
}

/** @param claims of the finding: the contrary of any of them would do for its opposite. */
function judgeClaim(raised: Raised, claims: number): JudgedClaim {
  const { claim, holds, contrary, scale } = raised;
  const found = pValuesOf(raised);
  if (found === null) {
    const shown = holds.every(isSo) ? 'holds' : contrary.some(isSo) ? 'contrary' : 'neither';
    const decisive =
      shown === 'contrary' ? contrary.find(isSo) : holds.toSorted((one, other) => lead(one) - lead(other))[0];
    return {
      claim,
      outcome: shown === 'holds' ? 'confirmed' : shown === 'contrary' ? 'opposite' : 'not confirmed',
      value: scale(mean(decisive?.values ?? [])),
      interval: null,
      pValue: null,
      isSameForAll: false,
    };
  }
  const [pHolds, pContrary] = [found.holds, claims * found.contrary];
  const isOpposite = pContrary < SIGNIFICANT && pHolds >= SIGNIFICANT;
  const decisive = isOpposite
    ? lowest(contrary, (one) => pOf(one) ?? 1)
    : lowest(holds, (one) => -(pOf(one) ?? 1));
  const times = isOpposite ? claims * chances(contrary) : 1;
  const values = decisive?.values ?? [];
  const isSameForAll = hasNoScatter(values);
  const interval = isSameForAll ? null : studentInterval(values, 1 - SIGNIFICANT / times);
  return {
    claim,
    outcome: isOpposite ? 'opposite' : pHolds < SIGNIFICANT ? 'confirmed' : 'not confirmed',
    value: scale(mean(values)),
    interval:
      interval === null
        ? null
        : { low: scale(interval.low), high: scale(interval.high), level: interval.level },
    pValue: isSameForAll ? null : Math.min(1, isOpposite ? pContrary : pHolds),
    isSameForAll,
  };
}

function isSo({ values, side, margin }: Statement): boolean {
  return side === 'above' ? mean(values) > margin : mean(values) < margin;
}

/** How far a statement holds beyond its margin; least where its value is no number. */
function lead({ values, side, margin }: Statement): number {
  const beyond = (side === 'above' ? 1 : -1) * (mean(values) - margin);
  return Number.isNaN(beyond) ? -Infinity : beyond;
}

function lowest<Item>(items: readonly Item[], figure: (item: Item) => number): Item | undefined {
  return items.toSorted((one, other) => figure(one) - figure(other))[0];
}

function together(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('opposite')) return 'opposite';
  return outcomes.every((outcome) => outcome === 'confirmed') ? 'confirmed' : 'not confirmed';
}

/** Mean and, of two values or more, their standard deviation. */
export function meanAndDeviation(
  values: readonly number[],
): readonly [mean: number, deviation: number | null] {
  return [mean(values), standardDeviation(values)];
}
