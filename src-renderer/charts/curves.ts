import type { LineSeriesOption } from 'echarts/charts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Metric, Series } from '../../src-preload/contract/series.ts';
import {
  type KeyEntry,
  type NamedLook,
  type PlacedLegend,
  distinctNames,
  keyOf,
  legendOf,
} from './curve-legend.ts';
import { type CrowdDot, type CrowdLine, crowdSeries, crowdTooltip } from './crowd.ts';
import { AXIS_WORDS, type CurveAxis, placeOfEpoch } from './curve-axis.ts';
import { curveTooltip } from './curve-tooltip.ts';
import type { AxisPart } from './axis-part.ts';
import { insideZoom } from './curve-zoom.ts';
import { type ChartFrame, type ChartOption, MARGIN, frameOption } from './frame.ts';
import { type ChartColors, type RunLook, type ThemeName, chartColors, lookIn, runLooks } from './palette.ts';
import { studentT975 } from './student-t.ts';

/** A run whose curves are drawn. */
export type CurveRun = Pick<RunRecord, 'id' | 'name' | 'earlyStopEpoch' | 'best'>;

export interface CurvesInput {
  readonly quantity: 'loss' | 'accuracy';
  readonly runs: readonly CurveRun[];
  /** Those of other metrics and other runs are passed over. */
  readonly series: readonly Series[];
  /** Only of losses; points at 0 and below are left out then. */
  readonly logScale?: boolean;
  /** The look of each run, by its id; those without one get the looks of their places. */
  readonly looks?: ReadonlyMap<string, RunLook>;
  /** What the curves run over; epochs where nothing is said. */
  readonly over?: CurveAxis;
  /**
   * Weight of the past in an exponential moving average, 0 (none) to below 1; it starts at the first point without a
   * pull towards 0 (bias corrected as in Kingma and Ba, 2015). The points as they are stay, faint.
   */
  readonly smoothing?: number;
  /** The run that others are held against: its lines are bold. */
  readonly baseline?: string;
  /** Runs that are one experiment, drawn as their mean with its 95 % interval (Student's t) and each run faint. */
  readonly folded?: readonly FoldedRuns[];
  /** The least that the axis of epochs reaches to, such as the epochs that a run is going to take. */
  readonly lastEpoch?: number;
  /** An epoch that is looked at, marked by a line; where runs reach it at different places, by one for each. */
  readonly pinned?: number;
  /** The part of the axis that is shown, in its own unit; all of it where nothing is said. */
  readonly zoom?: AxisPart;
}

/** Runs that differ in their seeds alone. */
export interface FoldedRuns {
  readonly name: string;
  readonly look: RunLook;
  /** Ids. */
  readonly runs: readonly string[];
}

/** The metrics that a chart of a quantity is made of. */
export function curveMetrics(quantity: CurvesInput['quantity']): [training: Metric, dev: Metric] {
  return quantity === 'loss' ? ['training.loss', 'dev.loss'] : ['training.accuracy', 'dev.accuracy'];
}

/** The most marks on a line, which tell runs of one colour apart. */
const MARKS_A_LINE = 10;

/** Pixels of a dash and of the gap after it. */
const DASH = [6, 4];

/** Curves with more points are thinned to what can be seen. */
const MOST_POINTS = 4000;

/** From so many runs on, best epochs are not ringed: there would be more rings than curves to be seen. */
const CROWD = 60;

