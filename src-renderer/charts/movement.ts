import type { LineSeriesOption } from 'echarts/charts';
import { movedParameter, type Series } from '../../src-preload/contract/series.ts';
import { curveTooltip } from './curve-tooltip.ts';
import { type CurveAxis, AXIS_WORDS, placeOfEpoch } from './curve-axis.ts';
import type { AxisPart } from './axis-part.ts';
import { insideZoom } from './curve-zoom.ts';
import { bareOption, type ChartFrame, type ChartOption } from './frame.ts';
import { chartColors, runLooks } from './palette.ts';

export interface MovementInput {
  /** Those of other metrics are passed over. */
  readonly series: readonly Series[];
  readonly lastEpoch: number;
  /** What the curves run over; epochs where nothing is said. */
  readonly over?: CurveAxis;
  /** An epoch that is looked at. */
  readonly pinned?: number;
  /** The part of the axis that is shown; all of it where nothing is said. */
  readonly zoom?: AxisPart;
}

/**
 * How far each parameter has moved from where it started, over epochs: ‖w − w₀‖ / ‖w₀‖, or ‖w‖ where it started at 0.
 * Weights of dense layers are solid, everything else is dashed; a parameter keeps its colour by its place.
 */
export function movementOption(
  { series, lastEpoch, over = { kind: 'epoch' }, pinned, zoom }: MovementInput,
  frame: ChartFrame,
): ChartOption {
  const colors = chartColors(frame.theme);
  const curves = series.flatMap((one) => {
    const parameter = movedParameter(one.metric);
    return parameter === undefined || one.epochs.length === 0 ? [] : [{ ...one, parameter }];
  });
  const pin = pinned === undefined ? NaN : placeOfEpoch(curves[0]?.run ?? '', pinned, over);
  const looks = runLooks(curves.length, frame.theme);
  const lines = curves.map(({ run: id, parameter, epochs, values }, index): LineSeriesOption => ({
    id: `moved ${parameter}`,
    name: parameter,
    type: 'line',
    data: Array.from(epochs, (epoch, at) => [
      placeOfEpoch(id, epoch, over),
      Number.isFinite(values[at]) ? (values[at] ?? null) : null,
    ]),
    color: looks[index]?.color ?? colors.text,
    lineStyle: { width: 2, type: isMatrix(parameter) ? 'solid' : [6, 4] },
    symbol: looks[index]?.mark === 'none' ? 'circle' : (looks[index]?.mark ?? 'circle'),
    symbolSize: 5,
    showSymbol: epochs.length < 40,
    emphasis: { focus: 'series' },
    ...(index === 0
      ? {
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            label: { show: false },
            lineStyle: { color: colors.text, width: 1.5, type: 'solid' as const },
            data: Number.isNaN(pin) ? [] : [{ xAxis: pin }],
          },
        }
      : {}),
  }));
  return {
    ...bareOption(frame),
    legend: {
      type: 'scroll',
      left: 8,
      right: 8,
      top: 0,
      itemWidth: 22,
      textStyle: { color: colors.text, fontSize: 12 },
      pageIconColor: colors.text,
      pageTextStyle: { color: colors.mutedText },
    },
    grid: { left: 52, right: 16, top: 34, bottom: 34 },
    dataZoom: [insideZoom(zoom)],
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: colors.axis, type: 'solid' }, animation: false },
      confine: true,
      backgroundColor: colors.background,
      borderColor: colors.axis,
      textStyle: { color: colors.text, fontSize: 12 },
      transitionDuration: 0,
      formatter: (points: unknown) =>
        curveTooltip(points, (value) => value.toPrecision(3), AXIS_WORDS[over.kind].at).replaceAll(
          ': training ',
          ': ',
        ),
    },
    xAxis: {
      type: 'value',
      name: AXIS_WORDS[over.kind].name,
      nameLocation: 'middle',
      nameGap: 22,
      nameTextStyle: { color: colors.mutedText, fontSize: 12 },
      min: 0,
      max: over.kind === 'epoch' ? Math.max(2, lastEpoch) : 'dataMax',
      ...(over.kind === 'time' ? {} : { minInterval: 1 }),
      axisLine: { lineStyle: { color: colors.axis } },
      axisLabel: { color: colors.mutedText, fontSize: 12, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      axisLine: { show: false },
      axisLabel: { color: colors.mutedText, fontSize: 12 },
      splitLine: { lineStyle: { color: colors.gridLine } },
    },
    series: lines,
  };
}

/** Weights of a layer, unlike its shifts and scales. */
function isMatrix(parameter: string): boolean {
  return parameter.endsWith('_W');
}
