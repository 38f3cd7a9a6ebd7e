import { basename } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';
import {
  byExperiment,
  countedRuns,
  experimentName,
  leftOutSentences,
  seedsText,
} from '../../src-preload/contract/experiment.ts';
import { type RunRecord, RunStatus } from '../../src-preload/contract/run.ts';
import { type Spread, spreadOf, spreadText } from '../../src-preload/contract/spread.ts';
import type { SortColumn } from '../workbench/workbench.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { counted, momentText, percentText } from '../../src-preload/contract/figure-text.ts';
import { jsonLine } from './json-line.ts';
import { nearest } from './nearest.ts';
import { withWorkbench } from './open-workbench.ts';
import { type Column, cutName, fittingTable } from './text-table.ts';
import { wholeNumber } from './whole-number.ts';
import { wholePath } from './whole-paths.ts';

/** What runs can be sorted by, and whether the highest comes first. */
export const SORTS: Readonly<Record<SortColumn, { readonly highestFirst: boolean }>> = {
  created: { highestFirst: true },
  name: { highestFirst: false },
  status: { highestFirst: false },
  dataset: { highestFirst: false },
  parameters: { highestFirst: true },
  epochs: { highestFirst: true },
  'training-accuracy': { highestFirst: true },
  'dev-accuracy': { highestFirst: true },
  'best-dev-accuracy': { highestFirst: true },
};

/** Runs that are shown as a table where no limit is given. */
const SHOWN_RUNS = 50;

