import type { HeatmapSeriesOption } from 'echarts/charts';
import { format } from 'echarts/core';
import type { ConfusionMatrix } from '../../src-preload/contract/snapshot.ts';
import {
  type ChartFrame,
  type ChartOption,
  FONT_FAMILY,
  HEADER_HEIGHT,
  MARGIN,
  frameOption,
} from './frame.ts';
import { type ThemeName, chartColors } from './palette.ts';

export interface ConfusionInput {
  /** Names of the classes, in the order of the matrices' rows. */
  readonly classes: readonly string[];
  /** One matrix, or those of several parts, drawn side by side in this order. */
  readonly matrices: readonly ConfusionMatrix[];
  /** Name of the run, for the title. */
  readonly run?: string;
}

/** Pixels. */
const PANEL_TITLE = 30;
const SCALE_WIDTH = 92;
const AXIS_NAME = 26;
const LARGEST_LABEL = 110;
const SMALLEST_CELL_WITH_RATE = 40;
const SMALLEST_CELL_WITH_COUNT = 20;

/** Of a letter, on average, as a share of the font size. */
const LETTER_WIDTH = 0.6;

/**
 * How often images of each class (rows) were taken for each class (columns): counts, and their shares of the row, which
 * the colour stands for. Cells of no image are empty.
 */
export function confusionOption(input: ConfusionInput, frame: ChartFrame): ChartOption {
  const { classes, matrices } = input;
  const colors = chartColors(frame.theme);
  const longest = Math.max(1, ...classes.map(({ length }) => length));
  const labelWidth = Math.min(LARGEST_LABEL, 12 + longest * 8);
  const headerHeight = frame.bare === true ? 0 : HEADER_HEIGHT;

  const panels = Math.max(1, matrices.length);
  const panelWidth = (frame.width - MARGIN - SCALE_WIDTH - MARGIN) / panels;
  const side = Math.max(
    40,
    Math.min(
      panelWidth - AXIS_NAME - labelWidth - MARGIN,
      frame.height - headerHeight - PANEL_TITLE - AXIS_NAME - labelWidth - MARGIN,
    ),
  );
  const cell = side / Math.max(1, classes.length);
  const fontSize = cell < 14 ? 9 : 12;
  const namesWidth = Math.min(labelWidth - 10, longest * fontSize * LETTER_WIDTH);
  // Names of the columns are turned where they would run into each other.
  const turned = namesWidth + 4 > cell;
  const used = AXIS_NAME + labelWidth + side;
  const gap = Math.max(0, (frame.width - MARGIN - SCALE_WIDTH - MARGIN - panels * used) / panels);
  const top = headerHeight + PANEL_TITLE;
  const panelStep = used + Math.min(gap, 4 * MARGIN);
  function leftOf(panel: number): number {
    return MARGIN + panel * panelStep + AXIS_NAME + labelWidth;
  }

  const moments = new Set(matrices.map(whenOf));
  const sharedWhen = moments.size === 1 ? [...moments][0] : undefined;

  const axis = {
    type: 'category',
    data: [...classes],
    axisLine: { lineStyle: { color: colors.axis } },
    axisTick: { show: false },
    splitLine: { show: false },
    splitArea: { show: false },
    nameLocation: 'middle',
    nameTextStyle: { color: colors.mutedText, fontSize: 12 },
  };
  const label = {
    color: colors.text,
    fontSize,
    width: labelWidth - 10,
    overflow: 'truncate',
    hideOverlap: true,
  };

  return {
    ...frameOption(
      frame,
      `Confusion matrix${input.run === undefined ? '' : ` of ${input.run}`}`,
      matrices.length === 0
        ? 'None was kept'
        : `${sharedWhen === undefined ? '' : `${capitalized(sharedWhen)}. `}Rows: the class of the image. Columns: the class it was taken for. Colour: share of the row.`,
    ),
    graphic: matrices.map((matrix, panel) => ({
      type: 'text',
      x: leftOf(panel),
      y: headerHeight + 6,
      style: {
        text: panelTitle(matrix, sharedWhen === undefined),
        fill: colors.text,
        fontFamily: FONT_FAMILY,
        fontSize: 13,
        fontWeight: 600,
        width: panelStep - MARGIN,
        overflow: 'truncate',
        ellipsis: '…',
      },
    })),
    grid: matrices.map((_, panel) => ({ left: leftOf(panel), top, width: side, height: side })),
    xAxis: matrices.map((_, panel) => ({
      ...axis,
      gridIndex: panel,
      name: 'taken for',
      nameGap: turned ? namesWidth + 20 : 26,
      axisLabel: { ...label, interval: 0, ...(turned ? { rotate: 90 } : { width: cell }) },
    })),
    yAxis: matrices.map((_, panel) => ({
      ...axis,
      gridIndex: panel,
      name: 'class',
      nameGap: labelWidth + 4,
      inverse: true,
      axisLabel: { ...label, interval: 0 },
    })),
    visualMap: {
      type: 'continuous',
      show: matrices.length > 0,
      min: 0,
      max: 1,
      dimension: 2,
      seriesIndex: matrices.map((_, panel) => panel),
      inRange: { color: [...colors.shares] },
      orient: 'vertical',
      left: leftOf(panels - 1) + side + MARGIN,
      top: top - 4,
      itemWidth: 14,
      itemHeight: Math.min(240, side - 40),
      text: ['100 %', '0 %'],
      textStyle: { color: colors.mutedText, fontSize: 12 },
      calculable: false,
    },
    tooltip: {
      confine: true,
      backgroundColor: colors.background,
      borderColor: colors.axis,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: (point: unknown) => tooltipOf(point, classes),
    },
    series: matrices.map((matrix, panel) => cellsOf(matrix, panel, cell, frame.theme)),
  };
}

