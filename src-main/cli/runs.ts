import { basename } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';
import { type RunRecord, RunStatus } from '../../src-preload/contract/run.ts';
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
      // One more than is shown tells whether there are more.
      ...(limit === undefined ? {} : { limit: limit + 1 }),
    });
    const runs = limit === undefined ? found : found.slice(0, limit);
    if (options.json) {
      for (const run of runs) out.line(jsonLine(run));
      return;
    }
    if (runs.length === 0) {
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
    out.line(fittingTable(RUN_COLUMNS, runs, out.columns));
    if (found.length > runs.length) {
      err.line(`${counted(runs.length, 'run')} shown; there are more, with --limit=N.`);
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
