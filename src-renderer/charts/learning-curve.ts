import type { LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import { format } from 'echarts/core';
import type { LearningCurve } from '../../src-preload/contract/analysis.ts';
import { countText, percentText } from '../../src-preload/contract/figure-text.ts';
import { bareOption, type ChartFrame, type ChartOption } from './frame.ts';
import { chartColors, runLooks } from './palette.ts';

/** Places that the law is drawn through. */
const STEPS = 60;

/** Dev accuracy over the number of training images: what was measured, the law through it, and where it leads. */
export function learningCurveOption(curve: LearningCurve, frame: ChartFrame): ChartOption {
  const colors = chartColors(frame.theme);
  const color = runLooks(1, frame.theme)[0]?.color ?? colors.text;
  const { law, points, expected } = curve;
  const ends = [...points, ...expected].map(({ images }) => images);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const measured = Math.max(...points.map(({ images }) => images));
  function lawLine(from: number, to: number): [number, number][] {
    if (law === null) return [];
    return Array.from({ length: STEPS + 1 }, (_, step) => {
      const images = from * (to / from) ** (step / STEPS);
      return [images, 1 - law.floor - law.factor * images ** -law.exponent];
    });
  }
  const told = [
    ...points.map(({ images, mean, interval, seeds }) => ({
      images,
      accuracy: mean,
      interval,
      words: seeds === 1 ? 'one seed' : `mean of ${seeds} seeds`,
    })),
    ...expected.map((one) => ({ ...one, words: 'expected' })),
  ];
  function line(id: string, data: [number, number][], type: 'solid' | 'dashed'): LineSeriesOption {
    return {
      id,
      type: 'line',
      data,
      showSymbol: false,
      silent: true,
      lineStyle: { color, width: 2, type },
      tooltip: { show: false },
    };
  }
  return {
    ...bareOption(frame),
    grid: { left: 70, right: 20, top: 14, bottom: 44 },
    xAxis: {
      type: 'log',
      // Twice as many are as far apart wherever they stand.
      logBase: 2,
      min: least / 1.2,
      max: most * 1.2,
      name: 'Training images',
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: colors.mutedText, fontSize: 12 },
      axisLine: { lineStyle: { color: colors.axis } },
      axisLabel: {
        color: colors.mutedText,
        fontSize: 12,
        hideOverlap: true,
        formatter: (value: number) => countText(value),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      scale: true,
      name: 'Dev accuracy',
      nameLocation: 'middle',
      nameGap: 52,
      nameTextStyle: { color: colors.mutedText, fontSize: 12 },
      axisLine: { lineStyle: { color: colors.axis } },
      axisLabel: { color: colors.mutedText, fontSize: 12, formatter: (value: number) => percentText(value) },
      splitLine: { lineStyle: { color: colors.gridLine } },
    },
    tooltip: {
      confine: true,
      backgroundColor: colors.background,
      borderColor: colors.axis,
      textStyle: { color: colors.text, fontSize: 12 },
      formatter: (point: unknown) => {
        const index =
          typeof point === 'object' && point !== null && 'dataIndex' in point ? Number(point.dataIndex) : -1;
        const own = told[index];
        if (own === undefined) return '';
        const range =
          own.interval === null
            ? ''
            : `<br>95 % interval ${percentText(own.interval.low)} to ${percentText(own.interval.high)}`;
        return (
          format.encodeHTML(
            `${countText(own.images)} training images: ${percentText(own.accuracy)} (${own.words})`,
          ) + range
        );
      },
    },
    series: [
      line('law', lawLine(least, measured), 'solid'),
      line('beyond', lawLine(measured, most), 'dashed'),
      ...told.flatMap(({ images, interval }, index): LineSeriesOption[] =>
        interval === null
          ? []
          : [
              {
                ...line(
                  `interval ${index}`,
                  [
                    [images, Math.max(0, interval.low)],
                    [images, Math.min(1, interval.high)],
                  ],
                  'solid',
                ),
                lineStyle: { color: colors.axis, width: 2, type: 'solid' },
              },
            ],
      ),
      {
        id: 'points',
        type: 'scatter',
        symbolSize: 11,
        data: told.map(({ images, accuracy, words }) => ({
          value: [images, accuracy],
          itemStyle: {
            color: words === 'expected' ? colors.background : color,
            borderColor: color,
            borderWidth: 2,
          },
        })),
      } satisfies ScatterSeriesOption,
    ],
  };
}

/** What was measured, and what is expected of more images, as comma-separated values. */
export function learningCurveCsv({ points, expected }: LearningCurve): string {
  const rows = [
    ...points.map(
      ({ images, seeds, mean, interval }) => ['measured', images, seeds, mean, interval] as const,
    ),
    ...expected.map(
      ({ images, accuracy, interval }) => ['expected', images, '', accuracy, interval] as const,
    ),
  ];
  return [
    'kind,training images,seeds,dev accuracy,interval low,interval high',
    ...rows.map(([kind, images, seeds, accuracy, interval]) =>
      [kind, images, seeds, accuracy, interval?.low ?? '', interval?.high ?? ''].join(','),
    ),
    '',
  ].join('\n');
}
