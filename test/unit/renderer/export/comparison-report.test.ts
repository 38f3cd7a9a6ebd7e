import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../../src-preload/contract/config.ts';
import {
  comparisonHtml,
  comparisonMarkdown,
  trainWords,
} from '../../../../src-renderer/export/comparison-report.ts';
import { parseLaunch } from '../../../../src-main/cli/launch.ts';
import { wordsOf } from '../../../../src-preload/contract/command-text.ts';
import { comparisonTable } from '../../../../src-renderer/table/comparison-table.ts';
import { queuedRun } from '../../../support/store/run-records.ts';

const HOSTILE = '<img src=x onerror=alert(1)> | *bold* [link](javascript:x)';
const RUNS = [
  queuedRun({
    id: 'a',
    name: HOSTILE,
    config: { ...defaultConfig(), dataset: '/home/somebody/secret/photos' },
  }),
  queuedRun({ id: 'b', name: 'K', config: { ...defaultConfig(), layers: [16] } }),
];
const REPORT = {
  title: HOSTILE,
  table: comparisonTable(RUNS, { isFolded: false, baseline: 'b' }),
  said: ['Seeds alone spread <b>dev accuracy</b> by 2 points.'],
  tables: [{ title: 'Held against K', head: ['Experiment', 'Points'], rows: [[HOSTILE, '+1.0']] }],
  pictures: [
    {
      file: 'picture-1.png',
      title: HOSTILE,
      png: new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' }),
    },
  ],
};

test('Markdown has command lines, table, pictures and a place for the analysis, and shows names as text', () => {
  const text = comparisonMarkdown(REPORT);
  expect(text).toContain('layerbench train --dataset=photos\n');
  expect(text).toContain('layerbench train --layers=16\n');
  expect(text).toContain('(picture-1.png)');
  expect(text).toContain('## Analysis');
  expect(text).toContain('\n| Experiment | Points |\n| --- | --- |\n| &lt;img');
  expect(text).not.toContain('<img');
  expect(text).not.toMatch(/(?<!\\)\[link/);
  expect(text).not.toContain('/home/somebody');
});

test('HTML is one file that shows names as text and runs nothing', async () => {
  const html = await comparisonHtml(REPORT);
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(html).not.toContain('<img src=x');
  expect(html).toContain('<caption>Held against K</caption>');
  expect(html).toContain("default-src 'none'");
  expect(html).toContain('src="data:image/png;base64,AQID"');
  expect(html).not.toContain('<script');
  expect(html).not.toContain('/home/somebody');
});

describe('a command of a row trains the runs of the row', () => {
  function seeded(seeds: readonly (readonly [model: number, dataset: number])[], expId: string) {
    return seeds.map(([modelSeed, datasetSeed], index) =>
      queuedRun({
        id: `${index}`,
        name: `${expId}_${index}`,
        config: { ...defaultConfig(), expId, layers: [16], modelSeed, datasetSeed },
      }),
    );
  }

  test.each([
    [
      'seeds that follow each other',
      [
        [3, 0],
        [4, 0],
        [5, 0],
      ],
    ],
    [
      'in any order',
      [
        [5, 0],
        [3, 0],
        [4, 0],
      ],
    ],
    [
      'seeds with a gap',
      [
        [0, 0],
        [1, 0],
        [7, 0],
      ],
    ],
    [
      'seeds of the split',
      [
        [0, 0],
        [0, 1],
        [0, 2],
      ],
    ],
    ['one seed', [[9, 0]]],
  ] as const)('%s', (_what, seeds) => {
    const runs = seeded(seeds, 'size_8');
    const { configs } = parseLaunch(wordsOf(trainWords(runs)));
    expect(new Set(configs)).toEqual(new Set(runs.map(({ config }) => config)));
  });

  test('with all defaults too', () => {
    const runs = [0, 5].map((modelSeed) =>
      queuedRun({ id: `${modelSeed}`, config: { ...defaultConfig(), modelSeed } }),
    );
    expect(parseLaunch(wordsOf(trainWords(runs))).configs).toEqual(runs.map(({ config }) => config));
  });

  test('seeds are counted up where that gives the same, and no seed is trained twice', () => {
    expect(
      trainWords(
        seeded(
          [
            [3, 0],
            [4, 0],
          ],
          'C',
        ),
      ),
    ).toBe('--layers=16 --model-seed=3 --exp-id=C --training-times=2');
    const again = { ...queuedRun({ id: 'again' }), createdAt: '2026-09-01T00:00:00.000Z' };
    const text = comparisonMarkdown({
      ...REPORT,
      table: comparisonTable([queuedRun({ id: 'x' }), again], { isFolded: true, baseline: undefined }),
    });
    expect(text).toContain('```\nlayerbench train\n```');
    expect(text).toContain('1 run of the same configuration and seed is left out.');
  });
});

test('a difference of one seed has no colour in HTML', async () => {
  const runs = RUNS.map((run, index) => ({ ...run, variance: index / 2 }));
  const html = await comparisonHtml({
    ...REPORT,
    pictures: [],
    table: comparisonTable(runs, { isFolded: false, baseline: 'b' }),
  });
  expect(html).toContain('<span>−50.0%</span>');
  expect(html).not.toMatch(/<span class="(better|worse)"/);
});
