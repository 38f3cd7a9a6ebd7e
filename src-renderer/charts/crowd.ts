import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import { format, graphic } from 'echarts/core';
import type { RunLook } from './palette.ts';

/** A curve of a crowd: as many as this cost the library a second where each is a series of its own. */
export interface CrowdLine {
  readonly id: string;
  /** As it is called in what stands beside the cursor. */
  readonly name: string;
  readonly part: 'training' | 'dev';
  readonly look: RunLook;
  readonly width: number;
  readonly dash: readonly number[];
  readonly opacity: number;
  /** Epochs that are ringed or dotted. */
  readonly dots: readonly CrowdDot[];
  /** Ascending. */
  readonly places: Float64Array;
  /** One for each place; what is no number leaves a gap. */
  readonly values: Float64Array;
}

/** A point of a curve that is told from the others. */
export interface CrowdDot {
  readonly at: readonly [place: number, value: number];
  readonly fill: string;
  readonly stroke: string;
}

/** Marks on a line, which tell runs of one colour apart, and half their size in pixels. */
const MARKS = 4;
const HALF_MARK = 3.5;

/** Runs that are named beside the cursor. */
const MOST_NAMED = 12;

/**
 * All lines of a crowd as one series that draws them, and two that nobody sees: the lowest and the highest value of
 * each place, from which the library takes the axes and knows where the cursor is.
 */
export function crowdSeries(
  lines: readonly CrowdLine[],
  isLog: boolean,
): [CustomSeriesOption, LineSeriesOption, LineSeriesOption] {
  const { lowest, highest } = envelope(lines);
  const unseen = { type: 'line', silent: true, showSymbol: false, lineStyle: { opacity: 0 } } as const;
  return [
    {
      id: 'crowd',
      type: 'custom',
      coordinateSystem: 'cartesian2d',
      clip: true,
      // A value on neither axis: what is drawn is known here, by the number of the line.
      encode: { x: -1, y: -1 },
      data: lines.map(({ id, name }, index) => ({ name: id, value: [index], groupId: name })),
      tooltip: { show: false },
      z: 3,
      renderItem: (params, api) => {
        const line = lines[params.dataIndex];
        if (line === undefined) return null;
        const placed = placesOf(line, api, isLog);
        return {
          type: 'group',
          children: [strokeOf(line, placed), ...marksOf(line, placed), ...dotsOf(line, placed)],
        };
      },
    },
    { ...unseen, id: 'lowest', data: lowest },
    { ...unseen, id: 'highest', data: highest },
  ];
}

/** Where a point of the data lies, in pixels: apart, since a pair for each of 100,000 points costs more than placing it. */
interface Places {
  readonly x: (place: number) => number;
  readonly y: (value: number) => number;
}

/**
 * Both axes are linear, or logarithmic upwards: two points tell where all others lie, and the library need not be
 * asked for each.
 */
function placesOf(
  { places, values }: CrowdLine,
  api: { coord(point: [number, number]): number[] },
  isLog: boolean,
): Places {
  const known = values.findIndex((value) => !Number.isNaN(value));
  const [place, value] = [places[known], values[known]];
  if (place === undefined || value === undefined) return { x: () => NaN, y: () => NaN };
  function upwards(of: number): number {
    return isLog ? Math.log10(of) : of;
  }
  const [x = 0, y = 0] = api.coord([place, value]);
  const [right = 0, up = 0] = api.coord([place + 1, isLog ? 10 * value : value + 1]);
  const start = upwards(value);
  return {
    x: (at) => x + (at - place) * (right - x),
    y: (of) => y + (upwards(of) - start) * (up - y),
  };
}

type Shape = Extract<
  ReturnType<NonNullable<CustomSeriesOption['renderItem']>>,
  { readonly children?: unknown }
>['children'];
type Children = NonNullable<Shape>[number];

/** The library's own line wants an array for each point, which it copies: of a crowd that alone takes as long as drawing. */
const LINE = 'crowd-line';
graphic.registerShape(
  LINE,
  graphic.extendShape({
    type: LINE,
    shape: { ends: new Float32Array() },
    init() {
      // As the library's own lines: what is shorter on the screen than two of its points is taken together.
      this.segmentIgnoreThreshold = 2;
    },
    buildPath(context: Pen, { ends }: { readonly ends: Float32Array }) {
      let isDown = false;
      for (let index = 0; index < ends.length; index += 2) {
        const [x, y] = [ends[index] ?? NaN, ends[index + 1] ?? NaN];
        if (Number.isNaN(y)) isDown = false;
        else if (isDown) context.lineTo(x, y);
        else {
          context.moveTo(x, y);
          isDown = true;
        }
      }
    },
  }),
);

/** What of a canvas a line wants. */
interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** One stroke, with gaps where there is no value. */
function strokeOf({ places, values, look, width, dash, opacity }: CrowdLine, placed: Places): Children {
  const ends = new Float32Array(2 * places.length);
  for (let index = 0; index < places.length; index++) {
    ends[2 * index] = placed.x(places[index] ?? NaN);
    ends[2 * index + 1] = placed.y(values[index] ?? NaN);
  }
  const style = {
    stroke: look.color,
    fill: 'none',
    lineWidth: width,
    lineDash: [...dash],
    opacity,
    lineJoin: 'round' as const,
  };
  // The library's types know its own shapes alone.
  return { type: LINE, shape: { ends }, style } as unknown as Children;
}

