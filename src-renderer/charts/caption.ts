import { type KeyEntry, keyOf, type NamedLook, shortenedName } from './curve-legend.ts';
import { type ChartFrame, type ChartOption, FONT_FAMILY } from './frame.ts';
import { chartColors, type RunLook, type ThemeName } from './palette.ts';

/** What stands above a picture of a chart that leaves the page. */
export interface Caption {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Kinds of lines and marks, explained. */
  readonly key?: ((theme: ThemeName) => readonly KeyEntry[]) | undefined;
}

/** Pixels. */
const SIDE = 12;
const TITLE_HEIGHT = 36;
const SUBTITLE_HEIGHT = 20;
const KEY_HEIGHT = 24;
const ROW = 22;
const SAMPLE_WIDTH = 26;
const GAP = 8;
const WIDEST_NAME = 240;
const NARROWEST_NAME = 70;

/** Pixels of a letter of 12 px, on average. */
const LETTER_WIDTH = 6.6;

/** Pixels that a caption takes. */
export function captionHeight({ subtitle, key }: Caption): number {
  return TITLE_HEIGHT + (subtitle === undefined ? 0 : SUBTITLE_HEIGHT) + (key === undefined ? 0 : KEY_HEIGHT);
}

export function captionOption({ title, subtitle, key }: Caption, frame: ChartFrame): ChartOption {
  const colors = chartColors(frame.theme);
  const width = frame.width - 2 * SIDE;
  function line(text: string, y: number, style: object): object {
    return {
      type: 'text',
      x: SIDE,
      y,
      style: { text, width, overflow: 'truncate', ellipsis: '…', fontFamily: FONT_FAMILY, ...style },
    };
  }
  return {
    ...sheetOption(frame),
    graphic: [
      line(title, 12, { fill: colors.text, fontSize: 16, fontWeight: 600 }),
      ...(subtitle === undefined
        ? []
        : [line(subtitle, TITLE_HEIGHT, { fill: colors.mutedText, fontSize: 12 })]),
      ...(key === undefined
        ? []
        : keyOf(key(frame.theme), colors, {
            x: SIDE,
            y: TITLE_HEIGHT + (subtitle === undefined ? 0 : SUBTITLE_HEIGHT),
          })),
    ],
  };
}

/** Pixels that the names of runs take below a chart of a width: all of them, however many there are. */
export function legendHeight(runs: readonly NamedLook[], width: number): number {
  return runs.length === 0 ? 0 : Math.ceil(runs.length / columnsOf(runs, width).count) * ROW + GAP;
}

/** The names of runs with their lines, in columns. */
export function legendOption(runs: readonly NamedLook[], frame: ChartFrame): ChartOption {
  const colors = chartColors(frame.theme);
  const { count, step } = columnsOf(runs, frame.width);
  const letters = Math.floor((step - SAMPLE_WIDTH - 2 * GAP) / LETTER_WIDTH);
  return {
    ...sheetOption(frame),
    graphic: runs.map(({ name, look }, index) => ({
      type: 'group',
      x: SIDE + (index % count) * step,
      y: Math.floor(index / count) * ROW,
      children: [
        {
          type: 'line',
          shape: { x1: 0, y1: ROW / 2, x2: SAMPLE_WIDTH, y2: ROW / 2 },
          style: { stroke: look.color, lineWidth: 2.5 },
        },
        ...markOf(look),
        {
          type: 'text',
          x: SAMPLE_WIDTH + GAP,
          y: ROW / 2,
          style: {
            text: shortenedName(name, Math.max(4, letters)),
            verticalAlign: 'middle',
            fill: colors.text,
            fontFamily: FONT_FAMILY,
            fontSize: 12,
          },
        },
      ],
    })),
  };
}

function sheetOption({ theme }: ChartFrame): ChartOption {
  return { animation: false, backgroundColor: chartColors(theme).background };
}

function columnsOf(runs: readonly NamedLook[], width: number): { count: number; step: number } {
  const longest = Math.max(0, ...runs.map(({ name }) => name.length)) * LETTER_WIDTH;
  const wanted = SAMPLE_WIDTH + 2 * GAP + Math.min(WIDEST_NAME, Math.max(NARROWEST_NAME, longest + GAP));
  const room = width - 2 * SIDE;
  const count = Math.max(1, Math.min(runs.length, Math.floor(room / wanted)));
  return { count, step: Math.min(wanted, room / count) };
}

function markOf({ mark, color }: RunLook): object[] {
  const [x, y, half] = [SAMPLE_WIDTH / 2, ROW / 2, 4];
  const style = { fill: color };
  switch (mark) {
    case 'none':
      return [];
    case 'circle':
      return [{ type: 'circle', shape: { cx: x, cy: y, r: half }, style }];
    case 'rect':
      return [
        { type: 'rect', shape: { x: x - half, y: y - half, width: 2 * half, height: 2 * half }, style },
      ];
    case 'triangle':
      return [polygon(style, [x, y - half], [x + half, y + half], [x - half, y + half])];
    case 'diamond':
      return [polygon(style, [x, y - half], [x + half, y], [x, y + half], [x - half, y])];
  }
}

function polygon(style: object, ...points: [number, number][]): object {
  return { type: 'polygon', shape: { points }, style };
}
