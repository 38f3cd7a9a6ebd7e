import type { RunConfig } from '../../src-preload/contract/config.ts';
import {
  byExperiment,
  countedRuns,
  experimentKey,
  experimentNames,
  pairsOfSeeds,
} from '../../src-preload/contract/experiment.ts';
import { type FigureName, figures } from '../../src-preload/contract/figure.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { type Comparison, mean, pairedComparison, standardDeviation, welchComparison } from './statistics.ts';

/** A figure of one experiment over its seeds: equally long lists, at least one seed. */
export interface ExperimentSample {
  readonly name: string;
  readonly config: RunConfig;
  /** Those that count, one a seed. */
  readonly runs: readonly RunRecord[];
  readonly values: readonly number[];
  /** Whether the seeds are those that measured it again. */
  readonly isFresh: boolean;
}

/** A figure of several experiments, and the runs that are no part of it. */
export interface Samples {
  /** In the order of their first runs. */
  readonly samples: readonly ExperimentSample[];
  /** Runs of a seed that was trained again. */
  readonly repeated: number;
  /** Runs that an experiment was picked for, which was measured again since. */
  readonly picked: number;
  /** Runs whose figure is no number: a loss that broke down. */
  readonly broken: number;
}

/** A figure of runs, experiment by experiment; runs without it are left out. */
export function samplesOf(runs: readonly RunRecord[], figure: FigureName): Samples {
  const withFigure = runs.filter((run) => figures[figure].of(run) != null);
  const { counted, repeated, picked, fresh } = countedRuns(withFigure);
  const whole = counted.filter((run) => Number.isFinite(figures[figure].of(run)));
  const experiments = byExperiment(whole);
  const names = experimentNames(experiments);
  return {
    samples: experiments.flatMap((own, index) => {
      const [first] = own;
      return first === undefined
        ? []
        : [
            {
              name: names[index] ?? '',
              config: first.config,
              runs: own,
              values: own.map((run) => figures[figure].of(run) ?? NaN),
              isFresh: fresh.has(experimentKey(first)),
            },
          ];
    }),
    repeated,
    picked,
    broken: counted.length - whole.length,
  };
}

/** Mean and deviation of a sample as a record has them. */
export function momentsOf({ values }: ExperimentSample): { mean: number; sd: number | null } {
  return { mean: mean(values), sd: standardDeviation(values) };
}

/** The better one by a figure; the first of equals. */
export function bestOfSamples(
  samples: readonly ExperimentSample[],
  figure: FigureName,
): ExperimentSample | undefined {
  return samples.reduce<ExperimentSample | undefined>(
    (best, own) => (best === undefined || isBetter(mean(own.values), mean(best.values), figure) ? own : best),
    undefined,
  );
}

/** Whether the first of two values of a figure is the better one. */
export function isBetter(one: number, other: number, figure: FigureName): boolean {
  return figures[figure].better === 'higher' ? one > other : one < other;
}

/** A comparison, and the seeds that it pairs; null where it pairs none. */
export type SeededComparison = Comparison & { readonly pairs: number | null };

/** Two samples of a figure against each other: over the seeds that both have, else by Welch's test over all. */
export function compareSamples(
  figure: FigureName,
  against: ExperimentSample,
  own: ExperimentSample,
): SeededComparison {
  const pairs = pairsOfSeeds(against.runs, own.runs);
  if (pairs === null) return { ...welchComparison(against.values, own.values), pairs: null };
  function valuesAt(side: 0 | 1): number[] {
    return (pairs ?? []).map((pair) => figures[figure].of(pair[side]) ?? NaN);
  }
  return { ...pairedComparison(valuesAt(0), valuesAt(1)), pairs: pairs.length };
}
