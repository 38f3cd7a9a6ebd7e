import { expect, test } from 'vitest';
import type { RunRow } from '../../../../src-preload/contract/api.ts';
import { defaultConfig } from '../../../../src-preload/contract/config.ts';
import { comparisonTable } from '../../../../src-renderer/table/comparison-table.ts';
import { fieldOf, type RunField } from '../../../../src-renderer/table/run-fields.ts';
import {
  groupRuns,
  groupValue,
  isSpread,
  sortRuns,
  spreadText,
} from '../../../../src-renderer/table/run-groups.ts';
import { queuedRun } from '../../../support/store/run-records.ts';

function run(id: string, name: string, dev: number, changes: Partial<RunRow['config']> = {}): RunRow {
  return queuedRun({
    id,
    name,
    config: { ...defaultConfig(), ...changes },
    last: { epoch: 1, training: { loss: 1, accuracy: 1 }, dev: { loss: 2, accuracy: dev } },
    variance: 1 - dev,
  });
}

const RUNS = [
  run('a', 'C_0', 0.4, { modelSeed: 0 }),
  run('b', 'C_1', 0.6, { modelSeed: 1 }),
  run('c', 'K', 0.9, { layers: [16] }),
];

function field(key: string): RunField {
  const found = fieldOf(key);
  if (found === undefined) throw new Error(key);
  return found;
}

test('runs that differ in their seeds alone are one experiment, with mean and sample standard deviation', () => {
  const groups = groupRuns(RUNS, ['experiment']);
  expect(groups.map(({ name, runs }) => [name, runs.map(({ id }) => id).join('')])).toEqual([
    ['C', 'ab'],
    ['K', 'c'],
  ]);
  const spread = groupValue(groups[0]!, field('dev.accuracy'));
  // Of 0.4 and 0.6: mean 0.5, deviation sqrt(((−0.1)² + 0.1²) / 1) = 0.1414.
  expect(isSpread(spread) && spread.count).toBe(2);
  expect(isSpread(spread) && spread.mean).toBeCloseTo(0.5, 12);
  expect(isSpread(spread) && spread.sd).toBeCloseTo(0.141421356, 8);
  expect(isSpread(spread) && spreadText(spread, field('dev.accuracy'))).toBe('50.0% ± 14.1%');
});

test('equal values have no deviation, to the last digit', () => {
  const runs = ['a', 'b', 'c'].map((id) => ({ ...run(id, id, 0.1), paramsPerSample: 45.228 }));
  const [group] = groupRuns(runs, ['experiment']);
  expect(groupValue(group!, field('params.sample'))).toEqual({ count: 3, mean: 45.228, sd: 0 });
});

test('one run alone has no deviation', () => {
  const [, alone] = groupRuns(RUNS, ['experiment']);
  const spread = groupValue(alone!, field('dev.accuracy'));
  expect(isSpread(spread) && spreadText(spread, field('dev.accuracy'))).toBe('90.0%');
});

test('runs are sorted by several fields, and those without a figure come last either way', () => {
  const runs = [...RUNS, queuedRun({ id: 'd' })];
  function order(...keys: string[]): string {
    const by = keys.map((key) => ({ field: field(key.replace('-', '')), descending: key.startsWith('-') }));
    return sortRuns(runs, by)
      .map(({ id }) => id)
      .join('');
  }
  expect(order('dev.accuracy')).toBe('abcd');
  expect(order('-dev.accuracy')).toBe('cbad');
  expect(order('layers', '-dev.accuracy')).toBe('cbad');
});

test('a comparison holds figures against its baseline, and says which way is better', () => {
  const table = comparisonTable(RUNS, { isFolded: true, baseline: 'c' });
  expect(table.options.map(({ key }) => key)).toEqual(['layers']);
  const [c, k] = table.rows;
  expect(c?.name).toBe('C (2 seeds)');
  expect(k?.isBaseline).toBe(true);
  const [dev, variance] = ['dev.accuracy', 'variance'].map((key) =>
    table.figures.findIndex((one) => one.key === key),
  );
  expect(c?.cells[dev ?? 0]).toEqual({ text: '50.0% ± 14.1%', difference: '−40.0%', verdict: 'worse' });
  expect(c?.cells[variance ?? 0]).toMatchObject({ difference: '+40.0%', verdict: 'worse' });
  expect(k?.cells[dev ?? 0]).toEqual({ text: '90.0%', difference: undefined, verdict: 'neither' });
});