/** From so many points on, several runs are drawn as a crowd too. */
const CROWDED_POINTS = 40_000;

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
  const seriesOf = new Map(input.series.map((one) => [`${one.run} ${one.metric}`, one]));
  const drawn = input.runs.flatMap((run) => {
    const [training, dev] = metrics.map((metric) => {
      const found = seriesOf.get(`${run.id} ${metric}`);
      return found === undefined || found.epochs.length === 0 ? undefined : found;
    });
    return training === undefined && dev === undefined ? [] : [{ run, training, dev }];
  });
  const places = runLooks(drawn.length, frame.theme);
  const names = distinctNames(drawn.map(({ run }) => run));
  const groups = (input.folded ?? []).map((fold) => ({ ...fold, look: lookIn(fold.look, frame.theme) }));
  const foldOf = new Map(groups.flatMap((fold) => fold.runs.map((run) => [run, fold] as const)));
  const named = drawn.map(({ run }, index): NamedLook => {
    const fold = foldOf.get(run.id);
    if (fold !== undefined) return { look: fold.look, name: fold.name };
    const given = input.looks?.get(run.id);
    return {
      look: (given === undefined ? places[index] : lookIn(given, frame.theme)) ?? {
        color: colors.text,
        mark: 'none',
      },
      name: names[index] ?? '',
    };
  });

  const isMany = drawn.length >= MANY_RUNS;
  const over = input.over ?? { kind: 'epoch' };
  // On the page a crowd is drawn by one series; a file has a legend, which needs a series for each run.
  const points = drawn.reduce((sum, { dev, training }) => sum + pointsOf(dev) + pointsOf(training), 0);
  const isOneSeries =
    frame.bare === true &&
    (drawn.length >= CROWD || (isMany && points >= CROWDED_POINTS)) &&
    (input.smoothing ?? 0) === 0;
  const crowd: CrowdLine[] = isOneSeries
    ? drawn.flatMap(({ run, training, dev }, index) => {
        const own = named[index];
        return own === undefined
          ? []
          : [dev, training].flatMap((series, place) =>
              series === undefined
                ? []
                : [
                    crowdLine(place === 0 ? 'dev' : 'training', series, own, {
                      isLog,
                      over,
                      isFaint: foldOf.has(run.id),
                      isBold: run.id === input.baseline && !foldOf.has(run.id),
                      isCrowd: drawn.length >= CROWD,
                      colors,
                      run,
                    }),
                  ],
            );
      })
    : [];
  const lines = (isOneSeries ? [] : drawn).flatMap(({ run, training, dev }, index) => {
    const own = named[index];
    if (own === undefined) return [];
    const context: LineContext = {
      isLog,
      isMany,
      colors,
      over,
      smoothing: input.smoothing ?? 0,
      isFolded: foldOf.has(run.id),
      isFaint: foldOf.has(run.id),
      isBold: run.id === input.baseline && !foldOf.has(run.id),
      isCrowd: drawn.length >= CROWD,
    };
    // The legend shows the line that comes first.
    return [
      ...(dev === undefined ? [] : linesOf('dev', dev, run, own, context)),
      ...(training === undefined ? [] : linesOf('training', training, run, own, context)),
    ];
  });
  const folds = groups.flatMap((fold) =>
    foldedLines(fold, metrics, seriesOf, {
      isLog,
      over,
      quantity,
      smoothing: input.smoothing ?? 0,
      isBold: fold.runs.some((run) => run === input.baseline),
    }),
  );

  function isBaseline(index: number): boolean {
    return drawn[index]?.run.id === input.baseline;
  }
  const pins =
    frame.bare !== true || input.pinned === undefined
      ? []
      : pinsOf(
          input.pinned,
          // Where only one is marked it is the one that others are held against.
          named
            .map(({ look }, index) => ({ id: drawn[index]?.run.id ?? '', color: look.color, index }))
            .sort((one, other) => Number(isBaseline(other.index)) - Number(isBaseline(one.index))),
          over,
        );
  const shownNames = [...new Map(named.map((one) => [one.name, one])).values()];
  const isBare = frame.bare === true;
  const legend = isBare ? BARE_LEGEND : legendOf(shownNames, frame, colors);
  const lastEpoch = Math.max(
    1,
    over.kind === 'epoch' ? (input.lastEpoch ?? 1) : 1,
    ...lines.map(({ points }) => points.at(-1)?.[0] ?? 1),
    ...crowd.map(({ places }) => places.at(-1) ?? 1),
  );
  return {
    ...frameOption(
      frame,
      titleOf(
        quantity,
        drawn.map(({ run }) => run),
      ),
      subtitleOf(quantity, { isLog, over, isFolded: folds.length > 0 }, drawn.length),
    ),
    legend: legend.option,
    graphic: isBare ? [] : keyOf(keyEntries(lines, frame.theme), colors),
    grid: isBare
      ? { left: 52, right: 16, top: 12, bottom: 34 }
      : { left: MARGIN + 46, right: legend.right, top: legend.top, bottom: MARGIN + 36 },
    ...(isBare
      ? {
          dataZoom: [insideZoom(input.zoom)],
        }
      : {}),
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: colors.background,
      borderColor: colors.axis,
      textStyle: { color: colors.text, fontSize: 12 },
      ...(isBare
        ? {
            axisPointer: { type: 'line', lineStyle: { color: colors.axis, type: 'solid' }, animation: false },
          }
        : {}),
      transitionDuration: 0,
      formatter: (points: unknown) => {
        function figure(value: number): string {
          return figureText(quantity, value);
        }
        const { at } = AXIS_WORDS[over.kind];
        return isOneSeries
          ? crowdTooltip(points, crowd, {
              figure,
              place: at,
              better: quantity === 'accuracy' ? 'higher' : 'lower',
            })
          : curveTooltip(points, figure, at);
      },
    },
    xAxis: {
      type: 'value',
      name: AXIS_WORDS[over.kind].name,
      nameLocation: 'middle',
      nameGap: isBare ? 22 : 30,
      nameTextStyle: { color: colors.mutedText, fontSize: 12 },
      // A single epoch stands in the middle, not on the axis.
      min:
        input.zoom !== undefined && !isBare
          ? input.zoom.from
          : over.kind !== 'epoch' || lastEpoch > 10 || lastEpoch === 1
            ? 0
            : 1,
      max: input.zoom !== undefined && !isBare ? input.zoom.to : Math.max(2, lastEpoch),
      ...(over.kind === 'time' ? {} : { minInterval: 1 }),
      splitNumber: isBare ? 6 : 10,
      axisLine: { lineStyle: { color: colors.axis } },
      axisTick: { lineStyle: { color: colors.axis } },
      axisLabel: { color: colors.mutedText, fontSize: 12, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      ...(quantity === 'accuracy' ? { type: 'value', scale: true, max: 1 } : {}),
      ...(isLog
        ? {
            type: 'log',
            ...logBounds([
              ...lines.map(({ points }) => points.map(([, value]) => value)),
              ...crowd.map(({ values }) => values),
            ]),
          }
        : {}),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: colors.mutedText,
        fontSize: 12,
        formatter: (value: number) => axisText(quantity, value),
      },
      splitLine: { lineStyle: { color: colors.gridLine } },
    },
    series: [
      ...folds,
      ...withPin(isOneSeries ? crowdSeries(crowd, isLog) : [], pins, colors),
      ...lines.map(({ option }, index) =>
        // Without a pin it is said too: a chart that is drawn over keeps what it is not told to leave out.
        index === 0 && isBare ? { ...option, markLine: pinOf(pins, colors) } : option,
      ),
    ],
  };
}

