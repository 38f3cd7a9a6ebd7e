import { expect, test } from 'vitest';
import { defaultConfig } from '../../../../src-preload/contract/config.ts';
import { comparisonHtml, comparisonMarkdown } from '../../../../src-renderer/export/comparison-report.ts';
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
  expect(text).not.toContain('<img');
  expect(text).not.toMatch(/(?<!\\)\[link/);
  expect(text).not.toContain('/home/somebody');
});

test('HTML is one file that shows names as text and runs nothing', async () => {
  const html = await comparisonHtml(REPORT);
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(html).not.toContain('<img src=x');
  expect(html).toContain("default-src 'none'");
  expect(html).toContain('src="data:image/png;base64,AQID"');
  expect(html).not.toContain('<script');
  expect(html).not.toContain('/home/somebody');
});
