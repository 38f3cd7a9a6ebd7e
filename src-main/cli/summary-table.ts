import type { RunRecord } from '../../src-preload/contract/run.ts';
import { lossText, percentText, ratioText } from '../../src-preload/contract/figure-text.ts';
import { cutName, textTable, widthOf } from './text-table.ts';

/** The columns of the study's tables: heading in one line, in few columns, and in very few. */
const COLUMNS: readonly {
  readonly heads: readonly [string, string, string];
  readonly text: (run: RunRecord) => string;
}[] = [
  {
    heads: ['# parameters', '#\nparameters', '# para-\nmeters'],
    text: (run) => String(run.parameters ?? ''),
  },
  {
    heads: ['Params/samples ratio', 'Params/\nsamples\nratio', 'Params/\nsamples\nratio'],
    text: (run) => ratioText(run.paramsPerSample),
  },
  {
    heads: ['Training cost', 'Training\ncost', 'Train-\ning\ncost'],
    text: (run) => lossText(run.last?.training.loss),
  },
  {
    heads: ['Training accuracy', 'Training\naccuracy', 'Train-\ning ac-\ncuracy'],
    text: (run) => percentText(run.last?.training.accuracy),
  },
  { heads: ['Dev cost', 'Dev\ncost', 'Dev\ncost'], text: (run) => lossText(run.last?.dev?.loss) },
  {
    heads: ['Dev accuracy', 'Dev\naccuracy', 'Dev\naccu-\nracy'],
    text: (run) => percentText(run.last?.dev?.accuracy),
  },
  {
    heads: ['Early stop epoch', 'Early\nstop\nepoch', 'Early\nstop\nepoch'],
    text: (run) => String(run.earlyStopEpoch ?? ''),
  },
  {
    heads: ['Avoidable bias', 'Avoidable\nbias', 'Avoid-\nable\nbias'],
    text: (run) => percentText(run.avoidableBias),
  },
  { heads: ['Variance', 'Variance', 'Vari-\nance'], text: (run) => percentText(run.variance) },
];

/** Characters of the first column's heading, and so the fewest that the column has. */
const HEAD_LENGTH = 'Name'.length;
/** Characters of a name that are kept however narrow the terminal, and that are enough to keep wider headings. */
const SHORTEST_NAME = 6;
const READABLE_NAME = 24;

/**
 * The ten columns of the study's tables, of each run's last epoch.
 * @param columns that a line may fill; any number where undefined.
 */
export function summaryTable(runs: readonly RunRecord[], columns: number | undefined): string {
  const rows = runs.map((run) => [run.name, ...COLUMNS.map(({ text }) => text(run))]);
  const align = ['left', ...COLUMNS.map(() => 'right')] as ('left' | 'right')[];
  function table(heads: readonly string[], nameLength: number, gap: number): string {
    return textTable({
      head: ['Name', ...heads],
      rows: rows.map(([name = '', ...cells]) => [cutName(name, nameLength), ...cells]),
      align,
      gap,
    });
  }
  const wide = table(
    COLUMNS.map(({ heads }) => heads[0]),
    Infinity,
    2,
  );
  if (columns === undefined || widthOf(wide) <= columns) return wide;
  const longest = Math.max(...rows.map(([name = '']) => name.length));
  const narrow = COLUMNS.map(({ heads }) => heads[1]);
  const roomBesideNarrow = columns - widthOf(table(narrow, HEAD_LENGTH, 2)) + HEAD_LENGTH;
  if (roomBesideNarrow >= Math.min(longest, READABLE_NAME)) return table(narrow, roomBesideNarrow, 2);
  const narrowest = COLUMNS.map(({ heads }) => heads[2]);
  const room = columns - widthOf(table(narrowest, HEAD_LENGTH, 1)) + HEAD_LENGTH;
  return table(narrowest, Math.max(SHORTEST_NAME, room), 1);
}
