import type { EChartsCoreOption } from 'echarts/core';
import { type ThemeName, chartColors } from './palette.ts';

/** What a chart is drawn into. Sizes in pixels. */
export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly theme: ThemeName;
  /** Above the chart, in place of what it says by itself. */
  readonly title?: string;
  /** Only what is drawn, where a page has words of its own around it. */
  readonly bare?: boolean;
}

/** What `echarts.setOption` takes, and `renderSvg`. */
export type ChartOption = EChartsCoreOption;

/** The shipped font; where it is absent the system's own. */
export const FONT_FAMILY = 'Inter, system-ui, sans-serif';

/** Pixels between the border and what is drawn. */
export const MARGIN = 24;

/** Pixels taken by the title and the line below it. */
export const HEADER_HEIGHT = 64;

/** What a chart has that is drawn without a title of its own: background and font. */
export function bareOption({ theme }: ChartFrame): ChartOption {
  const colors = chartColors(theme);
  return {
    animation: false,
    backgroundColor: colors.background,
    textStyle: { fontFamily: FONT_FAMILY, color: colors.text },
  };
}

/** What every chart has: background, font, title and the line below it. */
export function frameOption(frame: ChartFrame, title: string, subtitle: string): ChartOption {
  const colors = chartColors(frame.theme);
  const width = frame.width - 2 * MARGIN;
  return {
    ...bareOption(frame),
    title: {
      show: frame.bare !== true,
      text: frame.title ?? title,
      subtext: subtitle,
      left: MARGIN - 5,
      top: 12,
      itemGap: 6,
      textStyle: { fontSize: 18, fontWeight: 600, color: colors.text, width, overflow: 'truncate' },
      subtextStyle: { fontSize: 12, color: colors.mutedText, width, overflow: 'truncate' },
    },
  };
}
