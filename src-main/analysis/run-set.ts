import type {
  BestOf,
  ComparedExperiment,
  LearningCurve,
  RunSetAnalysis,
} from '../../src-preload/contract/analysis.ts';
import { configDifferences, optionOf } from '../../src-preload/contract/config.ts';
import type { Finding } from '../../src-preload/contract/diagnosis.ts';
import { byExperiment, experimentName, MEASURED_AGAIN } from '../../src-preload/contract/experiment.ts';
import { counted, percentText } from '../../src-preload/contract/figure-text.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { importance } from './importance.ts';
import { learningCurve } from './learning-curve.ts';
import {
  type Comparison,
  holm,
  LEVEL,
  mean,
  pairedComparison,
  standardDeviation,
  studentInterval,
  welchComparison,
} from './statistics.ts';

/** Experiments from which on the highest of them was picked rather than found. */
const LEAST_PICKED = 3;

/** A run with its accuracy on the dev part after its last epoch. */
interface Measured {
  readonly run: RunRecord;
  readonly config: RunRecord['config'];
  readonly accuracy: number;
}

/**
 * What runs say together: which differences are larger than what seeds do, what each option explains of a sweep, what
 * is left of the highest when it is measured again, whether more images would help, and what holds back all repeats of
 * one experiment. By the accuracy on the dev part; runs without it are left out.
 * @param baseline id of a run that the others are held against; the highest where there is none.
 * @param diagnosed what was found in each run, by id.
 */
export function analyseRunSet(
  runs: readonly RunRecord[],
  baseline: string | undefined,
  diagnosed: (run: RunRecord) => readonly Finding[],
): RunSetAnalysis {
  const measured = runs.flatMap((run): Measured[] =>
    run.last?.dev == null ? [] : [{ run, config: run.config, accuracy: run.last.dev.accuracy }],
  );
  const experiments = byExperiment(measured);
  const [only] = experiments;
  const noise = pooledDeviation(experiments);
  if (only === undefined || experiments.length === 1) {
    return {
      experiments: only === undefined ? [] : [compared(only, null)],
      against: null,
      noise,
      sentences: only === undefined ? [] : [repeatSentence(only, noise)],
      importance: null,
      noImportance: null,
      best: null,
      learningCurve: null,
      findings: only === undefined ? [] : commonFindings(only, diagnosed),
    };
  }
  const against =
    experiments.find((own) => own.some(({ run }) => run.id === baseline)) ?? highest(experiments);
  const rows = heldAgainst(experiments, against);
  const curve = learningCurveOf(experiments);
  const explained = curve === null ? importanceOf(measured) : null;
  return {
    experiments: rows,
    against: nameOf(against),
    noise,
    sentences: noiseSentences(rows, against, noise),
    importance: typeof explained === 'string' ? null : explained,
    noImportance: typeof explained === 'string' ? explained : null,
    best: curve === null && experiments.length >= LEAST_PICKED ? bestOf(experiments) : null,
    learningCurve: curve,
    findings: [],
  };
}

function nameOf(own: readonly Measured[]): string {
  return experimentName(own[0]?.run.name ?? '');
}

function accuracies(own: readonly Measured[]): number[] {
  return own.map(({ accuracy }) => accuracy);
}

function highest(experiments: readonly Measured[][]): Measured[] {
  return experiments.reduce((best, own) => (mean(accuracies(own)) > mean(accuracies(best)) ? own : best));
}

/** Over equal seeds a comparison is paired: what a seed does to both then cancels out. */
function comparisonOf(against: readonly Measured[], own: readonly Measured[]): Comparison {
  const bySeed = new Map(against.map((one) => [seedsOf(one), one.accuracy]));
  const pairs = own.flatMap((one) => {
    const other = bySeed.get(seedsOf(one));
    return other === undefined ? [] : [{ other, own: one.accuracy }];
  });
  const isPaired =
    bySeed.size === against.length && pairs.length === own.length && own.length === against.length;
  return isPaired
    ? pairedComparison(
        pairs.map(({ other }) => other),
        pairs.map((pair) => pair.own),
      )
    : welchComparison(accuracies(against), accuracies(own));
}

