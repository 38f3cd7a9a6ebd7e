import type { LineSeriesOption } from 'echarts/charts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Metric, Series } from '../../src-preload/contract/series.ts';
import { type KeyEntry, distinctNames, keyOf, legendOf } from './curve-legend.ts';
import { curveTooltip } from './curve-tooltip.ts';
import { type ChartFrame, type ChartOption, MARGIN, frameOption } from './frame.ts';
import { type ChartColors, type RunLook, chartColors, runLooks } from './palette.ts';

/** A run whose curves are drawn. */
export type CurveRun = Pick<RunRecord, 'id' | 'name' | 'earlyStopEpoch' | 'best'>;

export interface CurvesInput {
  readonly quantity: 'loss' | 'accuracy';
  readonly runs: readonly CurveRun[];
  /** Those of other metrics and other runs are passed over. */
  readonly series: readonly Series[];
  /** Only of losses; points at 0 and below are left out then. */
  readonly logScale?: boolean;
}

/** The metrics that a chart of a quantity is made of. */
export function curveMetrics(quantity: CurvesInput['quantity']): [training: Metric, dev: Metric] {
  return quantity === 'loss' ? ['training.loss', 'dev.loss'] : ['training.accuracy', 'dev.accuracy'];
}

/** The most marks on a line, which tell runs of one colour apart. */
const MARKS_A_LINE = 10;

/** Pixels of a dash and of the gap after it. */
const DASH = [6, 4];

/** From so many runs on, marks are smaller. */
const MANY_RUNS = 8;

interface Line {
  readonly part: 'training' | 'dev';
  readonly points: readonly (readonly [epoch: number, value: number | null])[];
  readonly best: Point | undefined;
  readonly stop: Point | undefined;
  readonly option: LineSeriesOption;
}
type Point = [epoch: number, value: number];

/**
 * Loss or accuracy over epochs, one colour a run: the dev part solid, the training part dashed, each epoch a point. A
 * red dot is where early stopping would have stopped, a ring the epoch with the lowest dev loss. Where a loss is NaN
 * or infinite the line has a gap. Runs without a point are left out.
 */
export function curvesOption(input: CurvesInput, frame: ChartFrame): ChartOption {
  const { quantity } = input;
  const colors = chartColors(frame.theme);
  const isLog = quantity === 'loss' && input.logScale === true;
  const metrics = curveMetrics(quantity);
  const drawn = input.runs.flatMap((run) => {
    const [training, dev] = metrics.map((metric) =>
      input.series.find((one) => one.run === run.id && one.metric === metric && one.epochs.length > 0),
    );
    return training === undefined && dev === undefined ? [] : [{ run, training, dev }];
  });
  const looks = runLooks(drawn.length, frame.theme);
  const names = distinctNames(drawn.map(({ run }) => run));
  const named = looks.map((look, index) => ({ look, name: names[index] ?? '' }));

  const lines = drawn.flatMap(({ run, training, dev }, index) => {
    const own = named[index];
    if (own === undefined) return [];
    const isMany = drawn.length >= MANY_RUNS;
    // The legend shows the line that comes first.
    return [
      ...(dev === undefined ? [] : [lineOf('dev', dev, run, own, { isLog, isMany, colors })]),
      ...(training === undefined ? [] : [lineOf('training', training, run, own, { isLog, isMany, colors })]),
    ];
  });

  const legend = legendOf(named, frame, colors);
  const lastEpoch = Math.max(1, ...lines.map(({ points }) => points.at(-1)?.[0] ?? 1));
  return {
    ...frameOption(
      frame,
      titleOf(
        quantity,
        drawn.map(({ run }) => run),
      ),
      subtitleOf(quantity, isLog, drawn.length),
    ),
    legend: legend.option,
    graphic: keyOf(keyEntries(lines, colors), colors),
    grid: { left: MARGIN + 46, right: legend.right, top: legend.top, bottom: MARGIN + 36 },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: colors.background,
      borderColor: colors.axis,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: (points: unknown) => curveTooltip(points, (value) => figureText(quantity, value)),
    },
    xAxis: {
      type: 'value',
      name: 'Epoch',
      nameLocation: 'middle',
      nameGap: 30,
      nameTextStyle: { color: colors.mutedText, fontSize: 12 },
      // A single epoch stands in the middle, not on the axis.
      min: lastEpoch > 10 || lastEpoch === 1 ? 0 : 1,
      max: Math.max(2, lastEpoch),
      minInterval: 1,
      splitNumber: 10,
      axisLine: { lineStyle: { color: colors.axis } },
      axisTick: { lineStyle: { color: colors.axis } },
      axisLabel: { color: colors.mutedText, fontSize: 12, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      ...(quantity === 'accuracy' ? { type: 'value', scale: true, max: 1 } : {}),
      ...(isLog ? { type: 'log', ...logBounds(lines) } : {}),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: colors.mutedText,
        fontSize: 12,
        formatter: (value: number) => axisText(quantity, value),
      },
      splitLine: { lineStyle: { color: colors.gridLine } },
    },
    series: lines.map(({ option }) => option),
  };
}

interface LineContext {
  readonly isLog: boolean;
  readonly isMany: boolean;
  readonly colors: ChartColors;
}

