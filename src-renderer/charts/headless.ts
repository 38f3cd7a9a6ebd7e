import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { HeatmapChart, LineChart } from 'echarts/charts';
import {
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkPointComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import opentype from 'opentype.js';
import type { ChartOption } from './frame.ts';

export { confusionOption, type ConfusionInput } from './confusion.ts';
export { foldedCsv, seriesCsv } from './csv.ts';
export { curveMetrics, curvesOption, type CurveRun, type CurvesInput } from './curves.ts';
export type { ChartFrame, ChartOption } from './frame.ts';
export { runLooks, type ThemeName } from './palette.ts';
export { confusionCsv, unitsCsv } from './snapshot-csv.ts';
export { studyCurvesOption, type StudyCurves } from './study-curves.ts';
export { weightsOption, type WeightsInput } from './weights.ts';

/** Absolute paths of the TrueType files that charts are drawn with. */
export interface FontFiles {
  readonly regular: string;
  readonly semiBold: string;
}

/** The font files as they lie in the folder that is shipped (`resources/fonts`). */
export function fontFilesIn(folder: string): FontFiles {
  return { regular: join(folder, 'Inter-Regular.ttf'), semiBold: join(folder, 'Inter-SemiBold.ttf') };
}

use([
  GraphicComponent,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkPointComponent,
  SVGRenderer,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
]);

/**
 * Draws a chart without a window.
 * @param size in pixels, and the fonts that text is measured with.
 * @returns an SVG document. Its text is text, in Inter and else the viewer's own sans-serif font: so it can be searched
 * and edited and stays small (an embedded font would add 0.9 MB); widths differ little between such fonts, and nothing
 * is placed by the end of a text.
 */
export function renderSvg(
  option: ChartOption,
  size: { readonly width: number; readonly height: number; readonly fonts: FontFiles },
): string {
  const fonts = { regular: openFont(size.fonts.regular), semiBold: openFont(size.fonts.semiBold) };
  setPlatformAPI({ measureText: (text, font) => ({ width: textWidth(text, font ?? '', fonts) }) });
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: size.width, height: size.height });
  try {
    chart.setOption(option);
    return still(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/**
 * A document without what is only for a page that reacts to a pointer, and without the number of charts drawn before
 * it, so that the same chart is the same text. Text of people is escaped in it, and has no quotation mark to match.
 */
function still(svg: string): string {
  return svg
    .replace(/<style[^>]*>.*?<\/style>\s*/gs, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/(id="|url\(#)zr\d+-/g, '$1');
}

/**
 * Pixels of an SVG document by `renderSvg`, as a PNG file. Drawn with the fonts given alone, so that it is the same on
 * every machine; the system's fonts are looked at only where the text has letters that these have not.
 * @param options.scale pixels for one of the document; 1 where nothing is said.
 */
export function renderPng(
  svg: string,
  options: { readonly fonts: FontFiles; readonly scale?: number },
): Buffer {
  const { fonts, scale = 1 } = options;
  const regular = openFont(fonts.regular);
  const drawn = new Resvg(svg, {
    font: {
      fontFiles: [fonts.regular, fonts.semiBold],
      loadSystemFonts: hasOtherLetters(svg, regular),
      defaultFontFamily: 'Inter',
      sansSerifFamily: 'Inter',
    },
    fitTo: { mode: 'zoom', value: scale },
  });
  return drawn.render().asPng();
}

interface OpenFonts {
  readonly regular: opentype.Font;
  readonly semiBold: opentype.Font;
}

const openedFonts = new Map<string, opentype.Font>();

function openFont(file: string): opentype.Font {
  const known = openedFonts.get(file);
  if (known !== undefined) return known;
  const bytes = Uint8Array.from(readFileSync(file));
  const font = opentype.parse(bytes.buffer);
  openedFonts.set(file, font);
  return font;
}

/** Pixels of a text in a CSS font such as `600 18px Inter`: the sum of its letters' advances, without kerning. */
function textWidth(text: string, cssFont: string, fonts: OpenFonts): number {
  const size = Number(/([\d.]+)px/.exec(cssFont)?.[1] ?? 12);
  const font = /\b(?:bold|[6-9]00)\b/.test(cssFont) ? fonts.semiBold : fonts.regular;
  let units = 0;
  for (const letter of text) {
    const glyph = font.charToGlyph(letter);
    // A letter that the font has not is taken to be as wide as high, as those of other scripts often are.
    units += glyph.index === 0 ? font.unitsPerEm : (glyph.advanceWidth ?? 0);
  }
  return (units / font.unitsPerEm) * size;
}

function hasOtherLetters(svg: string, font: opentype.Font): boolean {
  // Pictures are a hundred times longer than all text, and none of it.
  const text = svg.replaceAll(/data:[^"]*/g, '');
  return [...new Set(text)].some((letter) => letter > ' ' && font.charToGlyphIndex(letter) === 0);
}
