import { init } from '../charts/page-charts.ts';
import type { ChartFrame, ChartOption } from '../charts/frame.ts';

/** Draws a chart as a picture file. @param scale pixels of the picture for one of the frame. */
export async function chartPng(
  option: (frame: ChartFrame) => ChartOption,
  frame: ChartFrame,
  scale: number,
): Promise<Blob> {
  await document.fonts.load('600 18px Inter');
  return withChart(frame, 'canvas', scale, option, async (chart) => {
    const address = chart.getDataURL({ type: 'png', pixelRatio: scale });
    return (await fetchData(address)) satisfies Blob;
  });
}

/** The same as an SVG document. */
export async function chartSvg(
  option: (frame: ChartFrame) => ChartOption,
  frame: ChartFrame,
): Promise<string> {
  return withChart(frame, 'svg', 1, option, (chart) => Promise.resolve(chart.renderToSVGString()));
}

async function withChart<Result>(
  frame: ChartFrame,
  renderer: 'canvas' | 'svg',
  scale: number,
  option: (frame: ChartFrame) => ChartOption,
  take: (chart: ReturnType<typeof init>) => Promise<Result>,
): Promise<Result> {
  const place = document.createElement('div');
  place.style.cssText = `position:fixed;left:-20000px;top:0;width:${frame.width}px;height:${frame.height}px`;
  place.setAttribute('aria-hidden', 'true');
  document.body.append(place);
  const chart = init(place, null, {
    renderer,
    width: frame.width,
    height: frame.height,
    devicePixelRatio: scale,
  });
  try {
    const drawn = new Promise<void>((resolve) => {
      chart.on('finished', () => {
        resolve();
      });
    });
    chart.setOption({ ...option(frame), animation: false });
    await drawn;
    return await take(chart);
  } finally {
    chart.dispose();
    place.remove();
  }
}

/** The bytes behind a `data:` address, without a request that a strict policy would refuse. */
function fetchData(address: string): Promise<Blob> {
  const [head = '', body = ''] = address.split(',');
  const binary = atob(body);
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return Promise.resolve(new Blob([bytes], { type: /^data:([^;]+)/.exec(head)?.[1] ?? 'image/png' }));
}
