import type {
  ComparedExperiment,
  LearningCurve,
  RunSetAnalysis,
} from '../../src-preload/contract/analysis.ts';
import { configDifferences, optionOf } from '../../src-preload/contract/config.ts';
import {
  experimentKey,
  experimentOptions,
  leftOutSentences,
  pickedRuns,
  seedsOf,
  seedsText,
} from '../../src-preload/contract/experiment.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';
import {
  DEFAULT_FIGURE,
  differenceText,
  type FigureName,
  figures,
  figureText,
  sizeText,
} from '../../src-preload/contract/figure.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { bestOf } from './best-of.ts';
import { contributions } from './contributions.ts';
import {
  bestOfSamples,
  compareSamples,
  type ExperimentSample,
  momentsOf,
  type Samples,
  samplesOf,
} from './experiment-sample.ts';
import { importance } from './importance.ts';
import { learningCurve } from './learning-curve.ts';
import { holm, LEVEL, standardDeviation, studentInterval } from './statistics.ts';

/** Values of one option from which on it is told that one seed each does not say what the option explains. */
const LEAST_SWEPT = 3;

/**
 * What runs say together: which differences are larger than what seeds do, what each option explains of a sweep, what
 * each piece of an ablation is worth, what is left of the best when it is measured again, and whether more images would
 * help. By one figure; runs without it are left out, and so is what is said of them in the sentences.
 * @param options.baseline id of a run that the others are held against; the best where there is none.
 */
export function analyseRunSet(
  runs: readonly RunRecord[],
  {
    baseline,
    figure = DEFAULT_FIGURE,
  }: { readonly baseline?: string | undefined; readonly figure?: FigureName | undefined } = {},
): RunSetAnalysis {
  const found = samplesOf(runs, figure);
  const { samples } = found;
  const noise = pooledDeviation(samples);
  const leftOut = leftOutOf(found, figure);
  const [only] = samples;
  if (only === undefined || samples.length === 1) {
    return {
      figure,
      experiments: only === undefined ? [] : [compared(only, null)],
      against: null,
      noise,
      sentences: [
        only === undefined
          ? `None of these runs has a ${figures[figure].label} yet.`
          : repeatSentence(only, noise, figure),
        ...leftOut,
      ],
      importance: null,
      noImportance: null,
      contributions: null,
      best: null,
      learningCurve: null,
    };
  }
  const asked = runs.find(({ id }) => id === baseline);
  const against =
    (asked && samples.find((own) => experimentKey(own) === experimentKey(asked))) ??
    bestOfSamples(samples, figure) ??
    only;
  const rows = heldAgainst(samples, against, figure);
  const curve = learningCurveOf(
    figure === DEFAULT_FIGURE ? samples : samplesOf(runs, DEFAULT_FIGURE).samples,
  );
  const pieces = contributions(samples, figure);
  const explained =
    curve === null
      ? importanceOf(samplesOf(pickedRuns(runs), figure).samples, pieces === null ? 1 : pieces.pieces.length)
      : null;
  return {
    figure,
    experiments: rows,
    against: against.name,
    noise,
    sentences: [...noiseSentences(rows, against, noise, figure), ...leftOut],
    importance: typeof explained === 'string' ? null : explained,
    noImportance: typeof explained === 'string' ? explained : null,
    contributions: pieces,
    best: curve === null ? bestOf(runs, figure) : null,
    learningCurve: curve,
  };
}

function leftOutOf({ broken, ...others }: Samples, figure: FigureName): string[] {
  return [
    ...leftOutSentences(others),
    ...(broken === 0
      ? []
      : [
          `The ${figures[figure].label} of ${counted(broken, 'run')} broke down and is no number: what is said here is said of the others.`,
        ]),
  ];
}

function compared(own: ExperimentSample, difference: ComparedExperiment['difference']): ComparedExperiment {
  return {
    name: own.name,
    runs: own.runs.map(({ id }) => id),
    isFresh: own.isFresh,
    ...momentsOf(own),
    difference,
  };
}

function heldAgainst(
  samples: readonly ExperimentSample[],
  against: ExperimentSample,
  figure: FigureName,
): ComparedExperiment[] {
  const others = samples.filter((own) => own !== against);
  const comparisons = others.map((own) => compareSamples(figure, against, own));
  const corrected = holm(comparisons.map(({ pValue }) => pValue));
  return samples.map((own) => {
    const at = others.indexOf(own);
    const comparison = comparisons[at];
    if (comparison === undefined) return compared(own, null);
    const { difference, interval, effectSize, method, pairs } = comparison;
    const pValue = corrected[at] ?? null;
    return compared(own, {
      value: difference,
      interval,
      pValue,
      effectSize,
      method,
      pairs,
      verdict:
        pValue === null
          ? 'one seed'
          : pValue >= 1 - LEVEL
            ? 'within the noise'
            : difference > 0
              ? 'higher'
              : 'lower',
    });
  });
}

