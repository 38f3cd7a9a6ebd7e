import { expect, test } from 'vitest';
import type { RunRow } from '../../../../src-preload/contract/api.ts';
import { defaultConfig } from '../../../../src-preload/contract/config.ts';
import { MEASURED_AGAIN } from '../../../../src-preload/contract/experiment.ts';
import { spreadText } from '../../../../src-preload/contract/spread.ts';
import { comparisonTable } from '../../../../src-renderer/table/comparison-table.ts';
import { fieldOf, type RunField } from '../../../../src-renderer/table/run-fields.ts';
import { groupRuns, groupValue, isSpread, sortRuns } from '../../../../src-renderer/table/run-groups.ts';
import { queuedRun } from '../../../support/store/run-records.ts';

function run(id: string, name: string, dev: number, changes: Partial<RunRow['config']> = {}): RunRow {
  return queuedRun({
    id,
    name,
    config: { ...defaultConfig(), expId: name.replace(/_\d$/, ''), ...changes },
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
  expect(isSpread(spread) && spreadText(spread, field('dev.accuracy').text)).toBe('50.0% ± 14.1%');
});

test('equal values have no deviation, to the last digit', () => {
  const runs = ['a', 'b', 'c'].map((id, modelSeed) => ({
    ...run(id, id, 0.1, { modelSeed }),
    paramsPerSample: 45.228,
  }));
  const [group] = groupRuns(runs, ['experiment']);
  expect(groupValue(group!, field('params.sample'))).toEqual({ count: 3, mean: 45.228, sd: 0 });
});

test('one run alone has no deviation', () => {
  const [, alone] = groupRuns(RUNS, ['experiment']);
  const spread = groupValue(alone!, field('dev.accuracy'));
  expect(isSpread(spread) && spreadText(spread, field('dev.accuracy').text)).toBe('90.0%');
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

test('a seed that was trained twice counts once in a group, which keeps both runs', () => {
  const again = { ...run('again', 'C_0', 0.4, { modelSeed: 0 }), createdAt: '2026-09-01T00:00:00.000Z' };
  const [group] = groupRuns([...RUNS, again], ['experiment']);
  expect(group?.runs.map(({ id }) => id)).toEqual(['a', 'b', 'again']);
  expect(group?.counted.map(({ id }) => id)).toEqual(['b', 'again']);
  expect(groupValue(group!, field('dev.accuracy'))).toMatchObject({ count: 2 });
});

test('a name with a number is no repeat of another', () => {
  const sizes = [8, 16].map((units) =>
    run(`${units}`, `size_${units}`, 0.5, { expId: `size_${units}`, layers: [units] }),
  );
  expect(groupRuns(sizes, ['experiment']).map(({ name }) => name)).toEqual(['size_8', 'size_16']);
});

function devOf(runs: readonly RunRow[], isFolded: boolean) {
  const table = comparisonTable(runs, { isFolded, baseline: 'c' });
  const at = table.figures.findIndex(({ key }) => key === 'dev.accuracy');
  return { table, cells: table.rows.map(({ cells }) => cells[at]) };
}

test('a comparison holds figures against its baseline; of one seed it says no more than that', () => {
  const { table, cells } = devOf(RUNS, true);
  expect(table.options.map(({ key }) => key)).toEqual(['layers']);
  expect(table.rows.map(({ name, isBaseline }) => [name, isBaseline])).toEqual([
    ['C (2 seeds)', false],
    ['K (one seed)', true],
  ]);
  expect(cells).toEqual([
    { text: '50.0% ± 14.1%', difference: '−40.0%', verdict: 'one seed' },
    { text: '90.0%', difference: undefined, verdict: 'neither' },
  ]);
  expect(devOf(RUNS, false).cells.map((cell) => cell?.verdict)).toEqual(['one seed', 'one seed', 'neither']);
});

test('a difference is for the better or worse where it is larger than what seeds do, over the seeds that both have', () => {
  const base = [0.9, 0.92, 0.91].map((dev, modelSeed) =>
    run(modelSeed === 0 ? 'c' : `c${modelSeed}`, 'K', dev, { layers: [16], modelSeed }),
  );
  const worse = [0.5, 0.53, 0.5, 0.1].map((dev, modelSeed) =>
    run(`w${modelSeed}`, 'worse', dev, { modelSeed }),
  );
  const noisy = [0.95, 0.6, 0.93].map((dev, modelSeed) =>
    run(`n${modelSeed}`, 'noisy', dev, { trim: true, modelSeed }),
  );
  const { cells, table } = devOf([...base, ...worse, ...noisy], true);
  // −40, −39 and −41 points: the fourth seed has no pair.
  expect(cells.map((cell) => [cell?.difference, cell?.verdict])).toEqual([
    [undefined, 'neither'],
    ['−40.0%', 'worse'],
    ['−8.3%', 'within the noise'],
  ]);
  const variance = table.figures.findIndex(({ key }) => key === 'variance');
  expect(table.rows[1]?.cells[variance]).toMatchObject({ difference: '+40.0%', verdict: 'worse' });
});

test('two seeds that agree are no proof, six are', () => {
  function seeds(count: number, name: string, dev: number, changes: Partial<RunRow['config']>): RunRow[] {
    return Array.from({ length: count }, (_, modelSeed) =>
      run(name === 'c' && modelSeed === 0 ? 'c' : `${name}${modelSeed}`, name, dev, {
        ...changes,
        modelSeed,
      }),
    );
  }
  function verdict(count: number) {
    return devOf([...seeds(count, 'c', 0.5, {}), ...seeds(count, 't', 0.6, { trim: true })], true).cells[1]
      ?.verdict;
  }
  expect([verdict(2), verdict(6)]).toEqual(['within the noise', 'better']);
});

test('of what was measured again the fresh seeds alone have a row, and it says so', () => {
  const fresh = [0.3, 0.32].map((dev, index) => ({
    ...run(`f${index}`, 'C', dev, { modelSeed: 2 + index }),
    tags: [MEASURED_AGAIN],
  }));
  const { table, cells } = devOf([...RUNS, ...fresh], true);
  expect(table.rows[0]).toMatchObject({ name: 'C (2 fresh seeds)', counted: fresh });
  expect(cells[0]?.text).toBe('31.0% ± 1.4%');
  expect(table.leftOut).toEqual([
    'Of what was measured again its fresh seeds alone count: 2 runs that it was picked for are left out.',
  ]);
});