const BARE_LEGEND: PlacedLegend = { option: { show: false }, top: 0, right: 0 };

/** A line at the epoch that is looked at. */
interface Pin {
  readonly xAxis: number;
  readonly lineStyle?: { readonly color: string };
}

/** The most lines that mark one epoch: more would hide the curves. */
const MOST_PINS = 8;

/** Where an epoch lies: one line where all runs reach it at one place, else one for each run in its colour. */
function pinsOf(
  epoch: number,
  runs: readonly { readonly id: string; readonly color: string }[],
  over: CurveAxis,
): Pin[] {
  const placed = runs.flatMap(({ id, color }) => {
    const place = placeOfEpoch(id, epoch, over);
    return Number.isNaN(place) ? [] : [{ xAxis: place, lineStyle: { color } }];
  });
  const [first] = placed;
  if (first === undefined) return [];
  if (placed.every(({ xAxis }) => xAxis === first.xAxis)) return [{ xAxis: first.xAxis }];
  return placed.slice(0, placed.length > MOST_PINS ? 1 : MOST_PINS);
}

function pinOf(pins: readonly Pin[], colors: ChartColors): NonNullable<LineSeriesOption['markLine']> {
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    label: { show: false },
    lineStyle: { color: colors.text, width: 1.5, type: 'solid' },
    data: [...pins],
  };
}

/** The same series, the last of them with the epoch that is looked at. */
function withPin<Series extends object>(
  series: readonly Series[],
  pins: readonly Pin[],
  colors: ChartColors,
): Series[] {
  return series.map((one, index) =>
    index === series.length - 1 ? { ...one, markLine: pinOf(pins, colors) } : one,
  );
}

interface LineContext {
  readonly isLog: boolean;
  readonly isMany: boolean;
  readonly colors: ChartColors;
  readonly over: CurveAxis;
  readonly smoothing: number;
  /** One of several that are drawn as their mean. */
  readonly isFolded: boolean;
  /** It stands behind another line, which speaks for it. */
  readonly isFaint: boolean;
  readonly isBold: boolean;
  readonly isCrowd: boolean;
}

/** Opacity of lines that stand behind another one that speaks for them. */
const FAINT = 0.25;

