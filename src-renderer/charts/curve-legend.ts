import { type ChartFrame, FONT_FAMILY, HEADER_HEIGHT, MARGIN } from './frame.ts';
import type { ChartColors, RunLook } from './palette.ts';

/** A run as its curves and the legend name it. */
export interface NamedLook {
  readonly name: string;
  readonly look: RunLook;
}

/** Where a legend stands, and what it leaves to the curves: pixels from the frame's top and right border. */
export interface PlacedLegend {
  readonly option: object;
  readonly top: number;
  readonly right: number;
}

/** Pixels. */
const LINE_HEIGHT = 22;
const TEXT_HEIGHT = 14;
const SAMPLE_WIDTH = 26;
const DOT_WIDTH = 12;
const SAMPLE_GAP = 6;
const KEY_HEIGHT = 28;
const COLUMN_GAP = 20;

/** Pixels of a letter of 12 px, on average. */
const LETTER_WIDTH = 6.6;

/** The most runs whose names stand above the chart; more stand beside it. */
const RUNS_ABOVE = 4;

/** Names as a legend needs them, each once: runs of one name get their id in addition. */
export function distinctNames(runs: readonly { readonly id: string; readonly name: string }[]): string[] {
  const times = new Map<string, number>();
  for (const { name } of runs) times.set(name, (times.get(name) ?? 0) + 1);
  return runs.map(({ id, name }) => (times.get(name) === 1 ? name : `${name} (${id})`));
}

/** A name of at most so many letters; what is too long loses its middle, since names often differ at their ends. */
export function shortenedName(name: string, letters: number): string {
  const all = lettersOf(name);
  if (all.length <= letters) return name;
  const start = Math.ceil((letters - 1) / 2);
  return `${all.slice(0, start).join('')}…${all.slice(all.length - (letters - 1 - start)).join('')}`;
}

function lettersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** The names of runs: in a row above few curves, in columns beside many. What finds no room is on further pages. */
export function legendOf(runs: readonly NamedLook[], frame: ChartFrame, colors: ChartColors): PlacedLegend {
  const above = runs.length <= RUNS_ABOVE;
  const top = HEADER_HEIGHT + KEY_HEIGHT;
  const longest = Math.max(0, ...runs.map(({ name }) => lettersOf(name).length)) * LETTER_WIDTH;
  const row = (frame.width - 2 * MARGIN) / Math.max(1, runs.length) - SAMPLE_WIDTH - SAMPLE_GAP - COLUMN_GAP;
  const textWidth = Math.max(5 * LETTER_WIDTH, Math.min(longest, above ? row : frame.width / 4));
  const columnWidth = SAMPLE_WIDTH + SAMPLE_GAP + textWidth + COLUMN_GAP;

  const height = Math.max(LINE_HEIGHT, frame.height - top - MARGIN);
  const rows = Math.floor(height / LINE_HEIGHT);
  const columns = Math.min(
    Math.ceil(runs.length / rows),
    Math.max(1, Math.floor(frame.width / 3 / columnWidth)),
  );
  // Rounded first: the width of so many letters is not always so many times the width of one.
  const letters = Math.floor(Number((textWidth / LETTER_WIDTH).toFixed(3)));
  return {
    option: {
      type: above || runs.length <= rows * columns ? 'plain' : 'scroll',
      data: runs.map(({ name, look }) => ({
        name,
        // The library puts a circle on the sample of a line that has no marks.
        ...(look.mark === 'none' ? { itemStyle: { opacity: 0 } } : {}),
      })),
      formatter: (name: string) => shortenedName(name, letters),
      padding: 0,
      itemWidth: SAMPLE_WIDTH,
      itemHeight: 10,
      textStyle: { color: colors.text, fontSize: 12, lineHeight: TEXT_HEIGHT },
      pageIconColor: colors.text,
      pageIconInactiveColor: colors.axis,
      pageTextStyle: { color: colors.mutedText },
      ...(above
        ? { orient: 'horizontal', left: MARGIN, top, itemGap: COLUMN_GAP }
        : {
            orient: 'vertical',
            left: frame.width - MARGIN - columns * columnWidth + COLUMN_GAP,
            top,
            height,
            itemGap: LINE_HEIGHT - TEXT_HEIGHT,
          }),
    },
    top: above ? top + LINE_HEIGHT + 14 : top + 6,
    right: above ? MARGIN + 8 : MARGIN + columns * columnWidth,
  };
}

/** A kind of line or mark, and what it means. */
export interface KeyEntry {
  readonly label: string;
  readonly sample:
    | { readonly kind: 'line'; readonly dash: number[]; readonly width: number }
    | { readonly kind: 'dot'; readonly fill: string; readonly stroke: string; readonly width: number };
}

/** Graphic elements that explain kinds of lines and marks, in a row: below the header where no place is said. */
export function keyOf(
  entries: readonly KeyEntry[],
  colors: ChartColors,
  at: { readonly x: number; readonly y: number } = { x: MARGIN, y: HEADER_HEIGHT + 4 },
): object[] {
  let left = at.x;
  return entries.map(({ label, sample }) => {
    const sampleWidth = sample.kind === 'line' ? SAMPLE_WIDTH : DOT_WIDTH;
    const group = {
      type: 'group',
      x: left,
      y: at.y,
      silent: true,
      children: [
        sample.kind === 'line'
          ? {
              type: 'line',
              shape: { x1: 0, y1: 8, x2: sampleWidth, y2: 8 },
              style: { stroke: colors.mutedText, lineWidth: sample.width, lineDash: sample.dash },
            }
          : {
              type: 'circle',
              shape: { cx: sampleWidth / 2, cy: 8, r: 5 },
              style: { fill: sample.fill, stroke: sample.stroke, lineWidth: sample.width },
            },
        {
          type: 'text',
          x: sampleWidth + SAMPLE_GAP,
          y: 8,
          style: {
            text: label,
            verticalAlign: 'middle',
            fill: colors.mutedText,
            fontFamily: FONT_FAMILY,
            fontSize: 12,
          },
        },
      ],
    };
    left += sampleWidth + SAMPLE_GAP + label.length * LETTER_WIDTH + COLUMN_GAP;
    return group;
  });
}
