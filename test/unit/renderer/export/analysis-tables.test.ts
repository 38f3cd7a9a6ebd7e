import { expect, test } from 'vitest';
import type { RunSetAnalysis } from '../../../../src-preload/contract/analysis.ts';
import { analysisTables } from '../../../../src-renderer/export/analysis-tables.ts';

const BARE: RunSetAnalysis = {
  figure: 'dev.accuracy',
  experiments: [],
  against: null,
  noise: null,
  sentences: [],
  importance: null,
  noImportance: null,
  contributions: null,
  best: null,
  learningCurve: null,
};
const interval = { low: -0.01, high: 0.05, level: 0.95 };

test('differences leave with their seeds, intervals and verdicts; one seed is called so', () => {
  const row = { runs: ['a', 'b'], isFresh: false, mean: 0.6, sd: 0.02 };
  const difference = {
    value: 0.02,
    interval,
    pValue: 0.2,
    effectSize: 1,
    method: 'paired',
    pairs: 2,
  } as const;
  const [table] = analysisTables({
    ...BARE,
    against: 'C',
    experiments: [
      { ...row, name: 'C', difference: null },
      { ...row, name: 'K', isFresh: true, difference: { ...difference, verdict: 'within the noise' } },
      {
        ...row,
        name: 'one',
        runs: ['x'],
        sd: null,
        difference: {
          ...difference,
          interval: null,
          pValue: null,
          pairs: null,
          method: 'one seed',
          verdict: 'one seed',
        },
      },
    ],
  });
  expect(table?.title).toBe('The dev accuracy, held against C');
  expect(table?.rows).toEqual([
    ['C', '2', '60.0% ± 2.0%', '', '', '', ''],
    [
      ...['K', '2 fresh seeds', '60.0% ± 2.0%', '+2.0', '−1.0 to +5.0', '0.200'],
      'within the noise, over 2 pairs of seeds',
    ],
    ['one', '1', '60.0%', '+2.0', '', '', 'one seed'],
  ]);
});

test('an ablation leaves with its contributions, in place of the differences from the whole', () => {
  const tables = analysisTables({
    ...BARE,
    figure: 'dev.loss',
    against: 'K',
    contributions: {
      whole: 'K',
      mean: 0.4,
      sd: 0.1,
      seeds: 3,
      pieces: [
        {
          ...{ label: 'Trim', on: 'true', off: 'false', runs: ['a', 'b', 'c'], mean: 0.9, sd: 0.2 },
          ...{ contribution: 0.5, interval: { low: 0.3, high: 0.7, level: 0.95 }, pValue: 0.0001, pairs: 3 },
          verdict: 'helps',
        },
      ],
    },
  });
  expect(tables.map(({ title }) => title)).toEqual([
    'What each piece contributes to the dev loss of K, 0.400 ± 0.100 (3 seeds); above 0 is for the better',
  ]);
  expect(tables[0]?.rows[0]).toEqual([
    ...['Trim', 'true → false', '3', '0.900 ± 0.200', '+0.500', '+0.300 to +0.700', '< 0.001'],
    'helps, over 3 pairs of seeds',
  ]);
});

test('importance leaves with what chance does', () => {
  const [table] = analysisTables({
    ...BARE,
    importance: {
      ...{ experiments: 4, seeds: 2, leftOut: 0, chance: 0.1 },
      parts: [{ label: 'Trim', share: 0.9, interval: { low: 0.5, high: 0.95, level: 0.95 }, pValue: 0.01 }],
    },
  });
  expect(table?.rows).toEqual([
    ['Trim', '90.0%', '50.0% to 95.0%', '0.010'],
    ['seeds (chance)', '10.0%', '', ''],
  ]);
});
