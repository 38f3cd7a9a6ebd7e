import { folderName } from './folder-name.ts';
import type { RunRow } from '../../src-preload/contract/api.ts';
import { countedRuns, experimentKey, experimentName } from '../../src-preload/contract/experiment.ts';
import { type Spread, spreadOf } from '../../src-preload/contract/spread.ts';
import { type FieldValue, type RunField, compareValues, fieldOf } from './run-fields.ts';

/** Grouping by every option but the seeds: runs of one group are repeats of one experiment. */
export const BY_EXPERIMENT = 'experiment';

/** Runs that share what they are grouped by. */
export interface RunGroup {
  readonly kind: 'group';
  /** Whether its runs are repeats of one experiment. */
  readonly isExperiment: boolean;
  readonly id: string;
  readonly name: string;
  readonly runs: readonly RunRow[];
  /** Those that figures are made of: one a seed, the fresh ones alone where it was measured again. */
  readonly counted: readonly RunRow[];
  readonly isFresh: boolean;
}

/** Groups in the order of their first run. @param by `experiment`, or keys of fields. */
export function groupRuns(runs: readonly RunRow[], by: readonly string[]): RunGroup[] {
  const fields = by.map(fieldOf).filter((field) => field !== undefined);
  const groups = new Map<string, RunRow[]>();
  for (const run of runs) {
    const key = by.includes(BY_EXPERIMENT)
      ? experimentKey(run)
      : fields.map((field) => field.text(field.value(run))).join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups].map(([key, members]) => {
    const { counted, fresh } = countedRuns(members);
    return {
      kind: 'group',
      isExperiment: by.includes(BY_EXPERIMENT),
      id: key,
      name: nameOf(members, by, fields),
      runs: members,
      counted,
      isFresh: fresh.size > 0,
    };
  });
}

function nameOf(runs: readonly RunRow[], by: readonly string[], fields: readonly RunField[]): string {
  const [first] = runs;
  if (first === undefined) return '';
  if (by.includes(BY_EXPERIMENT)) return experimentName(first);
  return fields
    .map((field) => {
      const text = field.text(field.value(first));
      // The names of groups stand on charts, which are exported.
      const isFolder = field.option === 'dataset' || field.option === 'datasetsPath';
      return `${field.label}: ${(isFolder ? folderName(text) : text) || '–'}`;
    })
    .join(', ');
}

/** What a group shows in a column: a spread for figures, the value that all share else, undefined where they differ. */
export function groupValue(group: RunGroup, field: RunField): Spread | FieldValue {
  if (field.kind === 'number') {
    const numbers = group.counted
      .map((run) => field.value(run))
      .filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
    return spreadOf(numbers);
  }
  const values = group.runs.map((run) => field.value(run));
  const texts = new Set(values.map((value) => field.text(value)));
  return texts.size === 1 ? values[0] : undefined;
}

/** One field to sort by. */
export interface Sorting {
  readonly field: RunField;
  readonly descending: boolean;
}

/** Runs sorted by several fields, the first the weightiest; in the given order where nothing is said. */
export function sortRuns(runs: readonly RunRow[], by: readonly Sorting[]): RunRow[] {
  if (by.length === 0) return [...runs];
  // Values are taken once: a comparison that asks for them anew takes ten times as long.
  const keyed = runs.map((run) => ({ run, values: by.map(({ field }) => field.value(run)) }));
  keyed.sort((one, other) => {
    for (const [index, { descending }] of by.entries()) {
      const order = compareValues(one.values[index], other.values[index], descending);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ run }) => run);
}

/** Groups sorted likewise, by their means. */
export function sortGroups(groups: readonly RunGroup[], by: readonly Sorting[]): RunGroup[] {
  if (by.length === 0) return [...groups];
  const keyed = groups.map((group) => ({
    group,
    values: by.map(({ field }) => (field.key === 'name' ? group.name : meanOf(groupValue(group, field)))),
  }));
  keyed.sort((one, other) => {
    for (const [index, { descending }] of by.entries()) {
      const order = compareValues(one.values[index], other.values[index], descending);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ group }) => group);
}

/** Whether a group's value is a spread. */
export function isSpread(value: Spread | FieldValue): value is Spread {
  return typeof value === 'object' && 'mean' in value;
}

function meanOf(value: Spread | FieldValue): FieldValue {
  return isSpread(value) ? value.mean : value;
}
