import {
  byExperiment,
  countedRuns,
  experimentKey,
  experimentNames,
  seedsText,
} from '../../src-preload/contract/experiment.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { spreadOf, spreadText } from '../../src-preload/contract/spread.ts';
import { lossText, percentText, ratioText } from '../../src-preload/contract/figure-text.ts';
import { cutName, textTable, widthOf } from './text-table.ts';

/** The columns of the study's tables: heading in one line, in few columns, and in very few. */
const COLUMNS: readonly {
  readonly heads: readonly [string, string, string];
  readonly value: (run: RunRecord) => number | null | undefined;
  readonly print: (value: number) => string;
}[] = [
  {
    heads: ['# parameters', '#\nparameters', '# para-\nmeters'],
    value: ({ parameters }) => parameters,
    print: shortNumber,
  },
  {
    heads: ['Params/samples ratio', 'Params/\nsamples\nratio', 'Params/\nsamples\nratio'],
    value: ({ paramsPerSample }) => paramsPerSample,
    print: ratioText,
  },
  {
    heads: ['Training cost', 'Training\ncost', 'Train-\ning\ncost'],
    value: ({ last }) => last?.training.loss,
    print: lossText,
  },
  {
    heads: ['Training accuracy', 'Training\naccuracy', 'Train-\ning ac-\ncuracy'],
    value: ({ last }) => last?.training.accuracy,
    print: percentText,
  },
  { heads: ['Dev cost', 'Dev\ncost', 'Dev\ncost'], value: ({ last }) => last?.dev?.loss, print: lossText },
  {
    heads: ['Dev accuracy', 'Dev\naccuracy', 'Dev\naccu-\nracy'],
    value: ({ last }) => last?.dev?.accuracy,
    print: percentText,
  },
  {
    heads: ['Early stop epoch', 'Early\nstop\nepoch', 'Early\nstop\nepoch'],
    value: ({ earlyStopEpoch }) => earlyStopEpoch,
    print: shortNumber,
  },
  {
    heads: ['Avoidable bias', 'Avoidable\nbias', 'Avoid-\nable\nbias'],
    value: ({ avoidableBias }) => avoidableBias,
    print: percentText,
  },
  {
    heads: ['Variance', 'Variance', 'Vari-\nance'],
    value: ({ variance }) => variance,
    print: percentText,
  },
];

/** A whole number, or a mean of such with one decimal. */
function shortNumber(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** Runs that stand in one row, and its name. */
export interface SummaryRow {
  readonly name: string;
  /** One a seed; at least one. */
  readonly runs: readonly RunRecord[];
}

/** A row for each run. */
export function rowsOfRuns(runs: readonly RunRecord[]): SummaryRow[] {
  return runs.map((run) => ({ name: run.name, runs: [run] }));
}

/** A row for each experiment: its seeds are told with its name, and each counts once. */
export function rowsOfExperiments(runs: readonly RunRecord[]): SummaryRow[] {
  const { counted, fresh } = countedRuns(runs);
  const experiments = byExperiment(counted);
  const names = experimentNames(experiments);
  return experiments.map((own, index) => {
    const isFresh = own.some((run) => fresh.has(experimentKey(run)));
    return { name: `${names[index] ?? ''} (${seedsText(own.length, isFresh)})`, runs: own };
  });
}

/** Characters of the first column's heading, and so the fewest that the column has. */
const HEAD_LENGTH = 'Name'.length;
/** Characters of a name that are kept however narrow the terminal, and that are enough to keep wider headings. */
const SHORTEST_NAME = 6;
const READABLE_NAME = 24;

/**
 * The ten columns of the study's tables, of the last epoch: of one run, or mean ± standard deviation over several.
 * @param columns that a line may fill; any number where undefined.
 */
export function summaryTable(rows: readonly SummaryRow[], columns: number | undefined): string {
  const align = ['left', ...COLUMNS.map(() => 'right')] as ('left' | 'right')[];
  function table(heads: readonly string[], nameLength: number, gap: number, between = ' ± '): string {
    return textTable({
      head: ['Name', ...heads],
      rows: rows.map(({ name, runs }) => [
        cutName(name, nameLength),
        ...COLUMNS.map((column) => cellOf(column, runs, between)),
      ]),
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
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const narrow = COLUMNS.map(({ heads }) => heads[1]);
  const roomBesideNarrow = columns - widthOf(table(narrow, HEAD_LENGTH, 2, BELOW)) + HEAD_LENGTH;
  if (roomBesideNarrow >= Math.min(longest, READABLE_NAME)) return table(narrow, roomBesideNarrow, 2, BELOW);
  const narrowest = COLUMNS.map(({ heads }) => heads[2]);
  const room = columns - widthOf(table(narrowest, HEAD_LENGTH, 1, BELOW)) + HEAD_LENGTH;
  return table(narrowest, Math.max(SHORTEST_NAME, room), 1, BELOW);
}

/** Where there is little room deviations stand below their means. */
const BELOW = '\n±';

function cellOf(
  { value, print }: (typeof COLUMNS)[number],
  runs: readonly RunRecord[],
  between: string,
): string {
  const values = runs.flatMap((run) => value(run) ?? []);
  const spread = spreadOf(values.filter(Number.isFinite));
  if (spread !== undefined) return spreadText(spread, print, between);
  // What broke down is shown as it is: NaN.
  const [broken] = values;
  return broken === undefined ? '' : print(broken);
}