/** The standard deviation within experiments, each counting by its degrees of freedom. */
function pooledDeviation(samples: readonly ExperimentSample[]): number | null {
  let [squares, freedom] = [0, 0];
  for (const { values } of samples) {
    const deviation = standardDeviation(values);
    if (deviation === null) continue;
    squares += deviation ** 2 * (values.length - 1);
    freedom += values.length - 1;
  }
  return freedom === 0 ? null : Math.sqrt(squares / freedom);
}

function repeatSentence(own: ExperimentSample, noise: number | null, figure: FigureName): string {
  const interval = studentInterval(own.values);
  if (noise === null || interval === null) {
    return 'One seed stands behind this experiment: how far others would lie from it is not known.';
  }
  return `Seeds alone spread ${figures[figure].label} by ${sizeText(figure, noise)} (standard deviation of ${seedsText(own.values.length)}); its mean lies between ${figureText(figure, interval.low)} and ${figureText(figure, interval.high)} with 95 % confidence. A difference to another experiment that is not larger says nothing.`;
}

function noiseSentences(
  rows: readonly ComparedExperiment[],
  { name }: ExperimentSample,
  noise: number | null,
  figure: FigureName,
): string[] {
  if (noise === null) {
    return [
      'One seed stands behind each experiment: part of any difference is chance, and nothing here says how large a part. Train each with several seeds.',
    ];
  }
  const within = rows.filter(({ difference }) => difference?.verdict === 'within the noise');
  const told = rows.filter(
    ({ difference }) => difference?.verdict === 'higher' || difference?.verdict === 'lower',
  );
  const single = rows.filter(({ difference }) => difference?.verdict === 'one seed');
  const sentences = [
    `Seeds alone spread ${figures[figure].label} by ${sizeText(figure, noise)} (standard deviation within experiments).`,
  ];
  if (told.length > 0) {
    sentences.push(
      `${listed(told)} ${told.length === 1 ? 'differs' : 'differ'} from ${name} by more than seeds do.`,
    );
  }
  for (const { name: other, difference } of within.slice(0, 3)) {
    if (difference == null) continue;
    const { interval, value } = difference;
    const why =
      interval === null
        ? 'it is the same in too few seeds to be told from chance'
        : `seeds alone do as much (95 % interval ${differenceText(figure, interval.low)} to ${differenceText(figure, interval.high)})`;
    const where = `lies ${sizeText(figure, Math.abs(value))} ${value > 0 ? 'above' : 'below'}`;
    sentences.push(
      value === 0
        ? `${other} has the same ${figures[figure].label} as ${name}.`
        : `${other} ${where} ${name}, but ${why}: this difference says nothing.`,
    );
  }
  if (within.length > 3) {
    sentences.push(`So it is with ${counted(within.length - 3, 'more experiment')}.`);
  }
  if (single.length > 0) {
    sentences.push(`Nothing can be said of ${listed(single)}: one seed stands behind it, or behind ${name}.`);
  }
  return sentences;
}

function listed(rows: readonly ComparedExperiment[]): string {
  const names = rows.slice(0, 5).map(({ name }) => name);
  const more = rows.length > 5 ? ` and ${rows.length - 5} more` : '';
  return `${names.join(', ')}${more}`;
}

/** The options in which experiments differ. */
function differingOptions(samples: readonly ExperimentSample[]) {
  return configDifferences(samples.map(({ config }) => config)).filter(({ key }) =>
    experimentOptions.includes(key),
  );
}

/**
 * Of the options that differ, how much each explains.
 * @param pieces of an ablation; 1 where it is none.
 */
function importanceOf(samples: readonly ExperimentSample[], pieces: number) {
  const differing = differingOptions(samples);
  if (differing.length === 0 || pieces > 1) return null;
  // One option at a time away from a whole was never meant to be a grid.
  const changes = differing.reduce((sum, { values }) => sum + new Set(values).size - 1, 0);
  if (differing.length > 1 && samples.length === changes + 1) return null;
  if (differing.length === 1 && samples.every(({ values }) => values.length === 1)) {
    return samples.length < LEAST_SWEPT
      ? null
      : `How much ${differing[0]?.label ?? ''} explains cannot be told from chance with one seed each: train every value of it with several.`;
  }
  return importance(
    differing.map(({ label }) => label),
    samples.flatMap(({ config, runs, values }) =>
      runs.map((run, index) => ({
        values: differing.map(({ key }) => optionOf(key).print(config[key])),
        seed: seedsOf(run),
        figure: values[index] ?? NaN,
      })),
    ),
  );
}

/** Where experiments differ in the share of the training images alone they are a learning curve. */
function learningCurveOf(samples: readonly ExperimentSample[]): LearningCurve | null {
  const [option, ...others] = differingOptions(samples);
  if (option?.key !== 'trainingShare' || others.length > 0) return null;
  return learningCurve(
    samples.map(({ runs, values }) => ({ images: runs[0]?.samples?.training ?? 0, accuracies: values })),
    samples[0]?.runs[0]?.samples?.dev ?? 0,
  );
}