const Options = z.object({
  status: z.array(z.string()).default([]),
  name: z.string().optional(),
  dataset: z.string().optional(),
  tag: z.string().optional(),
  starred: z.boolean().default(false),
  trashed: z.boolean().default(false),
  sort: z.string().default('created'),
  reverse: z.boolean().default(false),
  limit: wholeNumber('limit', 1, 1_000_000).optional(),
  byExperiment: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `layerbench runs`: the runs of the data folder, as a table or as JSON. */
export async function listRuns(given: unknown, context: Context): Promise<void> {
  const options = checkedOptions(Options, given);
  const { out, err } = context.terminal;
  const status = options.status.map(knownStatus);
  const sort = knownSort(options.sort);
  const limit = options.limit ?? (options.json ? undefined : SHOWN_RUNS);
  await withWorkbench(context, (workbench) => {
    const found = workbench.runs({
      status,
      sort,
      descending: SORTS[sort].highestFirst !== options.reverse,
      starred: options.starred,
      trashed: options.trashed,
      ...(options.tag === undefined ? {} : { tag: options.tag }),
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.dataset === undefined ? {} : { dataset: wholePath(options.dataset) }),
      // One more than is shown tells whether there are more; how many runs an experiment has is not known before.
      ...(limit === undefined || options.byExperiment ? {} : { limit: limit + 1 }),
    });
    const listed = options.byExperiment ? experimentsOf(found, sort, options.reverse) : found;
    const shown = limit === undefined ? listed : listed.slice(0, limit);
    if (options.json) {
      for (const one of shown) out.line(jsonLine('config' in one ? one : jsonOf(one)));
      return;
    }
    if (shown.length === 0) {
      if (options.trashed) {
        err.line('The trash is empty.');
        return;
      }
      const filtered =
        status.length > 0 ||
        options.tag !== undefined ||
        options.starred ||
        options.name !== undefined ||
        options.dataset !== undefined;
      err.line(filtered ? 'No run is like that.' : 'There is no run yet. Start one with: layerbench train');
      return;
    }
    const experiments = shown.flatMap((one) => ('config' in one ? [] : [one]));
    const runs = shown.flatMap((one) => ('config' in one ? [one] : []));
    out.line(
      options.byExperiment
        ? fittingTable(EXPERIMENT_COLUMNS, experiments, out.columns)
        : fittingTable(RUN_COLUMNS, runs, out.columns),
    );
    if (options.byExperiment) {
      const all = experiments.flatMap(({ runs: own }) => own);
      for (const sentence of leftOutSentences(countedRuns(all))) err.line(sentence);
    }
    if (listed.length > shown.length) {
      const what = counted(shown.length, options.byExperiment ? 'experiment' : 'run');
      err.line(`${what} shown; there are more, with --limit=N.`);
    }
  });
}

const RUN_COLUMNS: readonly Column<RunRecord>[] = [
  { head: 'Run', text: (run) => run.id },
  { head: 'Name', text: (run) => cutName(run.name, 20) },
  { head: 'Status', text: (run) => run.status },
  { head: 'Data set', text: (run) => cutName(basename(run.config.dataset), 20), leftOut: 2 },
  { head: 'Parameters', text: (run) => String(run.parameters ?? ''), align: 'right', leftOut: 1 },
  { head: 'Epochs', text: (run) => `${run.epochs}/${run.config.nbrEpochs}`, align: 'right' },
  { head: 'Training', text: (run) => percentText(run.last?.training.accuracy), align: 'right' },
  { head: 'Dev', text: (run) => percentText(run.last?.dev?.accuracy), align: 'right' },
  { head: 'Best dev', text: (run) => percentText(run.bests.devAccuracy?.value), align: 'right', leftOut: 4 },
  { head: 'Created', text: (run) => momentText(run.createdAt), leftOut: 3 },
];

/** A configuration with its seeds. */
interface Experiment {
  readonly name: string;
  /** All of it, in the order they are listed. */
  readonly runs: readonly RunRecord[];
  /** Those that figures are made of, one a seed. */
  readonly counted: readonly RunRecord[];
  readonly isFresh: boolean;
}

/** Figures of an experiment, over its seeds. */
const FIGURES = {
  training: (run: RunRecord) => run.last?.training.accuracy,
  dev: (run: RunRecord) => run.last?.dev?.accuracy,
  bestDev: (run: RunRecord) => run.best?.dev?.accuracy,
  variance: (run: RunRecord) => run.variance,
  epochs: (run: RunRecord) => run.epochs,
} satisfies Record<string, (run: RunRecord) => number | null | undefined>;

/** What experiments are sorted by the means of; by anything else they stand in the order of their first runs. */
const MEANS: Partial<Record<SortColumn, keyof typeof FIGURES>> = {
  'training-accuracy': 'training',
  'dev-accuracy': 'dev',
  'best-dev-accuracy': 'bestDev',
  epochs: 'epochs',
};

function experimentsOf(runs: readonly RunRecord[], sort: SortColumn, isReversed: boolean): Experiment[] {
  const experiments = byExperiment(runs).flatMap((own): Experiment[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { counted: taken, fresh } = countedRuns(own);
    return [{ name: experimentName(first), runs: own, counted: taken, isFresh: fresh.size > 0 }];
  });
  const figure = MEANS[sort];
  if (figure === undefined) return experiments;
  const sign = SORTS[sort].highestFirst === isReversed ? 1 : -1;
  // Without a figure an experiment stands last, whichever way is sorted.
  function placeOf(experiment: Experiment): number {
    const mean = spreadOfFigure(experiment, figure ?? 'dev')?.mean;
    return mean === undefined ? Infinity : sign * mean;
  }
  return experiments.toSorted((one, other) => {
    const [first, second] = [placeOf(one), placeOf(other)];
    return first === second ? 0 : first - second;
  });
}

function spreadOfFigure({ counted: own }: Experiment, figure: keyof typeof FIGURES): Spread | undefined {
  return spreadOf(own.flatMap((run) => FIGURES[figure](run) ?? []).filter(Number.isFinite));
}

function figureColumn(head: string, figure: keyof typeof FIGURES, leftOut?: number): Column<Experiment> {
  return {
    head,
    text: (experiment) => {
      const spread = spreadOfFigure(experiment, figure);
      return spread === undefined ? '' : spreadText(spread, percentText);
    },
    align: 'right',
    ...(leftOut === undefined ? {} : { leftOut }),
  };
}

const EXPERIMENT_COLUMNS: readonly Column<Experiment>[] = [
  { head: 'Experiment', text: ({ name }) => cutName(name, 30) },
  { head: 'Seeds', text: ({ counted: own, isFresh }) => seedsText(own.length, isFresh) },
  { head: 'Data set', text: ({ runs }) => cutName(basename(runs[0]?.config.dataset ?? ''), 20), leftOut: 2 },
  { head: 'Parameters', text: ({ runs }) => String(runs[0]?.parameters ?? ''), align: 'right', leftOut: 1 },
  figureColumn('Training', 'training'),
  figureColumn('Dev', 'dev'),
  figureColumn('Best dev', 'bestDev', 4),
  figureColumn('Variance', 'variance', 5),
  { head: 'Newest', text: ({ runs }) => momentText(newestOf(runs)), leftOut: 3 },
];

function newestOf(runs: readonly RunRecord[]): string {
  return runs.map(({ createdAt }) => createdAt).reduce((one, other) => (one > other ? one : other), '');
}

/** An experiment as `--json` prints it: figures of those runs alone that count. */
function jsonOf(experiment: Experiment): unknown {
  const { name, runs, counted: own, isFresh } = experiment;
  return {
    experiment: name,
    config: own[0]?.config,
    runs: runs.map(({ id }) => id),
    counted: own.map(({ id }) => id),
    isFresh,
    seeds: own.map(({ config: { modelSeed, datasetSeed } }) => ({ modelSeed, datasetSeed })),
    figures: Object.fromEntries(
      Object.keys(FIGURES).map((figure) => {
        const spread = spreadOfFigure(experiment, figure as keyof typeof FIGURES);
        return [figure, spread === undefined ? null : { ...spread, sd: spread.sd ?? null }];
      }),
    ),
  };
}

function knownStatus(text: string): RunStatus {
  const known = RunStatus.safeParse(text);
  if (known.success) return known.data;
  throw new UserError(`--status=${text} is not possible: it takes one of ${RunStatus.options.join(', ')}.`);
}

function knownSort(text: string): SortColumn {
  const columns = Object.keys(SORTS) as SortColumn[];
  const known = columns.find((column) => column === text);
  if (known !== undefined) return known;
  const meant = nearest(text, columns);
  throw new UserError(
    `--sort=${text} is not possible: it takes one of ${columns.join(', ')}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
  );
}
