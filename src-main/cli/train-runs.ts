import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit-code.ts';
import { onInterruption } from './interruption.ts';
import { jsonLine } from './json-line.ts';
import { showRunProgress } from './run-progress.ts';
import { rowsOfExperiments, rowsOfRuns, summaryTable } from './summary-table.ts';
import { type Pair, pairs } from './text-table.ts';

/** Runs that are all named at the end: more would fill a screen. */
const MOST_NAMED = 6;

/** How runs are worked through, and shown. */
export interface TrainOptions {
  readonly context: Context;
  /** Prints each run as a line of JSON on standard output, and everything else on standard error. */
  readonly json: boolean;
  readonly jobs: number;
}

/**
 * Works through queued runs, shows how they come along, and sums them up. Ctrl-C ends them tidily, a second one at
 * once.
 * @returns their rows, and the exit code that they and Ctrl-C make.
 */
export async function trainRuns(
  workbench: Workbench,
  queued: readonly RunRecord[],
  { context, json, jobs }: TrainOptions,
): Promise<{ runs: RunRecord[]; exitCode: number }> {
  const { terminal } = context;
  const ids = queued.map(({ id }) => id);
  const progress = showRunProgress(terminal.err, queued);
  const printed = json
    ? inOrder(ids, (run) => {
        terminal.out.line(jsonLine(run));
      })
    : undefined;
  const ended = new Set<string>();
  let isMendable = false;
  const stopListening = workbench.listen((event) => {
    progress.see(event);
    if (event.kind !== 'ended') return;
    ended.add(event.run.id);
    isMendable ||= event.mendable;
    printed?.(event.run);
  });
  const interruption = onInterruption({
    tidy() {
      progress.say('Ending at the next batch; what is there is kept. Ctrl-C again ends at once.');
      for (const id of ids) if (!ended.has(id)) workbench.stop(id);
    },
    atOnce() {
      workbench.kill();
    },
  });
  try {
    const runs = await workbench.work(ids, { jobs });
    progress.close();
    sayEnd(context, runs, workbench.home.folder, json);
    return { runs, exitCode: interruption.exitCode() ?? exitCodeOf(runs, isMendable) };
  } finally {
    progress.close();
    interruption.close();
    stopListening();
  }
}

/** Hands rows on in the order of their ids, each as soon as those before it have come. */
export function inOrder(ids: readonly string[], print: (run: RunRecord) => void): (run: RunRecord) => void {
  const waiting = new Map<string, RunRecord>();
  let next = 0;
  return (run) => {
    waiting.set(run.id, run);
    for (;;) {
      const due = waiting.get(ids[next] ?? '');
      if (due === undefined) return;
      waiting.delete(due.id);
      next++;
      print(due);
    }
  };
}

function exitCodeOf(runs: readonly RunRecord[], isMendable: boolean): number {
  if (runs.every(({ status }) => status === 'finished')) return EXIT.done;
  return isMendable ? EXIT.mend : EXIT.failed;
}

/** The summary table, with a row for the seeds of an experiment together, and where the runs are kept. */
function sayEnd(
  { terminal, program }: Context,
  runs: readonly RunRecord[],
  folder: string,
  json: boolean,
): void {
  const output = json ? terminal.err : terminal.out;
  const trained = runs.filter(({ last }) => last !== null);
  terminal.err.line();
  if (trained.length > 0) {
    const repeated = rowsOfExperiments(trained).filter((row) => row.runs.length > 1);
    output.line(summaryTable([...rowsOfRuns(trained), ...repeated], output.columns));
    output.line();
  }
  const failed = runs.filter(({ status }) => status === 'failed');
  if (runs.length > 1 && failed.length > 0) {
    for (const run of failed) output.line(`${run.name} failed: ${run.reason ?? 'without a reason'}`);
    output.line();
  }
  output.line(pairs(keptPairs(runs, folder, program), undefined, ''));
}

/** Where runs are kept and what to look at next; of many runs only the first and the last are named. */
export function keptPairs(runs: readonly RunRecord[], folder: string, program: string): Pair[] {
  const names = runs.map(({ id, name }) => `${name} ${id}`);
  const ids = runs.map(({ id }) => id).join(' ');
  const isMany = runs.length > MOST_NAMED;
  return [
    ['Kept in:', folder],
    runs.length === 1
      ? ['Run:', names[0]]
      : [
          'Runs:',
          isMany ? `${runs.length}, from ${names[0] ?? ''} to ${names.at(-1) ?? ''}` : names.join(', '),
        ],
    runs.length === 1
      ? ['Look at it:', `${program} show ${ids}`]
      : ['Look at them:', isMany ? `${program} runs --limit=${runs.length}` : `${program} compare ${ids}`],
  ];
}
