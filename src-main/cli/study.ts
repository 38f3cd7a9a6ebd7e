import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { StudyBasis, StudyPicture } from '../../src-preload/contract/study.ts';
import type { ChartFrame } from '../../src-renderer/charts/headless.ts';
import {
  csvReport,
  htmlReport,
  markdownReport,
  pngAddress,
  type ReportInput,
  reportInput,
  summaryLines,
  verdictColumns,
} from '../workbench/study-report.ts';
import {
  launchStudy,
  openStudy,
  type Study,
  studyBasis,
  studyRunReader,
  type StudyOptions,
} from '../workbench/study-run.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit-code.ts';
import { onInterruption } from './interruption.ts';
import { withWorkbench } from './open-workbench.ts';
import { showStudyProgress } from './study-progress.ts';
import { textTable } from './text-table.ts';
import { wholeNumber } from './whole-number.ts';
import { writeWhole } from './write-whole.ts';

const Options = z.object({
  only: z.string().optional(),
  seeds: wholeNumber('seeds', 1, 100).default(1),
  epochs: wholeNumber('epochs', 1, 1_000_000).optional(),
  jobs: wholeNumber('jobs', 1, 16).default(2),
  resume: z.boolean().default(true),
  out: z.string().optional(),
});

const CURVES: ChartFrame = { width: 1200, height: 700, theme: 'light' };
/** Pictures of weights lie in rows below each other. */
const WEIGHTS: ChartFrame = { width: 1200, height: 1000, theme: 'light' };

/** What became of the runs that were needed. */
interface Trained {
  readonly study: Study;
  readonly trained: number;
  readonly continued: number;
}

/**
 * `layerbench study`: trains what the study needs and is not in the store, and writes what came of it as Markdown,
 * as one HTML file, pictures and CSV.
 * @throws UserError for a part that the study does not have.
 */
export async function study(given: unknown, context: Context): Promise<void> {
  const { only, seeds, epochs, jobs, resume, out } = checkedOptions(Options, given);
  const begun = performance.now();
  const options: StudyOptions = {
    only: only?.split(',').map((id) => id.trim()),
    epochs,
    seeds,
    since: resume ? undefined : new Date().toISOString(),
  };
  await withWorkbench(context, async (workbench) => {
    const basis = await studyBasis(workbench);
    const done = await trainAll(workbench, basis, options, jobs, context);
    if (typeof done === 'number') {
      context.exit(done);
      return;
    }
    const folder = resolve(out ?? join(workbench.home.folder, 'study'));
    await mkdir(folder, { recursive: true });
    const input = reportInput(done.study, { seeds, epochs }, await studyRunReader(workbench)(done.study), {
      wallMs: performance.now() - begun,
      trained: done.trained,
      continued: done.continued,
    });
    const report = await writeReport(workbench, done.study, input, folder, context);
    const { out: output } = context.terminal;
    const columns = verdictColumns(input.judged);
    output.line(
      textTable({
        head: ['Part', 'Finding', ...columns.map(({ head }) => head)],
        rows: input.judged.map((one) => [
          one.recipe.id,
          one.recipe.title,
          ...columns.map(({ text }) => text(one)),
        ]),
      }),
    );
    output.line();
    for (const line of summaryLines(input)) output.line(line);
    output.line(`Report: ${report}`);
  });
}

/**
 * Trains what is missing, goes on with what was cut off, and waits for what another process has under way, until all of
 * the study is there.
 * @returns how the command exits where it ends before that.
 */
async function trainAll(
  workbench: Workbench,
  basis: StudyBasis,
  options: StudyOptions,
  jobs: number,
  context: Context,
): Promise<Trained | number> {
  let [trained, continued, finishedBefore] = [0, 0, 0];
  for (let isFirst = true; ; isFirst = false) {
    const opened = await openStudy(workbench, basis, options);
    const { recipes, wanted, finished, underWay, toContinue, missing } = opened;
    if (isFirst) {
      context.terminal.err.line(
        `${counted(recipes.length, 'part')} of the study, ${counted(wanted, 'run')}: ${[
          `${finished.length} in the store`,
          ...(toContinue.length === 0 ? [] : [`${toContinue.length} cut off and to go on`]),
          ...(underWay.length === 0 ? [] : [`${underWay.length} under way elsewhere`]),
          `${missing.length} to be trained`,
        ].join(', ')}.`,
      );
    }
    if (finished.length === wanted) return { study: opened, trained, continued };
    if (!isFirst && underWay.length === 0 && finished.length === finishedBefore)
      throw new UserError('Runs of the study end without having finished: see layerbench runs.');
    finishedBefore = finished.length;
    const exitCode = await trainOnce(workbench, opened, jobs, context);
    if (exitCode !== EXIT.done) return exitCode;
    trained += missing.length;
    continued += toContinue.length;
  }
}