/** A line, and where it is smoothed the points as they are behind it. */
function linesOf(
  part: Line['part'],
  series: Series,
  run: CurveRun,
  own: NamedLook,
  context: LineContext,
): Line[] {
  if (context.smoothing <= 0 || context.isFaint) return [lineOf(part, series, run, own, context)];
  const raw = lineOf(part, series, run, own, { ...context, isFaint: true });
  const smoothed = lineOf(part, smoothedSeries(series, context.smoothing), run, own, context);
  return [
    smoothed,
    { ...raw, option: { ...raw.option, id: `${String(raw.option.id)} as it is`, silent: true } },
  ];
}

function smoothedSeries(series: Series, weight: number): Series {
  const smooth = smoother(weight);
  return { ...series, values: series.values.map(smooth) };
}

/** Gives of each value what it is smoothed. What is no finite number stays as it is, and is passed over by the mean. */
function smoother(weight: number): (value: number) => number {
  let mean = 0;
  let seen = 0;
  return (value) => {
    if (!Number.isFinite(value)) return value;
    mean = weight * mean + (1 - weight) * value;
    seen++;
    return mean / (1 - weight ** seen);
  };
}

/**
 * Mean of the runs and the band of its interval, of epochs that at least two of them have. Where it is smoothed so is
 * its band, and the mean as it is stays faint.
 */
function foldedLines(
  { name, look, runs }: FoldedRuns,
  [training, dev]: [Metric, Metric],
  seriesOf: ReadonlyMap<string, Series>,
  {
    isLog,
    over,
    quantity,
    smoothing,
    isBold,
  }: Pick<LineContext, 'isLog' | 'over' | 'smoothing' | 'isBold'> & Pick<CurvesInput, 'quantity'>,
): LineSeriesOption[] {
  return [dev, training].flatMap((metric): LineSeriesOption[] => {
    const all = runs.flatMap((run) => {
      const series = seriesOf.get(`${run} ${metric}`);
      return series === undefined ? [] : [series];
    });
    const part = metric === dev ? 'dev' : 'training';
    const raw = meanOf(all, (series, index) => placeOfEpoch(series.run, series.epochs[index] ?? 0, over));
    if (raw.length === 0) return [];
    const [smoothMean, smoothHalf] = [smoother(smoothing), smoother(smoothing)];
    const places = raw.map(({ at, mean, half }) => ({ at, mean: smoothMean(mean), half: smoothHalf(half) }));
    const shared = { type: 'line', name, color: look.color, showSymbol: false, symbol: 'none' } as const;
    const id = `${runs.join(' ')} ${metric}`;
    const band = {
      ...shared,
      silent: true,
      tooltip: { show: false },
      stack: `band ${id}`,
      stackStrategy: 'all' as const,
      lineStyle: { opacity: 0 },
      z: 1,
    };
    // No loss is below 0, and no share beyond 0 and 1, whatever an interval says.
    const most = quantity === 'accuracy' ? 1 : Infinity;
    const bands = places.map(({ at, mean, half }) => {
      const low = drawable(Math.max(0, mean - half), isLog);
      return { at, low, width: low === null ? null : Math.min(most, mean + half) - low };
    });
    return [
      {
        ...shared,
        id: `mean ${id} ${metric}`,
        // What stands beside the cursor tells the interval too.
        data: places.map(({ at, mean, half }) => [at, drawable(mean, isLog), half]),
        lineStyle: {
          color: look.color,
          width: 2.5 * (isBold ? 2 : 1),
          type: part === 'dev' ? 'solid' : DASH,
        },
        triggerEvent: 'line',
        z: 5,
      },
      ...(smoothing > 0
        ? [
            {
              ...shared,
              id: `mean as it is ${id}`,
              silent: true,
              tooltip: { show: false },
              data: raw.map(({ at, mean }) => [at, drawable(mean, isLog)]),
              lineStyle: {
                color: look.color,
                width: 1,
                opacity: FAINT,
                type: part === 'dev' ? 'solid' : DASH,
              },
              z: 4,
            } satisfies LineSeriesOption,
          ]
        : []),
      { ...band, id: `low ${id}`, data: bands.map(({ at, low }) => [at, low]) },
      {
        ...band,
        id: `width ${id}`,
        data: bands.map(({ at, width }) => [at, width]),
        areaStyle: { color: look.color, opacity: 0.16 },
      },
    ];
  });
}

