import { type Caption, captionHeight, captionOption, legendHeight, legendOption } from '../charts/caption.ts';
import { distinctNames, type NamedLook } from '../charts/curve-legend.ts';
import type { ChartFrame, ChartOption } from '../charts/frame.ts';
import { lookIn, type RunLook } from '../charts/palette.ts';
import type { ChartAction, Sheet, SheetPart } from './sheet.ts';

/** A chart of a page as it leaves it: what was on the screen, with title and names around it. */
export interface ChartPicture {
  readonly caption: Caption;
  readonly option: (frame: ChartFrame) => ChartOption;
  /** As it was on the screen, in CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Runs that are named below it. */
  readonly runs?: readonly NamedLook[] | undefined;
  /** What people did to it on the screen, such as what they marked on an axis. */
  readonly actions?: readonly ChartAction[] | undefined;
}

/** Pixels between the pictures of a board. */
const GAP = 16;

/** Runs as a legend names them, each name once. */
export function legendRuns(
  runs: readonly { readonly id: string; readonly name: string }[],
  looks: ReadonlyMap<string, RunLook>,
): NamedLook[] {
  const names = distinctNames(runs);
  return runs.flatMap(({ id }, index) => {
    const look = looks.get(id);
    return look === undefined ? [] : [{ name: names[index] ?? '', look }];
  });
}

/** One picture: its caption, the chart as it was on the screen, and the names of its runs. */
export function pictureSheet(picture: ChartPicture): Sheet {
  const { width, height, parts } = chartSheet(picture);
  const named = legendPart(picture.runs ?? [], width, height);
  return { width, height: height + named.height, parts: [...parts, ...named.parts] };
}

/** Pictures as a board below one title, in rows as wide as the widest or two of the first, and all names once below. */
export function boardSheet(title: string, pictures: readonly ChartPicture[]): Sheet {
  const sheets = pictures.map(chartSheet);
  const width = Math.max(0, ...sheets.map((sheet) => sheet.width), 2 * (sheets[0]?.width ?? 0) + GAP);
  const caption = { title };
  const parts: SheetPart[] = [captionPart(caption, width)];
  let [x, y, rowHeight] = [0, captionHeight(caption) + GAP, 0];
  for (const sheet of sheets) {
    if (x > 0 && x + sheet.width > width) {
      [x, y, rowHeight] = [0, y + rowHeight + GAP, 0];
    }
    parts.push(...sheet.parts.map((part) => ({ ...part, x: part.x + x, y: part.y + y })));
    x += sheet.width + GAP;
    rowHeight = Math.max(rowHeight, sheet.height);
  }
  const runs = pictures.find((picture) => picture.runs !== undefined)?.runs ?? [];
  const named = legendPart(runs, width, y + rowHeight + GAP);
  return { width, height: y + rowHeight + GAP + named.height, parts: [...parts, ...named.parts] };
}

function chartSheet({ caption, option, size, actions }: ChartPicture): Sheet {
  const top = captionHeight(caption);
  return {
    width: size.width,
    height: top + size.height,
    parts: [captionPart(caption, size.width), { x: 0, y: top, ...size, option, actions }],
  };
}

function captionPart(caption: Caption, width: number): SheetPart {
  return {
    ...{ x: 0, y: 0, width, height: captionHeight(caption) },
    option: (frame) => captionOption(caption, frame),
  };
}

function legendPart(
  runs: readonly NamedLook[],
  width: number,
  top: number,
): { readonly height: number; readonly parts: readonly SheetPart[] } {
  const height = legendHeight(runs, width);
  if (height === 0) return { height, parts: [] };
  return {
    height,
    parts: [
      {
        ...{ x: 0, y: top, width, height },
        option: (frame) =>
          legendOption(
            runs.map(({ name, look }) => ({ name, look: lookIn(look, frame.theme) })),
            frame,
          ),
      },
    ],
  };
}