/** @returns how the command exits where it ends here; done where all runs of this process finished. */
async function trainOnce(
  workbench: Workbench,
  opened: Study,
  jobs: number,
  context: Context,
): Promise<number> {
  const queued = launchStudy(workbench, opened);
  const ids = queued.map(({ id }) => id);
  const progress = showStudyProgress(context.terminal.err, queued);
  const waiting = new AbortController();
  const stopListening = workbench.listen((event) => {
    progress.see(event);
  });
  const interruption = onInterruption({
    tidy() {
      progress.say(
        'Ending tidily; what has finished is kept, and the next study goes on from there. Ctrl-C again ends at once.',
      );
      waiting.abort();
      for (const id of ids) stopWhereItGoesOn(workbench, id);
    },
    atOnce() {
      waiting.abort();
      workbench.kill();
    },
  });
  try {
    const runs = await workbench.work(ids, { jobs });
    const elsewhere = opened.underWay.filter(({ id }) => goesOn(workbench, id));
    if (elsewhere.length > 0 && interruption.exitCode() === undefined) {
      progress.say(`Waiting for ${counted(elsewhere.length, 'run')} that another process has under way.`);
      await allEnded(
        workbench,
        elsewhere.map(({ id }) => id),
        waiting.signal,
      );
    }
    return interruption.exitCode() ?? sayFailures(runs, context);
  } finally {
    progress.close();
    interruption.close();
    stopListening();
  }
}

/** Resolves when none of these runs goes on any more, whoever runs it, or when it is given up. */
function allEnded(workbench: Workbench, ids: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const left = new Set(ids);
    const stopWatching = workbench.watch({
      tell(events) {
        for (const event of events) {
          if (event.kind === 'ended') left.delete(event.run.id);
          else if (event.kind === 'removed') left.delete(event.run);
          else if (event.kind === 'missed') forgetEnded();
        }
        settle();
      },
      isBusy: () => false,
    });
    function forgetEnded(): void {
      for (const id of left) if (!goesOn(workbench, id)) left.delete(id);
    }
    function settle(): void {
      if (left.size > 0 && !signal.aborted) return;
      stopWatching();
      resolve();
    }
    signal.addEventListener('abort', settle);
    // Some may have ended before they were watched.
    forgetEnded();
    settle();
  });
}

function goesOn(workbench: Workbench, id: string): boolean {
  const { status } = workbench.run(id);
  return status === 'queued' || status === 'running';
}

function stopWhereItGoesOn(workbench: Workbench, id: string): void {
  if (goesOn(workbench, id)) workbench.stop(id);
}

function sayFailures(runs: readonly RunRecord[], { terminal }: Context): number {
  const failed = runs.filter(({ status }) => status !== 'finished');
  const begun = failed.filter(({ startedAt }) => startedAt !== null);
  for (const { id, name, status, reason } of begun) {
    terminal.err.line(`${name} (${id}) ${status}${reason === null ? '' : `: ${reason}`}`);
  }
  return failed.length === 0 ? EXIT.done : EXIT.failed;
}

/** @returns the path of the HTML file. */
async function writeReport(
  workbench: Workbench,
  opened: Study,
  input: ReportInput,
  folder: string,
  context: Context,
): Promise<string> {
  const drawn = new Map<string, string>();
  for (const picture of input.pictures) {
    const png = await drawPicture(workbench, opened, picture, context.fonts);
    await writeWhole(join(folder, picture.file), png);
    drawn.set(picture.file, pngAddress(png));
  }
  const markdown = markdownReport(input);
  await writeWhole(join(folder, 'report.md'), markdown);
  await writeWhole(join(folder, 'figures.csv'), csvReport(input));
  const html = htmlReport(markdown, (file) => drawn.get(file));
  return writeWhole(join(folder, 'report.html'), html);
}

/** Curves are means with their band over seeds; weights are those of the first seed. */
async function drawPicture(
  workbench: Workbench,
  { recipes, runsOf }: Study,
  { part, kind }: StudyPicture,
  fontFolder: string,
): Promise<Uint8Array> {
  const charts = await import('../../src-renderer/charts/headless.ts');
  const fonts = charts.fontFilesIn(fontFolder);
  const experiments = recipes.find(({ id }) => id === part)?.experiments ?? [];
  const named = experiments.map((experiment) => ({ label: experiment.label, runs: runsOf(experiment) }));
  if (kind === 'parameters') {
    const run = named.flatMap(({ runs }) => runs).find(({ config }) => config.trackLayer.length > 0);
    const units = run === undefined ? [] : workbench.snapshots(run.id, 'units');
    const option = charts.weightsOption(
      { units: units.filter((one) => one.kind === 'units'), run: part },
      WEIGHTS,
    );
    return charts.renderPng(charts.renderSvg(option, { ...WEIGHTS, fonts }), { fonts });
  }
  const series = await workbench.series(
    named.flatMap(({ runs }) => runs.map(({ id }) => id)),
    charts.curveMetrics(kind),
  );
  const option = charts.studyCurvesOption({ part, quantity: kind, experiments: named, series }, CURVES);
  return charts.renderPng(charts.renderSvg(option, { ...CURVES, fonts }), { fonts });
}