/** Mean and half width of its 95 % interval at each epoch that two runs have. */
function meanOf(
  all: readonly Series[],
  placed: (series: Series, index: number) => number,
): { at: number; mean: number; half: number }[] {
  const epochs = new Map<number, { at: number; values: number[] }>();
  for (const series of all) {
    series.epochs.forEach((epoch, index) => {
      const value = series.values[index];
      if (value === undefined || !Number.isFinite(value)) return;
      const entry = epochs.get(epoch) ?? { at: placed(series, index), values: [] };
      entry.values.push(value);
      epochs.set(epoch, entry);
    });
  }
  return [...epochs]
    .filter(([, { values }]) => values.length >= 2)
    .sort(([one], [other]) => one - other)
    .map(([, { at, values }]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const sd = Math.sqrt(squares / (values.length - 1));
      return { at, mean, half: (studentT975(values.length - 1) * sd) / Math.sqrt(values.length) };
    });
}

/**
 * Of a curve with more points than a screen has columns the lowest and the highest of each column: what is drawn is
 * the same, and what lies between them is not gone through for nothing. Shorter ones stay as they are.
 */
function thinned(series: Series): Series {
  const { epochs, values } = series;
  if (epochs.length <= MOST_POINTS) return series;
  const columns = MOST_POINTS / 4;
  const wide = epochs.length / columns;
  const kept: number[] = [];
  for (let column = 0; column < columns; column++) {
    const [from, to] = [Math.floor(column * wide), Math.min(epochs.length, Math.floor((column + 1) * wide))];
    let [low, high] = [from, from];
    for (let index = from; index < to; index++) {
      const value = values[index] ?? NaN;
      if (value < (values[low] ?? NaN)) low = index;
      if (value > (values[high] ?? NaN)) high = index;
    }
    kept.push(...new Set([from, ...(low < high ? [low, high] : [high, low]), to - 1]));
  }
  return {
    ...series,
    epochs: Uint32Array.from(kept, (index) => epochs[index] ?? 0),
    values: Float64Array.from(kept, (index) => values[index] ?? NaN),
  };
}

function pointsOf(series: Series | undefined): number {
  return series?.epochs.length ?? 0;
}

/** What is drawn of a curve in a crowd. */
function crowdLine(
  part: Line['part'],
  series: Series,
  { look, name }: NamedLook,
  {
    isLog,
    over,
    isFaint,
    isBold,
    isCrowd,
    colors,
    run,
  }: Pick<LineContext, 'isLog' | 'over' | 'isFaint' | 'isBold' | 'isCrowd' | 'colors'> & {
    readonly run: CurveRun;
  },
): CrowdLine {
  const drawn = thinned(series);
  const found = Float64Array.from(drawn.epochs, (_, index) =>
    placeOfEpoch(drawn.run, drawn.epochs[index] ?? 0, over),
  );
  // Over time an epoch may have no place.
  const isPlaced = !found.some((place) => Number.isNaN(place));
  const places = isPlaced ? found : found.filter((place) => !Number.isNaN(place));
  const drawables = Float64Array.from(drawn.values, (value) => drawable(value, isLog) ?? NaN);
  const values = isPlaced ? drawables : drawables.filter((_, index) => !Number.isNaN(found[index] ?? NaN));
  function dot(epoch: number | null | undefined, fill: string, stroke: string): CrowdDot[] {
    if (part !== 'dev' || isFaint || isCrowd || epoch == null) return [];
    const index = series.epochs.indexOf(epoch);
    const value = index < 0 ? null : drawable(series.values[index], isLog);
    const place = index < 0 ? NaN : placeOfEpoch(series.run, series.epochs[index] ?? 0, over);
    return value === null || Number.isNaN(place) ? [] : [{ at: [place, value], fill, stroke }];
  }
  return {
    id: `${series.run} ${series.metric}`,
    name,
    part,
    look,
    width: (part === 'dev' ? 2 : 1.5) * (isBold ? 2 : 1) * (isFaint ? 0.5 : 1),
    dash: part === 'dev' ? [] : DASH,
    opacity: isFaint ? FAINT : 1,
    dots: [
      ...dot(run.best?.epoch, colors.background, look.color),
      ...dot(run.earlyStopEpoch, colors.earlyStop, colors.background),
    ],
    places,
    values,
  };
}

