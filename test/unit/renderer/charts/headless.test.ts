import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { expect, onTestFinished, test } from 'vitest';
import {
  type ChartOption,
  confusionOption,
  curvesOption,
  fontFilesIn,
  renderPng,
  renderSvg,
  weightsOption,
} from '../../../../src-renderer/charts/headless.ts';
import { drawnRuns } from '../../../support/charts/drawn-runs.ts';

const fonts = fontFilesIn(fileURLToPath(new URL('../../../../resources/fonts', import.meta.url)));
const size = { width: 500, height: 300 };

function svgOf(option: ChartOption): string {
  return renderSvg(option, { ...size, fonts });
}

function curvesSvg(name = 'K', epochs = 20): string {
  const { runs, series } = drawnRuns(1, epochs);
  const named = runs.map((run) => ({ ...run, name }));
  return svgOf(curvesOption({ quantity: 'loss', runs: named, series }, { ...size, theme: 'light' }));
}

const charts: [string, ChartOption][] = (['light', 'dark'] as const).flatMap((theme) => {
  const frame = { ...size, theme };
  const counts = Uint32Array.of(3, 1, 2, 0);
  const picture = { epoch: 1, count: 1, width: 2, height: 2, channels: 1 } as const;
  return [
    [`curves ${theme}`, curvesOption({ quantity: 'accuracy', ...drawnRuns(9, 20) }, frame)],
    [
      `confusion ${theme}`,
      confusionOption(
        { classes: ['a', 'b'], matrices: [{ kind: 'confusion', epoch: 1, part: 'dev', classes: 2, counts }] },
        frame,
      ),
    ],
    [
      `weights ${theme}`,
      weightsOption(
        {
          units: [
            {
              ...picture,
              kind: 'units',
              parameter: 'L0_Dense_W',
              scale: 1,
              pixels: Uint8Array.of(1, 2, 3, 4),
            },
          ],
        },
        frame,
      ),
    ],
  ];
});

test.each(charts)('a picture of %s has the size asked for, at every scale', (_name, option) => {
  const svg = svgOf(option);
  for (const scale of [1, 2]) {
    const png = decode(renderPng(svg, { fonts, scale }));
    expect([png.width, png.height]).toEqual([500 * scale, 300 * scale]);
    // Something is drawn, and it is not the background.
    expect(new Set(png.data).size).toBeGreaterThan(10);
  }
});

test('an SVG document stands for itself: it refers to nothing outside, and its text is text', () => {
  for (const [, option] of charts) {
    const svg = svgOf(option);
    expect(svg.match(/(?:href|url)\s*[=(]\s*["']?(?!data:|#|["']?#)[^"')]+/g)).toBeNull();
    expect(svg).not.toMatch(/<style|<script|@import/);
  }
  expect(curvesSvg('a name')).toMatch(/<text[^>]*>a name<\/text>/);
  expect(curvesSvg()).toContain('font-family:Inter, system-ui, sans-serif');
});

test('a name is text, whatever it holds', () => {
  const svg = curvesSvg('<script>&"');
  expect(svg).toContain('&lt;script&gt;&amp;');
  expect(svg).not.toContain('<script');
  expect(decode(renderPng(svg, { fonts })).width).toBe(500);
});

test('every epoch is a corner of its line', () => {
  const paths = [...curvesSvg('K', 70).matchAll(/<path d="([^"]*)" fill="none" stroke="#00317e"[^>]*>/g)];
  const lines = paths.filter(([, path]) => path!.split(/[ML]/).length - 1 === 70);
  expect(lines).toHaveLength(2);
  expect(lines.filter(([whole]) => whole.includes('stroke-dasharray="6,4"'))).toHaveLength(1);
});

test('the same chart is the same text, however many were drawn before', () => {
  expect(curvesSvg()).toBe(curvesSvg());
});

test('text is measured with the font it is drawn in: a title too long is cut where the picture ends', () => {
  const svg = curvesSvg('W'.repeat(200));
  const title = /<text[^>]*font-size:18px[^>]*>([^<]*)<\/text>/.exec(svg)![1]!;
  expect(title).toMatch(/W(?:…|\.\.\.)$/);
  // In Inter SemiBold a W of 18 px is 18.4 px wide: some 20 letters fit beside "Loss of " in 452 px.
  expect(title.length).toBeGreaterThan(20);
  expect(title.length).toBeLessThan(34);
});

test('the same pixels come out on a machine without any font', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layerbench-charts-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const script = fileURLToPath(new URL('../../../support/charts/render-chart.ts', import.meta.url));
  const environments = [
    {},
    { FONTCONFIG_PATH: empty, FONTCONFIG_FILE: join(empty, 'fonts.conf'), HOME: empty, XDG_DATA_HOME: empty },
  ];
  const [here, without] = environments.map((changes, index) => {
    const file = join(folder, `${index}.png`);
    execFileSync(process.execPath, [script, file], { env: { ...process.env, ...changes } });
    return readFileSync(file);
  });
  expect(here!.length).toBeGreaterThan(10_000);
  expect(without!.equals(here!)).toBe(true);
});

test('the text of a picture is drawn: without fonts it would be blank', () => {
  const svg = svgOf({ title: { text: 'Words', textStyle: { fontFamily: 'Inter', color: '#000000' } } });
  const dark = decode(renderPng(svg, { fonts })).data.filter(
    (value, index) => index % 4 === 3 && value > 128,
  );
  expect(dark.length).toBeGreaterThan(100);
});
