import type { ScatterSeriesOption } from 'echarts/charts';
import { format } from 'echarts/core';
import { textCell } from './csv.ts';
import { bareOption, type ChartFrame, type ChartOption } from './frame.ts';
import { type RunLook, chartColors, lookIn } from './palette.ts';

/** An axis of a chart over runs: an option or a figure. */
export interface RunAxis {
  readonly label: string;
  /** Names in their order, for what is no number. */
  readonly categories?: readonly string[];
  /** Drawn on a logarithmic scale. */
  readonly isLog?: boolean;
  /** The text of a number. */
  readonly text: (value: number) => string;
}

/** A run as a point: numbers, or places in the categories of an axis; undefined where it has none. */
export interface RunPoint {
  readonly id: string;
  readonly name: string;
  readonly look: RunLook;
  readonly values: readonly (number | undefined)[];
}

export interface ScatterInput {
  readonly x: RunAxis;
  readonly y: RunAxis;
  /** Each with two values. */
  readonly points: readonly RunPoint[];
}

/** Any option of runs against any figure, one point a run in its own colour. */
export function scatterOption({ x, y, points }: ScatterInput, frame: ChartFrame): ChartOption {
  const colors = chartColors(frame.theme);
  const drawn = points.filter(({ values }) => values[0] !== undefined && values[1] !== undefined);
  function axis(own: RunAxis): object {
    return {
      ...(own.categories !== undefined
        ? { type: 'category', data: [...own.categories] }
        : own.isLog === true
          ? { type: 'log' }
          : { type: 'value', scale: true }),
      name: own.label,
      nameLocation: 'middle',
      nameTextStyle: { color: colors.mutedText, fontSize: 12 },
      axisLine: { lineStyle: { color: colors.axis } },
      axisLabel: {
        color: colors.mutedText,
        fontSize: 12,
        hideOverlap: true,
        ...(own.categories === undefined ? { formatter: own.text } : {}),
      },
      splitLine: { lineStyle: { color: colors.gridLine } },
    };
  }
  return {
    ...bareOption(frame),
    grid: { left: 70, right: 20, top: 14, bottom: 44 },
    xAxis: { ...axis(x), nameGap: 28 },
    yAxis: { ...axis(y), nameGap: 52 },
    tooltip: {
      confine: true,
      backgroundColor: colors.background,
      borderColor: colors.axis,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: (point: unknown) => {
        const index =
          typeof point === 'object' && point !== null && 'dataIndex' in point ? Number(point.dataIndex) : -1;
        const own = drawn[index];
        if (own === undefined) return '';
        const lines = [x, y].map(
          (axisOf, at) =>
            `${format.encodeHTML(axisOf.label)}: <b>${format.encodeHTML(valueText(axisOf, own.values[at]))}</b>`,
        );
        return [format.encodeHTML(own.name), ...lines].join('<br>');
      },
    },
    // One series for all points: hundreds of series of one point each take a second to draw.
    series: [
      {
        id: 'scatter',
        type: 'scatter',
        symbolSize: 11,
        data: drawn.map(({ name, look, values }) => ({
          name,
          value: [values[0] ?? 0, values[1] ?? 0],
          symbol: look.mark === 'none' ? 'circle' : look.mark,
          itemStyle: {
            color: lookIn(look, frame.theme).color,
            opacity: 0.85,
            borderColor: colors.background,
            borderWidth: 1,
          },
        })),
      } satisfies ScatterSeriesOption,
    ],
  };
}

export interface ParallelInput {
  readonly axes: readonly RunAxis[];
  readonly points: readonly RunPoint[];
}

/** Options and figures of runs side by side, one line a run in its own colour; an interval can be brushed on an axis. */
export function parallelOption({ axes, points }: ParallelInput, frame: ChartFrame): ChartOption {
  const colors = chartColors(frame.theme);
  return {
    ...bareOption(frame),
    parallel: {
      left: 40,
      right: 60,
      top: 40,
      bottom: 20,
      parallelAxisDefault: {
        nameTextStyle: { color: colors.text, fontSize: 12 },
        nameGap: 14,
        axisLine: { lineStyle: { color: colors.axis } },
        axisTick: { lineStyle: { color: colors.axis } },
        axisLabel: { color: colors.mutedText, fontSize: 12 },
      },
    },
    parallelAxis: axes.map((axis, dim) => ({
      id: `axis ${dim}`,
      dim,
      name: axis.label,
      // A long name at either end would leave the chart.
      nameTextStyle: {
        color: colors.text,
        fontSize: 12,
        align: dim === 0 ? 'left' : dim === axes.length - 1 ? 'right' : 'center',
      },
      ...(axis.categories !== undefined
        ? { type: 'category', data: [...axis.categories] }
        : {
            type: axis.isLog === true ? 'log' : 'value',
            ...(axis.isLog === true ? {} : { scale: true }),
            axisLabel: { color: colors.mutedText, fontSize: 12, formatter: axis.text },
          }),
    })),
    series: [
      {
        id: 'parallel',
        type: 'parallel',
        data: points.map(({ name, look, values }) => ({
          name,
          value: axes.map((axis, index) => placeOn(axis, values[index])),
          lineStyle: { color: lookIn(look, frame.theme).color, width: 2, opacity: 0.75 },
        })),
        activeOpacity: 0.75,
        inactiveOpacity: 0.06,
        emphasis: { lineStyle: { width: 4, opacity: 1 } },
      },
    ],
  };
}

/** Runs with their places on axes as comma-separated values, a row a run; numbers are written in full. */
export function pointsCsv({ axes, points }: ParallelInput): string {
  const heading = ['run', 'name', ...axes.map(({ label }) => textCell(label))];
  const rows = points.map(({ id, name, values }) => [
    textCell(id),
    textCell(name),
    ...axes.map(({ categories }, index) => {
      const value = values[index];
      if (value === undefined) return '';
      return categories === undefined ? value : textCell(categories[value] ?? '');
    }),
  ]);
  return `${[heading, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

function placeOn(axis: RunAxis, value: number | undefined): number | string {
  if (value === undefined) return '-';
  return axis.categories === undefined ? value : (axis.categories[value] ?? '-');
}

function valueText(axis: RunAxis, value: number | undefined): string {
  if (value === undefined) return '';
  return axis.categories === undefined ? axis.text(value) : (axis.categories[value] ?? '');
}
