import { expect, test } from 'vitest';
import { summaryTable } from '../../../src-main/cli/summary-table.ts';
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
  const [head = '', , row = ''] = summaryTable([run], undefined).split('\n');
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
  expect(widthOf(summaryTable([run, named], columns))).toBeLessThanOrEqual(columns);
});

test('a run without figures has empty cells', () => {
  expect(
    summaryTable([queuedRun({ id: 'a', name: 'queued' })], undefined)
      .split('\n')
      .at(-1),
  ).toBe('queued');
});