function lineOf(
  part: Line['part'],
  series: Series,
  run: CurveRun,
  own: { readonly name: string; readonly look: RunLook },
  context: LineContext,
): Line {
  const { look, name } = own;
  const count = series.epochs.length;
  const points = Array.from(
    series.epochs,
    (epoch, index) => [epoch, drawable(series.values[index], context.isLog)] as const,
  );
  function at(epoch: number | null | undefined): Point | undefined {
    const value = points.find(([own]) => own === epoch)?.[1];
    return part === 'dev' && epoch != null && value != null ? [epoch, value] : undefined;
  }
  const best = at(run.best?.epoch);
  const stop = at(run.earlyStopEpoch);

  // A line needs two points to be seen.
  const mark = count < 2 && look.mark === 'none' ? 'circle' : look.mark;
  const markEvery = Math.max(1, Math.ceil(count / MARKS_A_LINE));
  // The marks of the two parts would often hide each other if they stood at the same epochs.
  const markAt = part === 'dev' ? Math.floor(markEvery / 2) : 0;
  return {
    part,
    points,
    best,
    stop,
    option: {
      id: `${series.run} ${series.metric}`,
      type: 'line',
      name,
      data: points.map(([epoch, value], index) =>
        mark === 'none' || index % markEvery === markAt
          ? [epoch, value]
          : { value: [epoch, value], symbol: 'none' },
      ),
      color: look.color,
      lineStyle: {
        color: look.color,
        width: part === 'dev' ? 2 : 1.5,
        type: part === 'dev' ? 'solid' : DASH,
      },
      itemStyle: { color: look.color },
      symbol: mark,
      symbolSize: 7,
      showSymbol: mark !== 'none',
      showAllSymbol: true,
      connectNulls: false,
      emphasis: { focus: 'series' },
      z: part === 'dev' ? 3 : 2,
      ...(best === undefined && stop === undefined
        ? {}
        : { markPoint: markPointOf(best, stop, look, context) }),
    },
  };
}

function markPointOf(
  best: Point | undefined,
  stop: Point | undefined,
  look: RunLook,
  { isMany, colors }: LineContext,
): NonNullable<LineSeriesOption['markPoint']> {
  return {
    silent: true,
    symbol: 'circle',
    label: { show: false },
    data: [
      ...(best === undefined
        ? []
        : [
            {
              name: BEST,
              coord: best,
              symbolSize: isMany ? 8 : 11,
              itemStyle: {
                color: colors.background,
                borderColor: look.color,
                borderWidth: isMany ? 2 : 2.5,
              },
            },
          ]),
      ...(stop === undefined
        ? []
        : [
            {
              name: EARLY_STOP,
              coord: stop,
              symbolSize: isMany ? 8 : 10,
              itemStyle: { color: colors.earlyStop, borderColor: colors.background, borderWidth: 1.5 },
            },
          ]),
    ],
  };
}

const BEST = 'lowest dev loss';
const EARLY_STOP = 'early stopping';

/** Only the kinds that are there. */
function keyEntries(lines: readonly Line[], colors: ChartColors): KeyEntry[] {
  const entries: (KeyEntry & { readonly shown: boolean })[] = [
    {
      label: 'dev',
      sample: { kind: 'line', dash: [], width: 2 },
      shown: lines.some(({ part }) => part === 'dev'),
    },
    {
      label: 'training',
      sample: { kind: 'line', dash: DASH, width: 1.5 },
      shown: lines.some(({ part }) => part === 'training'),
    },
    {
      label: BEST,
      sample: { kind: 'dot', fill: colors.background, stroke: colors.mutedText, width: 2.5 },
      shown: lines.some(({ best }) => best !== undefined),
    },
    {
      label: EARLY_STOP,
      sample: { kind: 'dot', fill: colors.earlyStop, stroke: colors.background, width: 1.5 },
      shown: lines.some(({ stop }) => stop !== undefined),
    },
  ];
  return entries.filter(({ shown }) => shown);
}

function drawable(value: number | undefined, isLog: boolean): number | null {
  return value === undefined || !Number.isFinite(value) || (isLog && value <= 0) ? null : value;
}

/** The nearest of 1, 2 and 5 times a power of ten around all points: a whole power of ten leaves half a chart empty. */
function logBounds(lines: readonly Line[]): { min?: number; max?: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const { points } of lines) {
    for (const [, value] of points) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return {};
  function step(value: number, pick: (fits: readonly number[]) => number): number {
    const power = 10 ** Math.floor(Math.log10(value));
    return pick([1, 2, 5, 10].map((digit) => Number((digit * power).toPrecision(1))));
  }
  return {
    min: step(low, (steps) => Math.max(...steps.filter((one) => one <= low))),
    max: step(high, (steps) => Math.min(...steps.filter((one) => one > high), Infinity)),
  };
}

function titleOf(quantity: CurvesInput['quantity'], runs: readonly CurveRun[]): string {
  const word = quantity === 'loss' ? 'Loss' : 'Accuracy';
  return runs.length === 1 ? `${word} of ${runs[0]?.name ?? ''}` : `${word} of ${runs.length} runs`;
}

function subtitleOf(quantity: CurvesInput['quantity'], isLog: boolean, runs: number): string {
  if (runs === 0) return 'No run has an epoch yet';
  const what = quantity === 'loss' ? 'Mean cross-entropy' : 'Share of images classified rightly';
  return `${what}, by epoch${isLog ? ', on a logarithmic scale' : ''}`;
}

function figureText(quantity: CurvesInput['quantity'], value: number): string {
  return quantity === 'accuracy' ? `${(value * 100).toFixed(2)} %` : value.toPrecision(4);
}

/** Few digits: 0.001, 2.5, 1e-7. */
function axisText(quantity: CurvesInput['quantity'], value: number): string {
  if (quantity === 'accuracy') return `${Number((value * 100).toFixed(2))} %`;
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e6)
    ? value.toExponential(0)
    : String(Number(value.toPrecision(6)));
}