function lineOf(
  part: Line['part'],
  series: Series,
  run: CurveRun,
  own: NamedLook,
  context: LineContext,
): Line {
  const { look, name } = own;
  const drawn = thinned(series);
  const count = drawn.epochs.length;
  const points = Array.from(
    drawn.epochs,
    (_, index) =>
      [
        placeOfEpoch(drawn.run, drawn.epochs[index] ?? 0, context.over),
        drawable(drawn.values[index], context.isLog),
      ] as const,
  ).filter(([at]) => !Number.isNaN(at));
  function at(epoch: number | null | undefined): Point | undefined {
    if (part !== 'dev' || context.isFaint || context.isCrowd || epoch == null) return undefined;
    const index = series.epochs.indexOf(epoch);
    if (index < 0) return undefined;
    const [place, value] = [
      placeOfEpoch(series.run, series.epochs[index] ?? 0, context.over),
      drawable(series.values[index], context.isLog),
    ];
    return Number.isNaN(place) || value === null ? undefined : [place, value];
  }
  const best = at(run.best?.epoch);
  const stop = at(run.earlyStopEpoch);

  // A line needs two points to be seen.
  const isUnmarked = context.isFaint || (context.isCrowd && part === 'training');
  const mark = count < 2 && look.mark === 'none' ? 'circle' : isUnmarked ? 'none' : look.mark;
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
      data:
        mark === 'none'
          ? points.map(([place, value]) => [place, value])
          : points.map(([place, value], index) =>
              (index % markEvery === markAt) === context.isCrowd
                ? { value: [place, value], symbol: context.isCrowd ? mark : 'none' }
                : [place, value],
            ),
      color: look.color,
      lineStyle: {
        color: look.color,
        width: (part === 'dev' ? 2 : 1.5) * (context.isBold ? 2 : 1) * (context.isFaint ? 0.5 : 1),
        type: part === 'dev' ? 'solid' : DASH,
        opacity: context.isFaint ? FAINT : 1,
      },
      itemStyle: { color: look.color },
      // In a crowd most points have no mark: the few that have one say so, else the others.
      symbol: context.isCrowd ? 'none' : mark,
      symbolSize: 7,
      showSymbol: mark !== 'none',
      showAllSymbol: true,
      connectNulls: false,
      emphasis: { focus: 'series' },
      // Of runs that are drawn as their mean the mean is told.
      ...(context.isFolded ? { tooltip: { show: false } } : {}),
      // Without it only the marks of a line are told of, which most lines have none of.
      triggerEvent: 'line',
      z: context.isFaint ? 1 : part === 'dev' ? 3 : 2,
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

/** What the kinds of lines and marks of curves mean. */
export function curveKey(theme: ThemeName): KeyEntry[] {
  const colors = chartColors(theme);
  return [
    { label: 'dev', sample: { kind: 'line', dash: [], width: 2 } },
    { label: 'training', sample: { kind: 'line', dash: DASH, width: 1.5 } },
    {
      label: BEST,
      sample: { kind: 'dot', fill: colors.background, stroke: colors.mutedText, width: 2.5 },
    },
    {
      label: EARLY_STOP,
      sample: { kind: 'dot', fill: colors.earlyStop, stroke: colors.background, width: 1.5 },
    },
  ];
}

/** Only the kinds that are there. */
function keyEntries(lines: readonly Line[], theme: ThemeName): KeyEntry[] {
  const isThere: Readonly<Record<string, boolean>> = {
    dev: lines.some(({ part }) => part === 'dev'),
    training: lines.some(({ part }) => part === 'training'),
    [BEST]: lines.some(({ best }) => best !== undefined),
    [EARLY_STOP]: lines.some(({ stop }) => stop !== undefined),
  };
  return curveKey(theme).filter(({ label }) => isThere[label]);
}

function drawable(value: number | undefined, isLog: boolean): number | null {
  return value === undefined || !Number.isFinite(value) || (isLog && value <= 0) ? null : value;
}

/** The nearest of 1, 2 and 5 times a power of ten around all values: a whole power of ten leaves half a chart empty. */
function logBounds(lines: readonly Iterable<number | null>[]): { min?: number; max?: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const values of lines) {
    for (const value of values) {
      if (value === null || Number.isNaN(value)) continue;
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

function subtitleOf(
  quantity: CurvesInput['quantity'],
  {
    isLog,
    over,
    isFolded,
  }: { readonly isLog: boolean; readonly over: CurveAxis; readonly isFolded: boolean },
  runs: number,
): string {
  if (runs === 0) return 'No run has an epoch yet';
  const what = quantity === 'loss' ? 'Mean cross-entropy' : 'Share of images classified rightly';
  return `${what}, ${AXIS_WORDS[over.kind].by}${isLog ? ', on a logarithmic scale' : ''}${isFolded ? '; over seeds the mean with its 95 % interval' : ''}`;
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
