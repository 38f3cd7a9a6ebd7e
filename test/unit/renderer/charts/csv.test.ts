import { expect, test } from 'vitest';
import { foldedCsv, seriesCsv } from '../../../../src-renderer/charts/csv.ts';
import { curve } from '../../../support/charts/drawn-runs.ts';

test('a heading, then a row an epoch and run, with numbers in full and empty cells where nothing was taken', () => {
  const runs = [
    { id: 'a', name: 'K' },
    { id: 'b', name: 'C' },
  ];
  const csv = seriesCsv(runs, [
    curve('b', 'dev.loss', 1, () => NaN),
    curve('a', 'training.loss', 2, (epoch) => 1 / (epoch + 2)),
    curve('a', 'dev.loss', 1, () => Infinity),
    curve('other', 'dev.loss', 1, () => 1),
  ]);
  expect(csv).toBe(
    [
      'run,name,epoch,training.loss,dev.loss',
      'a,K,1,0.3333333333333333,Infinity',
      'a,K,2,0.25,',
      'b,C,1,,NaN',
      '',
    ].join('\n'),
  );
});

test('names with commas, quotes and line breaks are quoted', () => {
  const csv = seriesCsv([{ id: 'a', name: 'x, "y"\nz' }], [curve('a', 'dev.loss', 1, () => 1)]);
  expect(csv).toContain('a,"x, ""y""\nz",1,1\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
  'a name that a spreadsheet would take for a formula is text: %j',
  (name) => {
    const csv = seriesCsv([{ id: 'a', name }], [curve('a', 'dev.loss', 1, () => -1)]);
    expect(csv).toContain(`a,"'${name}",1,-1\n`);
  },
);

test('seeds of one experiment have one row an epoch: mean, sample deviation and how many have it', () => {
  const series = [
    curve('a', 'dev.loss', 2, () => 1),
    curve('b', 'dev.loss', 1, () => 3),
    curve('k', 'dev.loss', 1, () => NaN),
  ];
  // Of 1 and 3: mean 2, deviation √2. The second epoch has one seed, which has no deviation.
  expect(
    foldedCsv(
      [
        { name: 'C (2 seeds)', runs: ['a', 'b'] },
        { name: '=K (one seed)', runs: ['k'] },
      ],
      series,
    ),
  ).toBe(
    [
      'experiment,epoch,dev.loss mean,dev.loss sd,dev.loss seeds',
      `C (2 seeds),1,2,${Math.SQRT2},2`,
      'C (2 seeds),2,1,,1',
      `"'=K (one seed)",1,,,0`,
      '',
    ].join('\n'),
  );
});