function cellsOf(
  matrix: ConfusionMatrix,
  panel: number,
  cell: number,
  theme: ThemeName,
): HeatmapSeriesOption {
  const colors = chartColors(theme);
  const { classes, counts } = matrix;
  const data = Array.from({ length: classes * classes }, (_, index) => {
    const [actual, predicted] = [Math.floor(index / classes), index % classes];
    const count = counts[index] ?? 0;
    const total = sum(counts.subarray(actual * classes, (actual + 1) * classes));
    const share = total === 0 ? 0 : count / total;
    // From the middle of the scale on its colours are nearer to the other end of the theme.
    const inverted = share > 0.5;
    return {
      value: [predicted, actual, share, count],
      label: { color: inverted ? colors.background : colors.text },
    };
  });
  return {
    id: `confusion ${matrix.part}`,
    name: matrix.part,
    type: 'heatmap',
    xAxisIndex: panel,
    yAxisIndex: panel,
    data,
    encode: { x: 0, y: 1, value: 2 },
    label: {
      show: cell >= SMALLEST_CELL_WITH_COUNT,
      fontSize: Math.min(14, Math.floor(cell / 3)),
      lineHeight: Math.min(18, Math.floor(cell / 2.6)),
      formatter: (point) => cellText(point.value, cell >= SMALLEST_CELL_WITH_RATE),
      rich: { rate: { fontSize: Math.min(11, Math.floor(cell / 4)), lineHeight: Math.min(14, cell / 3) } },
    },
    itemStyle: { borderColor: colors.gridLine, borderWidth: cell > 8 ? 1 : 0 },
    emphasis: { itemStyle: { borderColor: colors.text, borderWidth: 2 } },
  };
}

function cellText(value: unknown, withRate: boolean): string {
  const [, , share, count] = listOf(value);
  if (typeof count !== 'number' || typeof share !== 'number' || count === 0) return '';
  return withRate ? `${count}\n{rate|${percent(share, 0)}}` : String(count);
}

function whenOf({ kind, epoch }: ConfusionMatrix): string {
  return kind === 'confusion' ? `epoch ${epoch}` : `at the end (epoch ${epoch})`;
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function panelTitle(matrix: ConfusionMatrix, withMoment: boolean): string {
  const images = sum(matrix.counts);
  let right = 0;
  for (let index = 0; index < matrix.classes; index++)
    right += matrix.counts[index * matrix.classes + index] ?? 0;
  const accuracy = images === 0 ? '' : `, ${percent(right / images, 1)} right`;
  const when = withMoment ? `, ${whenOf(matrix)}` : '';
  return `${matrix.part}${when}: ${images} images${accuracy}`;
}

function tooltipOf(point: unknown, classes: readonly string[]): string {
  const cell: unknown = typeof point === 'object' && point !== null && 'value' in point ? point.value : [];
  const [predicted, actual, share, count] = listOf(cell);
  function name(index: unknown): string {
    return format.encodeHTML(classes[Number(index)] ?? '');
  }
  return `${name(actual)} taken for ${name(predicted)}: <b>${Number(count)}</b> (${percent(Number(share), 1)})`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sum(numbers: Uint32Array): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}
