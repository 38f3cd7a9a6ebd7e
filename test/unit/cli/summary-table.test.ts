import { expect, test } from 'vitest';
import { rowsOfExperiments, rowsOfRuns, summaryTable } from '../../../src-main/cli/summary-table.ts';
import { widthOf } from '../../../src-main/cli/text-table.ts';
import { queuedRun } from '../../support/store/run-records.ts';

const figures = { training: { loss: 1.64, accuracy: 0.46 }, dev: { loss: 2.39, accuracy: 0.17 } };
const run = queuedRun({
  id: 'a',
  name: 'color',
  parameters: 30_860,
  paramsPerSample: 52.04,
  last: { epoch: 100, ...figures },
  earlyStopEpoch: 82,
  avoidableBias: 0.54,
  variance: 0.29,
});

test('a run has the ten columns of the tables of the study', () => {
  const [head = '', , row = ''] = summaryTable(rowsOfRuns([run]), undefined).split('\n');
  expect(head.split(/ {2,}/)).toEqual([
    'Name',
    '# parameters',
    'Params/samples ratio',
    'Training cost',
    'Training accuracy',
    'Dev cost',
    'Dev accuracy',
    'Early stop epoch',
    'Avoidable bias',
    'Variance',
  ]);
  expect(row.split(/ +/)).toEqual([
    ...['color', '30860', '52', '1.640', '46.0%', '2.390', '17.0%', '82', '54.0%', '29.0%'],
  ]);
});

test.each([120, 100, 80])('it fits into %i columns', (columns) => {
  const named = queuedRun({ ...run, name: 'a very long name of an experiment that says all that was tried' });
  expect(widthOf(summaryTable(rowsOfRuns([run, named]), columns))).toBeLessThanOrEqual(columns);
});

test('a run without figures has empty cells', () => {
  expect(
    summaryTable(rowsOfRuns([queuedRun({ id: 'a', name: 'queued' })]), undefined)
      .split('\n')
      .at(-1),
  ).toBe('queued');
});

const seeds = [0.5, 0.6, 0.7].map((accuracy, modelSeed) =>
  queuedRun({
    ...run,
    id: `seed${modelSeed}`,
    name: `C_${modelSeed}`,
    config: { ...run.config, expId: 'C', modelSeed },
    last: { epoch: 100, training: figures.training, dev: { loss: NaN, accuracy } },
    earlyStopEpoch: 80 + modelSeed,
  }),
);
const alone = queuedRun({ ...run, id: 'k', name: 'K', config: { ...run.config, expId: 'K', trim: true } });

test('seeds of one experiment stand in one row with mean and deviation, and one seed is called so beside it', () => {
  const [, , row = '', other = ''] = summaryTable(rowsOfExperiments([...seeds, alone]), undefined).split(
    '\n',
  );
  // Of 50, 60 and 70 %: mean 60, deviation 10. Parameters are the same in all, and what broke down has no mean.
  expect(row.split(/ {2,}/)).toEqual([
    'C (3 seeds)',
    ...['30860', '52', '1.640', '46.0%', 'NaN', '60.0% ± 10.0%', '81 ± 1', '54.0%', '29.0%'],
  ]);
  expect(other).toMatch(/^K \(one seed\) /);
});

test.each([120, 100, 80])('deviations find room in %i columns', (columns) => {
  const text = summaryTable(rowsOfExperiments([...seeds, alone]), columns);
  expect(widthOf(text)).toBeLessThanOrEqual(columns);
  expect(text).toContain('±10.0%');
});