function marksOf({ part, places, values, look }: CrowdLine, placed: Places): Children[] {
  if (part !== 'dev' || look.mark === 'none') return [];
  const every = Math.max(1, Math.ceil(places.length / MARKS));
  const marks: Children[] = [];
  for (let index = Math.floor(every / 2); index < places.length; index += every) {
    const [place = NaN, value = NaN] = [places[index], values[index]];
    if (Number.isNaN(value)) continue;
    marks.push({ ...markShape(look.mark, placed.x(place), placed.y(value)), style: { fill: look.color } });
  }
  return marks;
}

function dotsOf({ dots }: CrowdLine, placed: Places): Children[] {
  return dots.map(({ at: [place, value], fill, stroke }) => {
    const shape = { cx: placed.x(place), cy: placed.y(value), r: 4 };
    return { type: 'circle', shape, style: { fill, stroke, lineWidth: 2 } };
  });
}

function markShape(mark: Exclude<RunLook['mark'], 'none'>, x: number, y: number) {
  const half = HALF_MARK;
  switch (mark) {
    case 'circle':
      return { type: 'circle' as const, shape: { cx: x, cy: y, r: half } };
    case 'rect':
      return {
        type: 'rect' as const,
        shape: { x: x - half, y: y - half, width: 2 * half, height: 2 * half },
      };
    case 'triangle':
      return polygon([x, y - half], [x + half, y + half], [x - half, y + half]);
    case 'diamond':
      return polygon([x, y - half], [x + half, y], [x, y + half], [x - half, y]);
  }
}

function polygon(...points: [number, number][]) {
  return { type: 'polygon' as const, shape: { points } };
}

function envelope(lines: readonly CrowdLine[]): { lowest: [number, number][]; highest: [number, number][] } {
  const ends = new Map<number, { low: number; high: number }>();
  for (const { places, values } of lines) {
    for (let index = 0; index < places.length; index++) {
      const [place = NaN, value = NaN] = [places[index], values[index]];
      if (Number.isNaN(value)) continue;
      const end = ends.get(place);
      if (end === undefined) ends.set(place, { low: value, high: value });
      else {
        if (value < end.low) end.low = value;
        if (value > end.high) end.high = value;
      }
    }
  }
  const sorted = [...ends].sort(([one], [other]) => one - other);
  return {
    lowest: sorted.map(([place, { low }]) => [place, low]),
    highest: sorted.map(([place, { high }]) => [place, high]),
  };
}

/**
 * HTML for the runs of a crowd at one place: the best of them, and how many more there are. Names are escaped.
 * @param points as the library hands them to a formatter.
 * @param better whether higher or lower is.
 */
export function crowdTooltip(
  points: unknown,
  lines: readonly CrowdLine[],
  {
    figure,
    place,
    better,
  }: {
    readonly figure: (value: number) => string;
    readonly place: (at: string) => string;
    readonly better: 'higher' | 'lower';
  },
): string {
  const at = placeOf(points);
  if (at === undefined) return '';
  const rows = new Map<
    string,
    { readonly color: string; readonly name: string; dev?: number; training?: number }
  >();
  for (const line of lines) {
    const value = line.values[indexOf(line.places, at)];
    if (value === undefined || Number.isNaN(value)) continue;
    const run = line.id.split(' ')[0] ?? '';
    const row = rows.get(run) ?? { color: line.look.color, name: line.name };
    row[line.part] = value;
    rows.set(run, row);
  }
  const sign = better === 'higher' ? -1 : 1;
  const sorted = [...rows.values()].sort(
    (one, other) => sign * ((one.dev ?? one.training ?? NaN) - (other.dev ?? other.training ?? NaN)),
  );
  const shown = sorted.slice(0, MOST_NAMED).map(({ color, name, dev, training }) => {
    const figures = [
      ...(dev === undefined ? [] : [`dev <b>${figure(dev)}</b>`]),
      ...(training === undefined ? [] : [`training ${figure(training)}`]),
    ];
    return `${markerOf(color)}${format.encodeHTML(name)}: ${figures.join(', ')}`;
  });
  const rest = sorted.length - shown.length;
  return [
    format.encodeHTML(place(String(at))),
    ...shown,
    ...(rest > 0 ? [`and ${rest} more, ${better === 'higher' ? 'lower' : 'higher'}`] : []),
  ].join('<br>');
}

function markerOf(color: string): string {
  return `<span style="display:inline-block;margin-right:4px;border-radius:10px;width:10px;height:10px;background-color:${format.encodeHTML(color)};"></span>`;
}

function placeOf(points: unknown): number | undefined {
  const first: unknown = Array.isArray(points) ? points[0] : undefined;
  if (typeof first !== 'object' || first === null || !('value' in first)) return undefined;
  const at: unknown = Array.isArray(first.value) ? first.value[0] : undefined;
  return typeof at === 'number' ? at : undefined;
}

/** Where a place stands among ascending ones; −1 where it does not. */
function indexOf(places: Float64Array, at: number): number {
  let [low, high] = [0, places.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const place = places[middle] ?? NaN;
    if (place === at) return middle;
    if (place < at) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
