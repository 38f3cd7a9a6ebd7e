import type { RunSetAnalysis } from '../../src-preload/contract/analysis.ts';
import { seedsText } from '../../src-preload/contract/experiment.ts';
import { percentText } from '../../src-preload/contract/figure-text.ts';
import {
  chanceText,
  differenceText,
  type FigureName,
  figures,
  meanText,
  rangeText,
} from '../../src-preload/contract/figure.ts';

/** A table of texts under a title; the first column names its rows. */
export interface TextTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What an analysis holds in tables, as the window shows it: contributions, else differences, and importance. */
export function analysisTables(analysis: RunSetAnalysis): TextTable[] {
  const { contributions, against, importance, figure } = analysis;
  const { label } = figures[figure];
  return [
    ...(contributions === null ? [] : [contributionTable(contributions, figure)]),
    // Of an ablation the contributions say the same.
    ...(against === null || against === contributions?.whole ? [] : [differenceTable(analysis, against)]),
    ...(importance === null
      ? []
      : [
          {
            title: `What explains the ${label} over ${importance.experiments} experiments, ${seedsText(importance.seeds)} each`,
            head: ['Option', 'Share of the variance', '95 % interval', 'p'],
            rows: [
              ...importance.parts.map((part) => [
                part.label,
                percentText(part.share),
                part.interval === null
                  ? ''
                  : `${percentText(part.interval.low)} to ${percentText(part.interval.high)}`,
                chanceText(part.pValue),
              ]),
              ...(importance.chance === null
                ? []
                : [['seeds (chance)', percentText(importance.chance), '', '']]),
            ],
          },
        ]),
  ];
}

function contributionTable(
  { whole, pieces, seeds, ...moments }: NonNullable<RunSetAnalysis['contributions']>,
  figure: FigureName,
): TextTable {
  const { label, unit } = figures[figure];
  return {
    title: `What each piece contributes to the ${label} of ${whole}, ${meanText(figure, moments)} (${seedsText(seeds)}); above 0 is for the better`,
    head: [
      'Piece',
      'Switched off',
      'Seeds',
      'Without it',
      unit === 'share' ? 'Contribution, points' : 'Contribution',
      '95 % interval',
      'p (Holm)',
      'Verdict',
    ],
    rows: pieces.map((piece) => [
      piece.label,
      `${piece.on} → ${piece.off}`,
      String(piece.runs.length),
      meanText(figure, piece),
      differenceText(figure, piece.contribution),
      rangeText(figure, piece.interval),
      chanceText(piece.pValue),
      verdictText(piece.verdict, piece.pairs),
    ]),
  };
}

function differenceTable({ experiments, figure }: RunSetAnalysis, against: string): TextTable {
  const { label, unit } = figures[figure];
  return {
    title: `The ${label}, held against ${against}`,
    head: [
      'Experiment',
      'Seeds',
      `${label.charAt(0).toUpperCase()}${label.slice(1)}`,
      unit === 'share' ? 'Points' : 'Difference',
      '95 % interval',
      'p (Holm)',
      'Verdict',
    ],
    rows: experiments.map((row) => [
      row.name,
      row.isFresh ? seedsText(row.runs.length, true) : String(row.runs.length),
      meanText(figure, row),
      ...(row.difference === null
        ? ['', '', '', '']
        : [
            differenceText(figure, row.difference.value),
            rangeText(figure, row.difference.interval),
            chanceText(row.difference.pValue),
            verdictText(row.difference.verdict, row.difference.pairs),
          ]),
    ]),
  };
}

function verdictText(verdict: string, pairs: number | null): string {
  return pairs === null ? verdict : `${verdict}, over ${pairs} pairs of seeds`;
}
