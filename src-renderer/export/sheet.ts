import type { ChartFrame, ChartOption } from '../charts/frame.ts';
import { init } from '../charts/page-charts.ts';
import { type ThemeName, chartColors } from '../charts/palette.ts';

/** Something that the library is told to do, as it tells of what people do. */
export type ChartAction = Readonly<Record<string, unknown>> & { readonly type: string };

/** A chart at its place on a sheet, in pixels at scale 1. */
export interface SheetPart {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Drawn bare, as on the page. */
  readonly option: (frame: ChartFrame) => ChartOption;
  readonly actions?: readonly ChartAction[] | undefined;
}

/** Charts that make one picture. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly SheetPart[];
}

/** The sheet as a PNG file. @param scale pixels of the picture for one of the sheet. */
export async function sheetPng(sheet: Sheet, theme: ThemeName, scale: number): Promise<Blob> {
  await document.fonts.load('600 18px Inter');
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(sheet.width * scale);
  canvas.height = Math.round(sheet.height * scale);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error(TOO_LARGE);
  context.fillStyle = chartColors(theme).background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const part of sheet.parts) {
    await withChart(part, theme, 'canvas', scale, (chart) => {
      // The very pixels: drawn in the size that they have on the sheet, nothing is resampled.
      context.drawImage(chart.renderToCanvas({ pixelRatio: scale }), part.x * scale, part.y * scale);
    });
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error(TOO_LARGE));
      else resolve(blob);
    }, 'image/png');
  });
}

/** A chart with the title that it has of itself, as a PNG file. */
export function chartPng(
  option: (frame: ChartFrame) => ChartOption,
  frame: ChartFrame,
  scale: number,
): Promise<Blob> {
  const { width, height, theme } = frame;
  const part = { x: 0, y: 0, width, height, option: () => option(frame) };
  return sheetPng({ width, height, parts: [part] }, theme, scale);
}

const TOO_LARGE = 'This browser draws no picture of that size; choose a smaller one.';

/** The same as an SVG document. */
export async function sheetSvg(sheet: Sheet, theme: ThemeName): Promise<string> {
  const { width, height } = sheet;
  const parts: string[] = [];
  for (const part of sheet.parts) {
    await withChart(part, theme, 'svg', 1, (chart) => {
      parts.push(chart.renderToSVGString().replace('<svg ', `<svg x="${part.x}" y="${part.y}" `));
    });
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${chartColors(theme).background}"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

async function withChart(
  { width, height, option, actions = [] }: SheetPart,
  theme: ThemeName,
  renderer: 'canvas' | 'svg',
  scale: number,
  take: (chart: ReturnType<typeof init>) => void,
): Promise<void> {
  const drawn = await withLoadedImages(option({ width, height, theme, bare: true }));
  const place = document.createElement('div');
  place.style.cssText = `position:fixed;left:-20000px;top:0;width:${width}px;height:${height}px`;
  place.setAttribute('aria-hidden', 'true');
  document.body.append(place);
  const chart = init(place, null, { renderer, width, height, devicePixelRatio: scale });
  try {
    const finished = new Promise<void>((resolve) => {
      chart.on('finished', () => {
        resolve();
      });
    });
    chart.setOption({ ...drawn, animation: false });
    for (const action of actions) chart.dispatchAction({ ...action });
    await finished;
    take(chart);
  } finally {
    chart.dispose();
    place.remove();
  }
}

/** The same with its pictures loaded: the library says that it has finished before those are there. */
async function withLoadedImages(option: ChartOption): Promise<ChartOption> {
  const graphic: unknown = option['graphic'];
  if (!Array.isArray(graphic)) return option;
  return { ...option, graphic: await Promise.all(graphic.map(loaded)) };
}

async function loaded(element: unknown): Promise<unknown> {
  if (typeof element !== 'object' || element === null || !('style' in element)) return element;
  const { style } = element;
  if (typeof style !== 'object' || style === null || !('image' in style)) return element;
  if (typeof style.image !== 'string') return element;
  const image = new Image();
  image.src = style.image;
  await image.decode();
  return { ...element, style: { ...style, image } };
}