function seedsOf({ config }: Measured): string {
  return `${config.modelSeed} ${config.datasetSeed}`;
}

function compared(
  own: readonly Measured[],
  difference: ComparedExperiment['difference'],
): ComparedExperiment {
  return {
    name: nameOf(own),
    runs: own.map(({ run }) => run.id),
    mean: mean(accuracies(own)),
    sd: standardDeviation(accuracies(own)),
    difference,
  };
}

function heldAgainst(experiments: readonly Measured[][], against: readonly Measured[]): ComparedExperiment[] {
  const others = experiments.filter((own) => own !== against);
  const comparisons = others.map((own) => comparisonOf(against, own));
  const tested = comparisons.flatMap(({ pValue }) => (pValue === null ? [] : [pValue]));
  const corrected = holm(tested);
  return experiments.map((own) => {
    const at = others.indexOf(own);
    const comparison = comparisons[at];
    if (comparison === undefined) return compared(own, null);
    const { difference, interval, effectSize, method } = comparison;
    const pValue =
      comparison.pValue === null
        ? null
        : (corrected[comparisons.slice(0, at).filter((one) => one.pValue !== null).length] ?? 1);
    return compared(own, {
      value: difference,
      interval,
      pValue,
      effectSize,
      method,
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
function pooledDeviation(experiments: readonly (readonly Measured[])[]): number | null {
  let [squares, freedom] = [0, 0];
  for (const own of experiments) {
    const deviation = standardDeviation(accuracies(own));
    if (deviation === null) continue;
    squares += deviation ** 2 * (own.length - 1);
    freedom += own.length - 1;
  }
  return freedom === 0 ? null : Math.sqrt(squares / freedom);
}

function repeatSentence(own: readonly Measured[], noise: number | null): string {
  const interval = studentInterval(accuracies(own));
  if (noise === null || interval === null) {
    return 'One seed stands behind this experiment: how far others would lie from it is not known.';
  }
  return `Seeds alone spread dev accuracy by ${points(noise)} (standard deviation of ${own.length} seeds); its mean lies between ${percentText(interval.low)} and ${percentText(interval.high)} with 95 % confidence. A difference to another experiment that is not larger says nothing.`;
}

function noiseSentences(
  rows: readonly ComparedExperiment[],
  against: readonly Measured[],
  noise: number | null,
): string[] {
  if (noise === null) {
    return [
      'One seed stands behind each experiment: part of any difference is chance, and nothing here says how large a part. Train each with several seeds.',
    ];
  }
  const name = nameOf(against);
  const within = rows.filter(({ difference }) => difference?.verdict === 'within the noise');
  const told = rows.filter(
    ({ difference }) => difference?.verdict === 'higher' || difference?.verdict === 'lower',
  );
  const single = rows.filter(({ difference }) => difference?.verdict === 'one seed');
  const sentences = [
    `Seeds alone spread dev accuracy by ${points(noise)} (standard deviation within experiments).`,
  ];
  if (told.length > 0) {
    sentences.push(
      `${listed(told)} ${told.length === 1 ? 'differs' : 'differ'} from ${name} by more than seeds do.`,
    );
  }
  for (const { name: other, difference } of within.slice(0, 3)) {
    if (difference?.interval == null) continue;
    sentences.push(
      `${other} lies ${points(difference.value)} from ${name}, but seeds alone do as much (95 % interval ${points(difference.interval.low)} to ${points(difference.interval.high)}): this difference says nothing.`,
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

/** Of the options that differ, but for seeds, how much each explains. */
function importanceOf(measured: readonly Measured[]) {
  const differing = configDifferences(measured.map(({ config }) => config)).filter(
    ({ key }) => key !== 'modelSeed' && key !== 'datasetSeed',
  );
  if (differing.length < 2) return null;
  // One option at a time away from a whole, as an ablation goes, was never meant to be a grid.
  const changes = differing.reduce((sum, { values }) => sum + new Set(values).size - 1, 0);
  if (byExperiment(measured).length === changes + 1) return null;
  return importance(
    differing.map(({ label }) => label),
    measured
      .filter(({ run }) => !run.tags.includes(MEASURED_AGAIN))
      .map(({ config, accuracy }) => ({
        values: differing.map(({ key }) => optionOf(key).print(config[key])),
        figure: accuracy,
      })),
  );
}

function bestOf(experiments: readonly Measured[][]): BestOf | null {
  function isAgain({ run }: Measured): boolean {
    return run.tags.includes(MEASURED_AGAIN);
  }
  const picked = experiments.map((own) => own.filter((one) => !isAgain(one))).filter((own) => own.length > 0);
  if (picked.length < LEAST_PICKED) return null;
  const best = highest(picked);
  const whole = experiments.find((own) => own.some((one) => best.includes(one))) ?? best;
  const fresh = accuracies(whole.filter(isAgain));
  const first = mean(accuracies(best));
  const seeds = counted(best.length, 'seed');
  const name = nameOf(best);
  const picking = `${name} is the highest of ${picked.length} with ${percentText(first)} dev accuracy (${seeds}). It was picked for that, chance included`;
  const again =
    fresh.length === 0
      ? null
      : {
          mean: mean(fresh),
          sd: standardDeviation(fresh),
          seeds: fresh.length,
          interval: studentInterval(fresh),
        };
  return {
    name,
    runs: best.map(({ run }) => run.id),
    experiments: picked.length,
    mean: first,
    again,
    sentence:
      again === null
        ? `${picking}: measure it again with fresh seeds before calling it best.`
        : `${picking}; with ${counted(again.seeds, 'fresh seed')} it reaches ${percentText(again.mean)}${again.interval === null ? '' : ` (95 % interval ${percentText(again.interval.low)} to ${percentText(again.interval.high)})`}, and that is what to expect of it.`,
  };
}

/** Where experiments differ in the share of the training images alone they are a learning curve. */
function learningCurveOf(experiments: readonly Measured[][]): LearningCurve | null {
  const differing = configDifferences(experiments.flat().map(({ config }) => config)).filter(
    ({ key }) => key !== 'modelSeed' && key !== 'datasetSeed',
  );
  if (differing.length !== 1 || differing[0]?.key !== 'trainingShare') return null;
  return learningCurve(
    experiments.map((own) => ({
      images: own[0]?.run.samples?.training ?? 0,
      accuracies: accuracies(own),
    })),
    experiments[0]?.[0]?.run.samples?.dev ?? 0,
  );
}

/** What is found in more than half of the repeats of an experiment, as it is said of the first that has it. */
function commonFindings(
  own: readonly Measured[],
  diagnosed: (run: RunRecord) => readonly Finding[],
): RunSetAnalysis['findings'] {
  if (own.length < 2) return [];
  const counts = new Map<Finding['id'], { readonly finding: Finding; runs: number }>();
  for (const { run } of own) {
    for (const finding of diagnosed(run)) {
      const before = counts.get(finding.id);
      if (before === undefined) counts.set(finding.id, { finding, runs: 1 });
      else before.runs++;
    }
  }
  return [...counts.values()]
    .filter(({ runs }) => 2 * runs > own.length)
    .map(({ finding, runs }) => ({ ...finding, runs, of: own.length }))
    .sort((one, other) => Number(other.severity === 'warning') - Number(one.severity === 'warning'));
}

function points(share: number): string {
  const value = (100 * share).toFixed(1);
  return `${value} points`;
}
