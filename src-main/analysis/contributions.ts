import { pieceLeftOut } from '../../src-preload/contract/ablation.ts';
import type { Contributions } from '../../src-preload/contract/analysis.ts';
import { type OptionKey, optionOf } from '../../src-preload/contract/config.ts';
import { type FigureName, figures } from '../../src-preload/contract/figure.ts';
import { compareSamples, type ExperimentSample, momentsOf } from './experiment-sample.ts';
import { holm, LEVEL } from './statistics.ts';

/**
 * What each piece of a configuration is worth, by experiments that are one whole and the same without one piece each;
 * null of any others. A piece that makes the figure better contributes above 0, also to a loss.
 */
export function contributions(
  samples: readonly ExperimentSample[],
  figure: FigureName,
): Contributions | null {
  const found = ablationOf(samples);
  if (found === null) return null;
  const { whole, pieces } = found;
  const comparisons = pieces.map(({ sample }) => compareSamples(figure, sample, whole));
  const corrected = holm(comparisons.map(({ pValue }) => pValue));
  // Lower is better of some figures: what a piece takes away from them is what it adds.
  const sign = figures[figure].better === 'higher' ? 1 : -1;
  return {
    whole: whole.name,
    ...momentsOf(whole),
    seeds: whole.values.length,
    pieces: pieces
      .map(({ key, sample }, index) => {
        const { difference = NaN, interval = null, pairs = null } = comparisons[index] ?? {};
        const pValue = corrected[index] ?? null;
        const contribution = sign * difference;
        const option = optionOf(key);
        return {
          label: option.label,
          on: option.print(whole.config[key]),
          off: option.print(sample.config[key]),
          runs: sample.runs.map(({ id }) => id),
          ...momentsOf(sample),
          contribution,
          interval:
            interval === null || sign === 1
              ? interval
              : { low: -interval.high, high: -interval.low, level: interval.level },
          pValue,
          pairs,
          verdict: verdictOf(contribution, pValue),
        };
      })
      .sort((one, other) => other.contribution - one.contribution),
  };
}

function verdictOf(contribution: number, pValue: number | null): Contributions['pieces'][number]['verdict'] {
  if (pValue === null) return 'one seed';
  if (pValue >= 1 - LEVEL) return 'within the noise';
  return contribution > 0 ? 'helps' : 'harms';
}

interface Ablation {
  readonly whole: ExperimentSample;
  readonly pieces: readonly { readonly key: OptionKey; readonly sample: ExperimentSample }[];
}

function ablationOf(samples: readonly ExperimentSample[]): Ablation | null {
  if (samples.length < 2) return null;
  for (const whole of samples) {
    const others = samples.filter((own) => own !== whole);
    const pieces = others.flatMap((sample) => {
      const key = pieceLeftOut(whole.config, sample.config);
      return key === null ? [] : [{ key, sample }];
    });
    if (pieces.length === others.length) return { whole, pieces };
  }
  return null;
}
