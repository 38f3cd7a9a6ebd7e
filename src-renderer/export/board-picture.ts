import type { ChartFrame, ChartOption } from '../charts/frame.ts';
import { type ThemeName, chartColors } from '../charts/palette.ts';
import { chartPng } from './draw-chart.ts';

/** Size of each chart on a board, in pixels at scale 1. */
const CHART = { width: 1000, height: 640 };
const COLUMNS = 2;

/** Charts in two columns as one picture. */
export async function boardPng(
  charts: readonly ((frame: ChartFrame) => ChartOption)[],
  theme: ThemeName,
  scale: number,
): Promise<Blob> {
  const columns = Math.min(COLUMNS, charts.length);
  const canvas = document.createElement('canvas');
  canvas.width = columns * CHART.width * scale;
  canvas.height = Math.ceil(charts.length / columns) * CHART.height * scale;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws no picture of that size; choose a smaller one.');
  context.fillStyle = chartColors(theme).background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const [index, option] of charts.entries()) {
    const picture = await createImageBitmap(await chartPng(option, { ...CHART, theme }, scale));
    context.drawImage(
      picture,
      (index % columns) * CHART.width * scale,
      Math.floor(index / columns) * CHART.height * scale,
    );
    picture.close();
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null)
        reject(new Error('This browser draws no picture of that size; choose a smaller one.'));
      else resolve(blob);
    }, 'image/png');
  });
}
