import type { BestOf } from '../../src-preload/contract/analysis.ts';
import { experimentKey, pickedRuns, seedsText } from '../../src-preload/contract/experiment.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';
import { type FigureName, figures, figureText } from '../../src-preload/contract/figure.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { bestOfSamples, type ExperimentSample, isBetter, momentsOf, samplesOf } from './experiment-sample.ts';
import { mean, studentInterval } from './statistics.ts';

/** Experiments from which on the best of them was picked rather than found. */
const LEAST_PICKED = 3;

/**
 * The best of several experiments, and what is left of it with seeds that it was not picked for: these alone decide
 * what is called best. As long as none has any, it is the one with the best figure; null for fewer than three.
 */
export function bestOf(runs: readonly RunRecord[], figure: FigureName): BestOf | null {
  const picked = samplesOf(pickedRuns(runs), figure).samples;
  if (picked.length < LEAST_PICKED) return null;
  const keys = new Set(picked.map(experimentKey));
  const fresh = samplesOf(runs, figure).samples.filter((own) => own.isFresh && keys.has(experimentKey(own)));
  const again = bestOfSamples(fresh, figure);
  const best = pickedOf(again) ?? bestOfSamples(picked, figure);
  if (best === undefined) return null;
  const freshKeys = new Set(fresh.map(experimentKey));
  const other = bestOfSamples(
    picked.filter((own) => !freshKeys.has(experimentKey(own))),
    figure,
  );
  const rival =
    again === undefined || other === undefined || !isBetter(mean(other.values), mean(again.values), figure)
      ? undefined
      : other;
  return {
    name: best.name,
    runs: idsOf(best),
    experiments: picked.length,
    mean: mean(best.values),
    again:
      again === undefined
        ? null
        : {
            ...momentsOf(again),
            seeds: again.values.length,
            interval: studentInterval(again.values),
          },
    next: { name: (rival ?? best).name, runs: idsOf(rival ?? best) },
    sentence: sentenceOf({ best, again, rival, measured: fresh.length, of: picked.length, figure }),
  };

  function pickedOf(sample: ExperimentSample | undefined): ExperimentSample | undefined {
    return sample && picked.find((own) => experimentKey(own) === experimentKey(sample));
  }
}

function idsOf({ runs }: ExperimentSample): string[] {
  return runs.map(({ id }) => id);
}

interface Standing {
  readonly best: ExperimentSample;
  readonly again: ExperimentSample | undefined;
  readonly rival: ExperimentSample | undefined;
  /** Experiments with fresh seeds. */
  readonly measured: number;
  readonly of: number;
  readonly figure: FigureName;
}

function sentenceOf({ best, again, rival, measured, of, figure }: Standing): string {
  const { label, better } = figures[figure];
  const most = better === 'higher' ? 'highest' : 'lowest';
  function told(sample: ExperimentSample): string {
    return figureText(figure, mean(sample.values));
  }
  const seeds = seedsText(best.values.length);
  if (again === undefined) {
    return `${best.name} is the ${most} of ${of} with ${told(best)} ${label} (${seeds}). It was picked for that, chance included: measure it again with fresh seeds before calling it best.`;
  }
  const interval = studentInterval(again.values);
  const range =
    interval === null
      ? ''
      : ` (95 % interval ${figureText(figure, interval.low)} to ${figureText(figure, interval.high)})`;
  const reached = `with ${seedsText(again.values.length, true)} it reaches ${told(again)}${range}, and that is what to expect of it.`;
  const first =
    measured === 1
      ? `${best.name} is the ${most} of ${of} with ${told(best)} ${label} (${seeds}). It was picked for that, chance included; ${reached}`
      : `${best.name} is the ${most} of the ${counted(measured, 'experiment')} of ${of} that were measured again. It was picked for ${told(best)} ${label} (${seeds}), chance included; ${reached}`;
  return rival === undefined
    ? first
    : `${first} ${rival.name} was seen at ${told(rival)}, which is ${better}: measure it again too before calling either best.`;
}
