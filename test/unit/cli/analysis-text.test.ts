import { expect, test } from 'vitest';
import { analysisText, findingsText } from '../../../src-main/cli/analysis-text.ts';
import { widthOf } from '../../../src-main/cli/text-table.ts';
import type { Contributions, RunSetAnalysis } from '../../../src-preload/contract/analysis.ts';

const BARE: RunSetAnalysis = {
  figure: 'dev.accuracy',
  experiments: [],
  against: null,
  noise: null,
  sentences: ['What is said.'],
  importance: null,
  noImportance: null,
  contributions: null,
  best: null,
  learningCurve: null,
};
const interval = { low: 0.01, high: 0.052, level: 0.95 };
const experiment = {
  name: 'C',
  runs: ['a', 'b', 'c'],
  isFresh: false,
  mean: 0.6,
  sd: 0.02,
  difference: null,
};
const difference = {
  value: 0.031,
  interval,
  pValue: 0.0004,
  effectSize: 2,
  method: 'paired',
  pairs: 3,
  verdict: 'higher',
} as const;

test('differences are a table of any figure: seeds, interval, chance and how many pairs there are', () => {
  const [, , title, , , c, k, one] = analysisText(
    {
      ...BARE,
      against: 'C',
      experiments: [
        experiment,
        { ...experiment, name: 'K', isFresh: true, mean: 0.631, difference },
        {
          ...experiment,
          name: 'single',
          runs: ['x'],
          sd: null,
          difference: {
            ...difference,
            value: -0.1,
            interval: null,
            pValue: null,
            pairs: null,
            method: 'one seed',
            verdict: 'one seed',
          },
        },
      ],
    },
    100,
  );
  expect(title).toBe('Dev accuracy, held against C:');
  expect(c?.trim().split(/ {2,}/)).toEqual(['C', '3', '60.0% ± 2.0%']);
  expect(k?.trim().split(/ {2,}/)).toEqual([
    ...['K', '3 fresh', '63.1% ± 2.0%', '+3.1', '+1.0 to +5.2', '< 0.001', 'higher (3 pairs)'],
  ]);
  expect(one?.trim().split(/ {2,}/)).toEqual(['single', '1', '60.0%', '−10.0', 'one seed']);
});

const contributions: Contributions = {
  whole: 'K',
  mean: 0.9,
  sd: 0.01,
  seeds: 3,
  pieces: [
    {
      label: 'Trim',
      on: 'true',
      off: 'false',
      runs: ['a', 'b', 'c'],
      mean: 0.7,
      sd: 0.02,
      contribution: 0.2,
      interval: { low: 0.15, high: 0.25, level: 0.95 },
      pValue: 0.012,
      pairs: 3,
      verdict: 'helps',
    },
  ],
};

test('an ablation is a table of contributions, in place of the differences from the whole', () => {
  const lines = analysisText({ ...BARE, against: 'K', experiments: [experiment], contributions }, 100);
  expect(lines.join(' ')).toContain(
    'What each piece contributes to the dev accuracy of K, 90.0% ± 1.0% (3 seeds): whole − without, in points; above 0 is for the better.',
  );
  expect(lines.at(-1)?.split(/ {2,}/)).toEqual([
    ...['Trim', 'true → false', '3', '70.0% ± 2.0%', '+20.0', '+15.0 to +25.0', '0.012', 'helps (3 pairs)'],
  ]);
  expect(lines.join('\n')).not.toContain('held against');
  expect(analysisText({ ...BARE, figure: 'dev.loss', contributions }, 100).join(' ')).toContain(
    'without − whole; above 0',
  );
});

test.each([100, 80, 60])('tables find room in %i columns, without what can be done without', (columns) => {
  const lines = analysisText({ ...BARE, against: 'K', contributions, experiments: [] }, columns);
  expect(widthOf(lines.join('\n'))).toBeLessThanOrEqual(columns);
  expect(lines.at(-1)).toContain('+20.0');
});

test('importance names its figure, and the seeds that were left out of it', () => {
  const lines = analysisText(
    {
      ...BARE,
      figure: 'variance',
      importance: {
        experiments: 3,
        seeds: 2,
        leftOut: 1,
        parts: [{ label: 'Dropout', share: 0.8, interval: null, pValue: null }],
        chance: 0.2,
      },
    },
    100,
  );
  expect(lines).toContain('What explains the variance over the 3 experiments, 2 seeds each:');
  expect(lines.at(-1)).toBe('Only seeds that every combination has: 1 run left out.');
});

test('findings name their experiment where there are several, and say in how many seeds they are', () => {
  const finding = {
    id: 'high-bias',
    severity: 'note',
    sentence: 'High bias.',
    advice: null,
    options: null,
  } as const;
  const one = { name: 'C', runs: ['a', 'b'], findings: [{ ...finding, runs: 2, of: 2 }] };
  expect(findingsText([one], 80)).toEqual(['High bias. So it is in 2 of 2 repeats.']);
  expect(
    findingsText([one, { name: 'K', runs: ['k'], findings: [{ ...finding, runs: 1, of: 1 }] }], 80),
  ).toEqual(['C: High bias. So it is in 2 of 2 repeats.', 'K: High bias.']);
});
