import { encode } from 'fast-png';
import type { UnitsSnapshot } from '../../src-preload/contract/snapshot.ts';
import {
  type ChartFrame,
  type ChartOption,
  FONT_FAMILY,
  HEADER_HEIGHT,
  MARGIN,
  frameOption,
} from './frame.ts';
import { type ChartColors, chartColors } from './palette.ts';

export interface WeightsInput {
  /** One a tracked parameter; drawn below each other. Of one epoch, the last as a rule. */
  readonly units: readonly UnitsSnapshot[];
  /** Name of the run, for the title. */
  readonly run?: string;
}

/** Pixels. */
const GROUP_TITLE = 44;
const UNIT_TITLE = 22;
const TILE_GAP = 16;
const SCALE = { width: 180, height: 12 };

/** Room for a title such as `unit 99`. */
const SMALLEST_CELL = 44;

/** The most pixels that one of a picture is drawn with. */
const LARGEST_PIXEL = 24;

/**
 * Weights of tracked units as pictures in a grid, one a unit, in the shape of the input. Each parameter has one scale
 * for all its units and epochs: black (or no light of a channel) is −scale, mid-grey 0, white +scale.
 */
export function weightsOption(input: WeightsInput, frame: ChartFrame): ChartOption {
  const colors = chartColors(frame.theme);
  const epochs = [...new Set(input.units.map(({ epoch }) => epoch))];
  const subtitle =
    input.units.length === 0
      ? 'No unit is tracked'
      : `After epoch ${epochs.join(', ')}; one picture a unit, mid-grey is a weight of 0`;
  const header = frame.bare === true ? 0 : HEADER_HEIGHT;
  const height = (frame.height - header - MARGIN) / Math.max(1, input.units.length);
  return {
    ...frameOption(frame, `Weights${input.run === undefined ? '' : ` of ${input.run}`}`, subtitle),
    graphic: input.units.flatMap((units, index) =>
      groupOf(
        units,
        {
          left: MARGIN,
          top: header + 8 + index * height,
          width: frame.width - 2 * MARGIN,
          height: height - 8,
        },
        colors,
      ),
    ),
  };
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function groupOf(units: UnitsSnapshot, box: Box, colors: ChartColors): object[] {
  const { columns, pixel } = gridOf(units, box);
  const [tileWidth, tileHeight] = [units.width * pixel, units.height * pixel];
  const top = box.top + GROUP_TITLE;
  return [
    text(units.parameter, box.left, box.top, { fill: colors.text, fontSize: 14, fontWeight: 600 }),
    ...scaleOf(units.scale, box, colors),
    ...Array.from({ length: units.count }, (_, unit) => {
      const left = box.left + (unit % columns) * (cellWidth(units, pixel) + TILE_GAP);
      const tileTop = top + Math.floor(unit / columns) * (tileHeight + UNIT_TITLE + TILE_GAP);
      return [
        text(unitTitle(units.parameter, unit, cellWidth(units, pixel)), left, tileTop, {
          fill: colors.mutedText,
          fontSize: 12,
          width: cellWidth(units, pixel),
          overflow: 'truncate',
          ellipsis: '…',
        }),
        {
          type: 'image',
          silent: true,
          style: {
            image: pictureOf(units, unit, Math.max(1, Math.floor(pixel))),
            x: left,
            y: tileTop + UNIT_TITLE,
            width: tileWidth,
            height: tileHeight,
          },
        },
        {
          type: 'rect',
          silent: true,
          shape: { x: left, y: tileTop + UNIT_TITLE, width: tileWidth, height: tileHeight },
          style: { fill: 'none', stroke: colors.axis, lineWidth: 1 },
        },
      ];
    }).flat(),
  ];
}

/** Narrow pictures still have a title above them. */
function cellWidth(units: UnitsSnapshot, pixel: number): number {
  return Math.max(units.width * pixel, SMALLEST_CELL);
}

/**
 * Columns and pixel size with which a group's pictures are the largest that fit its box, in as few rows as that takes.
 * Whole pixels where a picture is enlarged, so that its edges stay sharp.
 */
function gridOf(units: UnitsSnapshot, box: Box): { columns: number; pixel: number } {
  let best = { columns: 1, pixel: 0 };
  for (let rows = 1; rows <= Math.max(1, units.count); rows++) {
    const columns = Math.max(1, Math.ceil(units.count / rows));
    const width = (box.width - (columns - 1) * TILE_GAP) / columns;
    const height = (box.height - GROUP_TITLE - rows * UNIT_TITLE - (rows - 1) * TILE_GAP) / rows;
    if (width < SMALLEST_CELL && columns > 1) continue;
    const fits = Math.min(width / units.width, height / units.height, LARGEST_PIXEL);
    const pixel = fits >= 1 ? Math.floor(fits) : fits;
    if (pixel > best.pixel) best = { columns, pixel };
  }
  // Pictures that do not fit at all are drawn small, and beyond the border rather than not.
  return best.pixel > 0
    ? best
    : { columns: Math.max(1, Math.floor(box.width / (SMALLEST_CELL + TILE_GAP))), pixel: 0.1 };
}

function unitTitle(parameter: string, unit: number, width: number): string {
  const whole = `${parameter} ${unit}`;
  return whole.length * 7 <= width ? whole : `unit ${unit}`;
}

function text(content: string, x: number, y: number, style: object): object {
  return { type: 'text', silent: true, x, y, style: { text: content, fontFamily: FONT_FAMILY, ...style } };
}

/** What the ends and the middle of the grey scale mean, at the right of a group's title. */
function scaleOf(scale: number, box: Box, colors: ChartColors): object[] {
  const left = box.left + box.width - SCALE.width;
  const label = Number(scale.toPrecision(3));
  const stops = [0, 0.5, 1].map((offset, index) => ({
    offset,
    color: ['#000000', '#808080', '#ffffff'][index],
  }));
  const style = { fill: colors.mutedText, fontSize: 12 };
  return [
    {
      type: 'rect',
      silent: true,
      shape: { x: left, y: box.top + 2, width: SCALE.width, height: SCALE.height },
      style: {
        fill: { type: 'linear', x: 0, y: 0, x2: 1, y2: 0, colorStops: stops },
        stroke: colors.axis,
        lineWidth: 1,
      },
    },
    text(`−${label}`, left, box.top + SCALE.height + 8, style),
    text('0', left + SCALE.width / 2, box.top + SCALE.height + 8, { ...style, align: 'center' }),
    text(`+${label}`, left + SCALE.width, box.top + SCALE.height + 8, { ...style, align: 'right' }),
  ];
}

/**
 * One unit as a PNG data URI, each of its pixels a square of so many: enlarging is left to nobody who would blur it,
 * and squares of one colour pack to almost nothing.
 */
function pictureOf(units: UnitsSnapshot, unit: number, enlarged: number): string {
  const { width, height, channels } = units;
  const start = unit * height * width * channels;
  const data = new Uint8Array(width * height * channels * enlarged * enlarged);
  let at = 0;
  for (let y = 0; y < height * enlarged; y++) {
    const row = start + Math.floor(y / enlarged) * width * channels;
    for (let x = 0; x < width * enlarged; x++) {
      const from = row + Math.floor(x / enlarged) * channels;
      for (let channel = 0; channel < channels; channel++) data[at++] = units.pixels[from + channel] ?? 0;
    }
  }
  const png = encode({ width: width * enlarged, height: height * enlarged, data, channels, depth: 8 });
  return `data:image/png;base64,${base64(png)}`;
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  // In pieces: so many arguments as a picture has bytes are more than a call may have.
  for (let start = 0; start < bytes.length; start += 8192)
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(binary);
}
