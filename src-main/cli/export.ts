import { extname } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { METRICS } from '../../src-preload/contract/series.ts';
import type { ConfusionMatrix, Part, Snapshot, UnitsSnapshot } from '../../src-preload/contract/snapshot.ts';
import type { ChartFrame, ChartOption } from '../../src-renderer/charts/headless.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { drawCurves, foldedExperiments } from './draw-curves.ts';
import { oneOf } from './one-of.ts';
import { withWorkbench } from './open-workbench.ts';
import { wholeNumber } from './whole-number.ts';
import { writeWhole } from './write-whole.ts';

export const CHARTS = ['loss', 'accuracy', 'confusion', 'weights'] as const;
export const THEMES = ['light', 'dark'] as const;
const FORMATS = ['png', 'svg', 'csv'] as const;

/** Pixels of a side: in fewer than the first no chart can be read. */
export const SIDE = [300, 8192] as const;

/** Pixels of a picture that is given no height: matrices of several parts stand side by side and fill less. */
const HEIGHT = 750;
const HEIGHT_OF_MATRICES = 450;

const Options = z.object({
  chart: oneOf('chart', CHARTS),
  out: z.string(),
  theme: oneOf('theme', THEMES).default('light'),
  width: wholeNumber('width', ...SIDE).default(1200),
  height: wholeNumber('height', ...SIDE).optional(),
  epoch: wholeNumber('epoch', 1, 1_000_000).optional(),
  logScale: z.boolean().default(false),
  eachRun: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/** The order in which parts are shown. */
const PART_ORDER: readonly Part[] = ['training', 'dev', 'test'];

/**
 * `layerbench export RUN…`: a chart of runs as a picture, or its figures as CSV; the file's ending decides.
 * @throws UserError for a chart that these runs do not have, and for an ending that is not known.
 */
export async function exportChart(
  references: readonly string[],
  given: unknown,
  context: Context,
): Promise<void> {
  const options = checkedOptions(Options, given);
  const format = formatOf(options.out);
  checkEffect(options, format);
  await withWorkbench(context, async (workbench) => {
    const named = references.map((reference) => workbench.run(reference));
    // One run named twice is one run.
    const runs = [...new Map(named.map((run) => [run.id, run])).values()];
    const contents =
      format === 'csv'
        ? await csvOf(workbench, runs, options)
        : await pictureOf(workbench, runs, options, format, context.fonts);
    context.terminal.out.line(await writeWhole(options.out, contents));
  });
}

function formatOf(path: string): (typeof FORMATS)[number] {
  const ending = extname(path).slice(1).toLowerCase();
  const known = FORMATS.find((format) => format === ending);
  if (known !== undefined) return known;
  throw new UserError(
    `--out=${path} does not say what to write: its ending has to be one of ${FORMATS.map((format) => `.${format}`).join(', ')}.`,
  );
}

/** @throws UserError for options that this chart or this kind of file leaves without a meaning. */
function checkEffect({ chart, epoch, logScale, eachRun }: Options, format: (typeof FORMATS)[number]): void {
  const isCurves = chart === 'loss' || chart === 'accuracy';
  if (epoch !== undefined && isCurves) {
    throw new UserError(
      `--epoch=${epoch} contradicts --chart=${chart}: curves show every epoch. It is for confusion and weights.`,
    );
  }
  if (eachRun && !isCurves) {
    throw new UserError(
      `--each-run contradicts --chart=${chart}, which is of one run anyway: it is for curves.`,
    );
  }
  if (logScale && (chart !== 'loss' || format === 'csv')) {
    throw new UserError(
      `--log-scale contradicts ${chart === 'loss' ? 'an ending of .csv' : `--chart=${chart}`}: it is for pictures of the loss.`,
    );
  }
}

async function pictureOf(
  workbench: Workbench,
  runs: readonly RunRecord[],
  { chart, width, height: wantedHeight, theme, epoch, logScale, eachRun }: Options,
  format: 'png' | 'svg',
  fontFolder: string,
): Promise<string | Buffer> {
  const charts = await import('../../src-renderer/charts/headless.ts');
  let frame: ChartFrame = { width, height: wantedHeight ?? HEIGHT, theme };
  const fonts = charts.fontFilesIn(fontFolder);
  function drawn(option: ChartOption): string {
    return charts.renderSvg(option, { ...frame, fonts });
  }
  let svg: string;
  if (chart === 'confusion') {
    const run = onlyRun(runs, chart);
    const matrices = confusionOf(workbench, run, epoch);
    if (matrices.length > 1) frame = { ...frame, height: wantedHeight ?? HEIGHT_OF_MATRICES };
    svg = drawn(charts.confusionOption({ classes: run.classes, matrices, run: run.name }, frame));
  } else if (chart === 'weights') {
    const run = onlyRun(runs, chart);
    svg = drawn(charts.weightsOption({ units: unitsOf(workbench, run, epoch), run: run.name }, frame));
  } else {
    checkCurves(runs);
    svg = await drawCurves(
      workbench,
      runs,
      { quantity: chart, logScale, isFolded: !eachRun },
      frame,
      fontFolder,
    );
  }
  return format === 'svg' ? svg : charts.renderPng(svg, { fonts });
}

async function csvOf(
  workbench: Workbench,
  runs: readonly RunRecord[],
  { chart, epoch, eachRun }: Options,
): Promise<string> {
  if (chart === 'confusion') {
    const run = onlyRun(runs, chart);
    const { confusionCsv } = await import('../../src-renderer/charts/headless.ts');
    return confusionCsv(run.classes, confusionOf(workbench, run, epoch));
  }
  if (chart === 'weights') {
    const run = onlyRun(runs, chart);
    const { unitsCsv } = await import('../../src-renderer/charts/headless.ts');
    return unitsCsv(unitsOf(workbench, run, epoch));
  }
  checkCurves(runs);
  const { foldedCsv, seriesCsv } = await import('../../src-renderer/charts/headless.ts');
  const metrics = METRICS.filter((metric) => metric.endsWith(`.${chart}`));
  const series = await workbench.series(
    runs.map(({ id }) => id),
    metrics,
  );
  const experiments = foldedExperiments(runs);
  return eachRun || experiments.length === runs.length
    ? seriesCsv(runs, series)
    : foldedCsv(
        experiments.map((one) => ({ name: one.name, runs: one.runs.map(({ id }) => id) })),
        series,
      );
}

function onlyRun(runs: readonly RunRecord[], chart: string): RunRecord {
  const [run, ...others] = runs;
  if (run === undefined || others.length > 0) {
    throw new UserError(`--chart=${chart} shows one run at a time; name one.`);
  }
  return run;
}

function checkCurves(runs: readonly RunRecord[]): void {
  const empty = runs.find(({ epochs }) => epochs === 0);
  if (empty !== undefined) {
    throw new UserError(`Run ${empty.id} (${empty.name}, ${empty.status}) has no epoch to show.`);
  }
}

function confusionOf(workbench: Workbench, run: RunRecord, epoch: number | undefined): ConfusionMatrix[] {
  // What a run is worth at its end is what people ask for; one that was cut off has its epochs alone.
  const final = epoch === undefined ? workbench.snapshots(run.id, 'final-confusion') : [];
  const snapshots = final.length > 0 ? final : workbench.snapshots(run.id, 'confusion', epoch);
  const matrices = snapshots.filter((snapshot: Snapshot) => 'counts' in snapshot);
  if (matrices.length === 0) throw new UserError(nothingKept(run, 'confusion matrices', epoch));
  return matrices.toSorted((one, other) => PART_ORDER.indexOf(one.part) - PART_ORDER.indexOf(other.part));
}

function unitsOf(workbench: Workbench, run: RunRecord, epoch: number | undefined): UnitsSnapshot[] {
  const units = workbench
    .snapshots(run.id, 'units', epoch)
    .filter((snapshot: Snapshot) => snapshot.kind === 'units');
  if (units.length > 0) return units;
  if (run.config.trackLayer.length === 0) {
    throw new UserError(
      `Run ${run.id} (${run.name}) follows no units. Train it with --track-layer, such as --track-layer=L0_Dense_W,8.`,
    );
  }
  throw new UserError(nothingKept(run, 'weights', epoch));
}

function nothingKept(run: RunRecord, what: string, epoch: number | undefined): string {
  return epoch === undefined
    ? `Run ${run.id} (${run.name}, ${run.status}) has no ${what}.`
    : `Run ${run.id} (${run.name}) has no ${what} of epoch ${epoch}: long runs keep them of some epochs only. Leave out --epoch for the last that has any.`;
}
