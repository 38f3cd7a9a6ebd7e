import type { RunSetAnalysis } from '../../src-preload/contract/analysis.ts';
import { percentText } from '../../src-preload/contract/figure-text.ts';
import { textTable, wrapped } from './text-table.ts';

/** What runs say as one set, in sentences of at most so many columns and a table of what each option explains. */
export function analysisText(analysis: RunSetAnalysis, columns: number): string[] {
  const { sentences, importance, noImportance, best, learningCurve, findings } = analysis;
  return [
    ...sentences,
    ...(learningCurve === null ? [] : [learningCurve.sentence]),
    ...(best === null ? [] : [best.sentence]),
    ...(noImportance === null ? [] : [noImportance]),
    ...findings.map(({ sentence, runs, of }) => `${sentence} So it is in ${runs} of ${of} repeats.`),
  ]
    .flatMap((sentence) => wrapped(sentence, columns))
    .concat(importance === null ? [] : importanceLines(importance));
}

function importanceLines(importance: NonNullable<RunSetAnalysis['importance']>): string[] {
  const rows = importance.parts.map(({ label, share, interval, pValue }) => [
    label,
    percentText(share),
    interval === null ? '' : `${percentText(interval.low)} to ${percentText(interval.high)}`,
    pValue === null ? '' : pValue < 0.001 ? '< 0.001' : pValue.toFixed(3),
  ]);
  const chance =
    importance.chance === null ? [] : [['seeds (chance)', percentText(importance.chance), '', '']];
  return [
    '',
    `Variance of the dev accuracy over the full grid of ${importance.experiments} experiments:`,
    ...textTable({
      head: ['Option', 'Share', '95 % interval', 'p'],
      rows: [...rows, ...chance],
      indent: 2,
    }).split('\n'),
  ];
}
