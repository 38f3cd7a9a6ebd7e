import type {
  ComparedExperiment,
  Contributions,
  ExperimentFindings,
  Importance,
  RunSetAnalysis,
} from '../../src-preload/contract/analysis.ts';
import { seedsText } from '../../src-preload/contract/experiment.ts';
import { counted, percentText } from '../../src-preload/contract/figure-text.ts';
import {
  chanceText,
  differenceText,
  type FigureName,
  figures,
  meanText,
  rangeText,
} from '../../src-preload/contract/figure.ts';
import { type Column, cutName, fittingTable, textTable, wrapped } from './text-table.ts';

/** Characters of an experiment's name that a table keeps. */
const NAME_LENGTH = 40;

/**
 * What runs say as one set: sentences of at most so many columns, and tables of the differences, of what each option
 * explains, and of what each piece contributes.
 */
export function analysisText(analysis: RunSetAnalysis, columns: number): string[] {
  const { sentences, importance, noImportance, best, learningCurve, contributions, figure } = analysis;
  return [
    ...[
      ...sentences,
      ...(learningCurve === null ? [] : [learningCurve.sentence]),
      ...(best === null ? [] : [best.sentence]),
      ...(noImportance === null ? [] : [noImportance]),
    ].flatMap((sentence) => wrapped(sentence, columns)),
    // The table of contributions says the same.
    ...(analysis.against === null || analysis.against === contributions?.whole
      ? []
      : differenceLines(analysis, columns)),
    ...(contributions === null ? [] : contributionLines(contributions, figure, columns)),
    ...(importance === null ? [] : importanceLines(importance, figure)),
  ];
}

/** What holds back each of several experiments, in sentences of at most so many columns. */
export function findingsText(experiments: readonly ExperimentFindings[], columns: number): string[] {
  return experiments.flatMap(({ name, findings }) =>
    findings.flatMap(({ sentence, runs, of }) => {
      const where = experiments.length > 1 ? `${name}: ` : '';
      return wrapped(`${where}${sentence}${of > 1 ? ` ${repeatsText(runs, of)}` : ''}`, columns);
    }),
  );
}

/** In how many repeats something was found. */
export function repeatsText(runs: number, of: number): string {
  return `So it is in ${runs} of ${of} repeats.`;
}

function differenceLines({ experiments, against, figure }: RunSetAnalysis, columns: number): string[] {
  type Row = ComparedExperiment;
  const { label, unit } = figures[figure];
  const table: readonly Column<Row>[] = [
    { head: 'Experiment', text: ({ name }) => cutName(name, NAME_LENGTH) },
    {
      head: 'Seeds',
      text: ({ runs, isFresh }) => (isFresh ? `${runs.length} fresh` : `${runs.length}`),
      align: 'right',
    },
    { head: capitalized(label), text: (row) => meanText(figure, row), align: 'right' },
    {
      head: unit === 'share' ? 'Points' : 'Difference',
      text: ({ difference }) => (difference === null ? '' : differenceText(figure, difference.value)),
      align: 'right',
    },
    {
      head: '95 % interval',
      text: ({ difference }) => rangeText(figure, difference?.interval ?? null),
      align: 'right',
      leftOut: 1,
    },
    {
      head: 'p (Holm)',
      text: ({ difference }) => chanceText(difference?.pValue ?? null),
      align: 'right',
      leftOut: 2,
    },
    {
      head: 'Verdict',
      text: ({ difference }) =>
        difference === null ? '' : `${difference.verdict}${pairsText(difference.pairs)}`,
    },
  ];
  return [
    '',
    `${capitalized(label)}, held against ${against ?? ''}:`,
    ...fittingTable(table, experiments, columns).split('\n'),
  ];
}

function contributionLines(
  { whole, pieces, seeds, ...moments }: Contributions,
  figure: FigureName,
  columns: number,
): string[] {
  type Row = Contributions['pieces'][number];
  const { label, better, unit } = figures[figure];
  const table: readonly Column<Row>[] = [
    { head: 'Piece', text: (piece) => piece.label },
    { head: 'Switched off', text: ({ on, off }) => `${on} → ${off}`, leftOut: 3 },
    { head: 'Seeds', text: ({ runs }) => `${runs.length}`, align: 'right' },
    { head: 'Without it', text: (piece) => meanText(figure, piece), align: 'right' },
    {
      head: 'Contribution',
      text: ({ contribution }) => differenceText(figure, contribution),
      align: 'right',
    },
    {
      head: '95 % interval',
      text: ({ interval }) => rangeText(figure, interval),
      align: 'right',
      leftOut: 1,
    },
    { head: 'p (Holm)', text: ({ pValue }) => chanceText(pValue), align: 'right', leftOut: 2 },
    { head: 'Verdict', text: ({ verdict, pairs }) => `${verdict}${pairsText(pairs)}` },
  ];
  const formula = better === 'higher' ? 'whole − without' : 'without − whole';
  return [
    '',
    ...wrapped(
      `What each piece contributes to the ${label} of ${whole}, ${meanText(figure, moments)} (${seedsText(seeds)}): ${formula}${unit === 'share' ? ', in points' : ''}; above 0 is for the better.`,
      columns,
    ),
    ...fittingTable(table, pieces, columns).split('\n'),
  ];
}

function importanceLines(importance: Importance, figure: FigureName): string[] {
  const rows = importance.parts.map(({ label, share, interval, pValue }) => [
    label,
    percentText(share),
    interval === null ? '' : `${percentText(interval.low)} to ${percentText(interval.high)}`,
    chanceText(pValue),
  ]);
  const chance =
    importance.chance === null ? [] : [['seeds (chance)', percentText(importance.chance), '', '']];
  const grid = importance.parts.length === 1 ? 'the' : 'the full grid of';
  return [
    '',
    `What explains the ${figures[figure].label} over ${grid} ${importance.experiments} experiments, ${seedsText(importance.seeds)} each:`,
    ...textTable({
      head: ['Option', 'Share', '95 % interval', 'p'],
      rows: [...rows, ...chance],
      indent: 2,
    }).split('\n'),
    ...(importance.leftOut === 0
      ? []
      : [`Only seeds that every combination has: ${counted(importance.leftOut, 'run')} left out.`]),
  ];
}

function pairsText(pairs: number | null): string {
  return pairs === null ? '' : ` (${pairs} pairs)`;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
