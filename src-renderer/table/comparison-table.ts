import type { RunRow } from '../../src-preload/contract/api.ts';
import { configDifferences } from '../../src-preload/contract/config.ts';
import { type RunField, fieldOf } from './run-fields.ts';
import { type RunGroup, groupRuns, groupValue, isSpread, spreadText, BY_EXPERIMENT } from './run-groups.ts';

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
  /** Whether the difference is for the better. */
  readonly verdict: 'better' | 'worse' | 'neither';
}

/** One run, or one experiment with all of its seeds. */
export interface ComparedRow {
  readonly id: string;
  readonly name: string;
  readonly runs: readonly RunRow[];
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
  const base = groups.find((group) => group.runs.some(({ id }) => id === baseline));
  return {
    options,
    figures,
    rows: groups.map((group) => ({
      id: group.id,
      name:
        group.runs.length > 1
          ? `${group.name} (${group.runs.length} seeds)`
          : (group.runs[0]?.name ?? group.name),
      runs: group.runs,
      isBaseline: group === base,
      options: options.map((field) => optionText(group, field)),
      cells: figures.map((field) => cellOf(group, base, field)),
    })),
  };
}

function alone(run: RunRow): RunGroup {
  return { kind: 'group', id: run.id, name: run.name, runs: [run] };
}

function optionText(group: RunGroup, field: RunField): string {
  return [...new Set(group.runs.map((run) => field.text(field.value(run))))].join(' / ');
}

function cellOf(group: RunGroup, base: RunGroup | undefined, field: RunField): ComparedCell {
  const value = groupValue(group, field);
  if (!isSpread(value)) return { text: '', difference: undefined, verdict: 'neither' };
  const text = spreadText(value, field);
  const other = base === undefined || base === group ? undefined : groupValue(base, field);
  if (other === undefined || !isSpread(other)) return { text, difference: undefined, verdict: 'neither' };
  const difference = value.mean - other.mean;
  const size = field.text(Math.abs(difference));
  // A difference that is rounded away is none.
  const isNone = size === field.text(0);
  const better = (field.better === 'higher') === difference > 0;
  return {
    text,
    difference: isNone ? '±0' : `${difference > 0 ? '+' : '−'}${size}`,
    verdict: isNone || field.better === undefined ? 'neither' : better ? 'better' : 'worse',
  };
}
