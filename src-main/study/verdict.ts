import {
  type Comparison,
  holm,
  type Interval,
  mean,
  pairedComparison,
  standardDeviation,
  studentInterval,
} from '../analysis/statistics.ts';
import type { Claim, Figure } from './claims.ts';
import type { Recipe } from './recipes.ts';

/** Figures of one experiment, a value for each seed, in the order of the seeds. */
export type ExperimentFigures = Readonly<Record<Figure, readonly number[]>>;

/** What came of a claim: it held, it did not show, or a difference showed the other way round. */
export type Outcome = 'confirmed' | 'not confirmed' | 'opposite';

/** A claim, what came of it, and the figures it rests on. */
export interface JudgedClaim {
  readonly claim: Claim;
  readonly outcome: Outcome;
  /** The mean that decides: a difference for claims of two experiments, else the figure itself. */
  readonly value: number;
  /** Of that value; null where one seed stands behind it. */
  readonly interval: Interval | null;
  /** Corrected for all differences of the report (Holm); null where one seed stands behind it, or nothing is tested. */
  readonly pValue: number | null;
}

export interface JudgedRecipe {
  readonly recipe: Recipe;
  readonly claims: readonly JudgedClaim[];
  /** Confirmed where all claims are; opposite where the contrary of one is. */
  readonly outcome: Outcome;
}

/** Differences with a corrected p-value from here on may be chance. */
const SIGNIFICANT = 0.05;

interface Raised {
  readonly claim: Claim;
  readonly comparison: Comparison | null;
  readonly value: number;
  readonly interval: Interval | null;
}

/**
 * Holds recipes against figures.
 * @param figuresOf of an experiment's option string.
 */
export function judge(
  recipes: readonly Recipe[],
  figuresOf: (options: string) => ExperimentFigures,
): JudgedRecipe[] {
  const raised = recipes.map((recipe) => ({
    recipe,
    claims: recipe.claims.map((claim) => raise(claim, recipe, figuresOf)),
  }));
  const tested = raised.flatMap(({ claims }) =>
    claims.flatMap((one) => (one.comparison?.pValue == null ? [] : [{ one, p: one.comparison.pValue }])),
  );
  const corrected = holm(tested.map(({ p }) => p));
  const pOf = new Map(tested.map(({ one }, index) => [one, corrected[index] ?? 1]));
  return raised.map(({ recipe, claims }) => {
    const judged = claims.map((one): JudgedClaim => {
      const pValue = pOf.get(one) ?? null;
      const { claim, value, interval } = one;
      return { claim, value, interval, pValue, outcome: outcomeOf(one, pValue) };
    });
    return { recipe, claims: judged, outcome: together(judged.map(({ outcome }) => outcome)) };
  });
}

function raise(claim: Claim, recipe: Recipe, figuresOf: (options: string) => ExperimentFigures): Raised {
  function valuesOf(id: string): readonly number[] {
    const experiment = recipe.experiments.find((one) => one.id === id);
    if (experiment === undefined) throw new Error(`Recipe ${recipe.id} has no experiment ${id}.`);
    return figuresOf(experiment.options)[claim.figure];
  }
  switch (claim.kind) {
    case 'difference':
    case 'alike': {
      const comparison = pairedComparison(valuesOf(claim.from), valuesOf(claim.to));
      const { difference: value, interval } = comparison;
      return { claim, comparison: claim.kind === 'difference' ? comparison : null, value, interval };
    }
    case 'limit': {
      const values = valuesOf(claim.of);
      return { claim, comparison: null, value: mean(values), interval: studentInterval(values) };
    }
    case 'trend': {
      const means = claim.along.map((id) => mean(valuesOf(id)));
      const sign = claim.direction === 'rises' ? 1 : -1;
      const steps = means.slice(1).map((value, index) => sign * (value - (means[index] ?? NaN)));
      return { claim, comparison: null, value: Math.min(...steps), interval: null };
    }
    case 'best': {
      const sign = claim.side === 'highest' ? 1 : -1;
      const others = recipe.experiments
        .filter(({ id }) => id !== claim.of)
        .map(({ id }) => sign * mean(valuesOf(id)));
      return {
        claim,
        comparison: null,
        value: sign * mean(valuesOf(claim.of)) - Math.max(...others),
        interval: null,
      };
    }
    case 'spread': {
      const means = recipe.experiments.map(({ id }) => mean(valuesOf(id)));
      return { claim, comparison: null, value: Math.max(...means) - Math.min(...means), interval: null };
    }
  }
}

function outcomeOf({ claim, value, interval }: Raised, pValue: number | null): Outcome {
  if (Number.isNaN(value)) return 'not confirmed';
  switch (claim.kind) {
    case 'difference': {
      const towards = claim.direction === 'rises' ? value : -value;
      const isSure = pValue === null || pValue < SIGNIFICANT;
      if (towards > 0 && towards >= claim.by && isSure) return 'confirmed';
      return towards < 0 && isSure ? 'opposite' : 'not confirmed';
    }
    case 'alike': {
      const [low, high] = interval === null ? [value, value] : [interval.low, interval.high];
      if (low >= -claim.by && high <= claim.by) return 'confirmed';
      return low > claim.by || high < -claim.by ? 'opposite' : 'not confirmed';
    }
    case 'limit': {
      const [low, high] = interval === null ? [value, value] : [interval.low, interval.high];
      const isBeyond = claim.side === 'above' ? low > claim.limit : high < claim.limit;
      return isBeyond ? 'confirmed' : 'not confirmed';
    }
    case 'trend':
      return value >= -claim.slack ? 'confirmed' : 'not confirmed';
    case 'best':
      return value > 0 ? 'confirmed' : 'not confirmed';
    case 'spread':
      return value >= claim.atLeast ? 'confirmed' : 'not confirmed';
  }
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
