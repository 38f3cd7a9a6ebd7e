import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { StudyReport } from '../../../../src-preload/contract/study.ts';
import { studyArchive, studyHtml } from '../../../../src-renderer/export/study-report.ts';

const REPORT: StudyReport = {
  markdown: '# Study\n\n![Loss](K-loss.png)\n',
  html: '<h1>Study</h1><img alt="Loss" src="K-loss.png"><img alt="Accuracy" src="K-accuracy.png">',
  csv: 'part\nK\n',
  pictures: [
    { part: 'K', kind: 'loss', file: 'K-loss.png' },
    { part: 'K', kind: 'accuracy', file: 'K-accuracy.png' },
  ],
};
const PICTURES = new Map([
  ['K-loss.png', Uint8Array.of(1, 2, 3)],
  ['K-accuracy.png', Uint8Array.of(4, 5, 6)],
]);

test('the HTML file has its pictures within it', () => {
  expect(studyHtml(REPORT, PICTURES)).toBe(
    '<h1>Study</h1><img alt="Loss" src="data:image/png;base64,AQID"><img alt="Accuracy" src="data:image/png;base64,BAUG">',
  );
});

test('the archive has the report in both forms, its figures and its pictures', async () => {
  const files = unzipSync(new Uint8Array(await studyArchive(REPORT, PICTURES).arrayBuffer()));
  expect(Object.keys(files).sort()).toEqual([
    'K-accuracy.png',
    'K-loss.png',
    'figures.csv',
    'report.html',
    'report.md',
  ]);
  expect(new TextDecoder().decode(files['report.md'])).toBe(REPORT.markdown);
  expect(files['K-loss.png']).toEqual(Uint8Array.of(1, 2, 3));
});
