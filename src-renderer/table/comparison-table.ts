import type { RunRow } from '../../src-preload/contract/api.ts';
import { configDifferences } from '../../src-preload/contract/config.ts';
import {
  countedRuns,
  experimentNames,
  leftOutSentences,
  seedsText,
} from '../../src-preload/contract/experiment.ts';
import { spreadText } from '../../src-preload/contract/spread.ts';
import { type RunField, fieldOf } from './run-fields.ts';
import { type RunGroup, groupRuns, groupValue, isSpread, BY_EXPERIMENT } from './run-groups.ts';
import { seedDifference } from './seed-difference.ts';

/** The columns of the study's own tables, in its order. */
const FIGURES = [
  'parameters',
  'params.sample',
  'training.loss',
  'training.accuracy',
  'dev.loss',
  'dev.accuracy',
  'stop.epoch',
  'bias',
  'variance',
];

/** What a figure says of a run beside that of the baseline. */
export interface ComparedCell {
  readonly text: string;
  /** `+1.3%`; undefined in the baseline's own row, and where either has no figure. */
  readonly difference: string | undefined;
  /**
   * Whether the difference is for the better: told only where seeds alone do not do as much, and never of one seed.
   * `neither` is what has no better, and what is no difference.
   */
  readonly verdict: 'better' | 'worse' | 'within the noise' | 'one seed' | 'neither';
}

/** One run, or one experiment with all of its seeds. */
export interface ComparedRow {
  readonly id: string;
  readonly name: string;
  readonly runs: readonly RunRow[];
  /** Those that its figures are made of, one a seed. */
  readonly counted: readonly RunRow[];
  readonly isBaseline: boolean;
  /** Texts of the options that differ, in the order of `options`. */
  readonly options: readonly string[];
  readonly cells: readonly ComparedCell[];
}

/** Runs side by side: the options that differ, and the figures with their differences to a baseline. */
export interface ComparisonTable {
  readonly options: readonly RunField[];
  readonly figures: readonly RunField[];
  readonly rows: readonly ComparedRow[];
  /** Sentences about runs that no figure is made of. */
  readonly leftOut: readonly string[];
}

/**
 * @param isFolded runs that differ in their seeds alone stand in one row: mean ± sample standard deviation.
 * @param baseline id of a run.
 */
export function comparisonTable(
  runs: readonly RunRow[],
  { isFolded, baseline }: { readonly isFolded: boolean; readonly baseline: string | undefined },
): ComparisonTable {
  const figures = FIGURES.map(fieldOf).filter((field) => field !== undefined);
  const options = configDifferences(runs.map(({ config }) => config))
    .map(({ key }) => fieldOf(key))
    .filter((field) => field !== undefined)
    .filter(({ option }) => !isFolded || (option !== 'modelSeed' && option !== 'datasetSeed'));
  const groups = isFolded ? groupRuns(runs, [BY_EXPERIMENT]) : runs.map(alone);
  const names = isFolded ? experimentNames(groups.map((group) => group.runs)) : runs.map(({ name }) => name);
  const base = groups.find((group) => group.runs.some(({ id }) => id === baseline));
  return {
    options,
    figures,
    rows: groups.map((group, index) => ({
      id: group.id,
      name: `${names[index] ?? group.name}${isFolded ? ` (${seedsText(group.counted.length, group.isFresh)})` : ''}`,
      runs: group.runs,
      counted: group.counted,
      isBaseline: group === base,
      options: options.map((field) => optionText(group, field)),
      cells: figures.map((field) => cellOf(group, base, field)),
    })),
    leftOut: isFolded ? leftOutSentences(countedRuns(runs)) : [],
  };
}

function alone(run: RunRow): RunGroup {
  return {
    kind: 'group',
    isExperiment: false,
    id: run.id,
    name: run.name,
    runs: [run],
    counted: [run],
    isFresh: false,
  };
}

function optionText(group: RunGroup, field: RunField): string {
  return [...new Set(group.counted.map((run) => field.text(field.value(run))))].join(' / ');
}

function cellOf(group: RunGroup, base: RunGroup | undefined, field: RunField): ComparedCell {
  const value = groupValue(group, field);
  if (!isSpread(value)) return { text: '', difference: undefined, verdict: 'neither' };
  const text = spreadText(value, field.text);
  const difference =
    base === undefined || base === group
      ? undefined
      : seedDifference(base.counted, group.counted, (run) => field.value(run));
  if (difference === undefined) return { text, difference: undefined, verdict: 'neither' };
  const size = field.text(Math.abs(difference.value));
  // A difference that is rounded away is none.
  const isNone = size === field.text(0);
  const isBetter = (field.better === 'higher') === difference.value > 0;
  return {
    text,
    difference: isNone ? '±0' : `${difference.value > 0 ? '+' : '−'}${size}`,
    verdict:
      isNone || field.better === undefined
        ? 'neither'
        : difference.certainty !== 'sure'
          ? difference.certainty
          : isBetter
            ? 'better'
            : 'worse',
  };
}
