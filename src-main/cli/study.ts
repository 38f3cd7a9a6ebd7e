import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { type Study, openStudy } from '../workbench/study-run.ts';
import {
  csvReport,
  htmlReport,
  markdownReport,
  type ReportInput,
  summaryLines,
} from '../workbench/study-report.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { drawCurves } from './draw-curves.ts';
import { EXIT } from './exit-code.ts';
import { counted, durationText } from '../../src-preload/contract/figure-text.ts';
import { onInterruption } from './interruption.ts';
import { withWorkbench } from './open-workbench.ts';
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

/** Pictures show the first seed of each experiment. */
const PICTURE = { width: 1200, height: 700, theme: 'light' } as const;

/**
 * `layerbench study`: trains what the study needs and is not in the store, and writes what came of it as Markdown,
 * as one HTML file, pictures and CSV.
 * @throws UserError for a part that the study does not have.
 */
export async function study(given: unknown, context: Context): Promise<void> {
  const { only, seeds, epochs, jobs, resume, out } = checkedOptions(Options, given);
  const { terminal, appVersion } = context;
  await withWorkbench(context, async (workbench) => {
    const { rungs } = await workbench.ladder();
    const best = rungs.find(({ available, notForAuto }) => available && notForAuto === null);
    const opened = openStudy(workbench, {
      backend: best?.name ?? 'auto',
      ...(only === undefined ? {} : { only: only.split(',').map((id) => id.trim()) }),
      ...(epochs === undefined ? {} : { epochs }),
      seeds,
      jobs,
      reuse: resume,
      appVersion,
    });
    const { recipes, missing, reused } = opened;
    terminal.err.line(
      `${counted(recipes.length, 'part')} of the study, ${counted(missing.length + reused, 'run')}: ${reused} in the store, ${missing.length} to be trained.`,
    );
    const exitCode = await trainMissing(workbench, opened, jobs, context);
    if (exitCode !== EXIT.done) {
      context.exit(exitCode);
      return;
    }
    const folder = resolve(out ?? join(workbench.home.folder, 'study'));
    await mkdir(folder, { recursive: true });
    const { judged, figuresOf } = opened.judged();
    const drawn = await drawPictures(workbench, opened, folder, context);
    const input: ReportInput = {
      judged,
      figuresOf,
      seeds,
      epochs: epochs ?? null,
      computedBy: computedBy(opened),
      pictures: new Map(recipes.map(({ id }) => [id, pictureName(id)])),
    };
    const markdown = markdownReport(input);
    await writeWhole(join(folder, 'report.md'), markdown);
    const report = await writeWhole(join(folder, 'report.html'), htmlReport(markdown, drawn));
    await writeWhole(join(folder, 'figures.csv'), csvReport(input));
    terminal.out.line(
      textTable({
        head: ['Part', 'Finding', 'Verdict'],
        rows: judged.map(({ recipe, outcome }) => [recipe.id, recipe.title, outcome]),
      }),
    );
    terminal.out.line();
    for (const line of summaryLines(input)) terminal.out.line(line);
    terminal.out.line(`Report: ${report}`);
  });
}

/** @returns how the command exits where it ends here; done where all runs finished. */
async function trainMissing(
  workbench: Workbench,
  { missing }: Study,
  jobs: number,
  context: Context,
): Promise<number> {
  if (missing.length === 0) return EXIT.done;
  const { err } = context.terminal;
  const queued = workbench.launch(missing);
  const begun = performance.now();
  let ended = 0;
  const stopListening = workbench.listen((event) => {
    if (event.kind !== 'ended') return;
    ended++;
    const left = ((performance.now() - begun) / ended) * (queued.length - ended);
    const { name, status, last } = event.run;
    const accuracies =
      last === null ? '' : `  training ${share(last.training.accuracy)}  dev ${share(last.dev?.accuracy)}`;
    err.line(`${ended}/${queued.length}  ${name} ${status}${accuracies}  about ${durationText(left)} left`);
  });
  const interruption = onInterruption({
    tidy: () => {
      err.line(
        'Ending tidily; what has finished is kept, and the next study goes on from there. Ctrl-C again ends at once.',
      );
      for (const { id } of queued) stopWhereItGoesOn(workbench, id);
    },
    atOnce: () => {
      workbench.kill();
    },
  });
  try {
    const runs = await workbench.work(
      queued.map(({ id }) => id),
      { jobs },
    );
    return interruption.exitCode() ?? sayFailures(runs, context);
  } finally {
    interruption.close();
    stopListening();
  }
}

function stopWhereItGoesOn(workbench: Workbench, id: string): void {
  const { status } = workbench.run(id);
  if (status === 'queued' || status === 'running') workbench.stop(id);
}

function sayFailures(runs: readonly RunRecord[], { terminal }: Context): number {
  const failed = runs.filter(({ status }) => status !== 'finished');
  for (const { id, name, status, reason } of failed) {
    terminal.err.line(`${name} (${id}) ${status}${reason === null ? '' : `: ${reason}`}`);
  }
  return failed.length === 0 ? EXIT.done : EXIT.failed;
}

/** @returns each part's picture, PNG, by its file name. */
async function drawPictures(
  workbench: Workbench,
  { recipes, runsOf }: Study,
  folder: string,
  context: Context,
): Promise<Map<string, Uint8Array>> {
  const { fontFilesIn, renderPng } = await import('../../src-renderer/charts/headless.ts');
  const pictures = new Map<string, Uint8Array>();
  for (const { id, experiments } of recipes) {
    const runs = experiments.flatMap((experiment) =>
      runsOf(experiment)
        .slice(0, 1)
        .map((run) => ({ ...run, name: experiment.label })),
    );
    const svg = await drawCurves(
      workbench,
      runs,
      { quantity: 'accuracy', logScale: false },
      PICTURE,
      context.fonts,
    );
    const picture = renderPng(svg, { fonts: fontFilesIn(context.fonts) });
    await writeWhole(join(folder, pictureName(id)), picture);
    pictures.set(pictureName(id), picture);
  }
  return pictures;
}

function pictureName(id: string): string {
  return `${id}.png`;
}

function computedBy({ recipes, runsOf }: Study): string {
  const runs = recipes.flatMap(({ experiments }) => experiments.flatMap(runsOf));
  const names = runs.map(({ backend }) =>
    backend === null ? 'unknown' : `${backend.name}, ${backend.library}`,
  );
  return [...new Set(names)].join('; ');
}

function share(value: number | undefined): string {
  return value === undefined ? '' : `${(100 * value).toFixed(1)} %`;
}
