import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { strFromU8, unzipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import type { ConfusionMatrix, UnitsSnapshot } from '../../../src-preload/contract/snapshot.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';
import { storeRuns } from '../../support/store/stored-runs.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

const EPOCHS = 8;
const CLASSES = ['round', 'square'];
const CROWD = Array.from({ length: 203 }, (_, index) => `crowd${index}`);

describe.skipIf(browserPath === undefined).each(DOORS)('a comparison, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;

  beforeAll(async () => {
    storeRuns(
      home,
      ['wide_0', 'wide_1', 'narrow', 'deep', 'shallow', 'slow'].map((name, index) => ({
        id: `run${index}`,
        name,
        config: { layers: [index < 2 ? 32 : 2 + index], modelSeed: index === 1 ? 1 : 0 },
        changes: { classes: CLASSES, samples: { training: 40, dev: 10, test: 0 } },
        epochs: Array.from({ length: EPOCHS }, (_, at) => ({
          training: { loss: 2 - 0.2 * at - 0.05 * index, accuracy: 0.3 + 0.06 * at + 0.03 * index },
          dev: { loss: 2.2 - 0.2 * at - 0.1 * index, accuracy: 0.2 + 0.06 * at + 0.04 * index },
        })),
        snapshots: (epoch) => [matrixOf(epoch, index), unitsOf(epoch, index)],
      })),
    );
    storeRuns(
      home,
      CROWD.map((id, index) => ({
        id,
        name: id,
        config: { layers: [index + 1] },
        epochs: Array.from({ length: 3 }, (_, at) => ({
          dev: { loss: 1 + 0.1 * index - 0.01 * at, accuracy: 0.1 + 0.003 * index + 0.01 * at },
        })),
      })),
    );
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** `background: rgb(0, 49, 126);`: the colour in which a run is named. */
  async function colorOf(swatch: Locator): Promise<string> {
    return (await swatch.getAttribute('style')) ?? '';
  }

  /** A place of a chart that is of the colour of a run, as the eye finds it once the chart stays as it is. */
  async function placeOfColor(panel: Locator, color: string): Promise<{ x: number; y: number }> {
    const wanted = color.match(/\d+/g)?.map(Number) ?? [];
    const canvas = panel.locator('canvas').first();
    let before: Buffer | undefined;
    let found: { x: number; y: number } | undefined;
    await expect
      .poll(async () => {
        const shot = await canvas.screenshot();
        const isSteady = before?.equals(shot) === true;
        before = shot;
        const { width, height, channels, data } = decode(shot);
        function isOfColor(x: number, y: number): boolean {
          return wanted.every((value, channel) => data[(y * width + x) * channels + channel] === value);
        }
        for (let y = 20; y < height - 40 && found === undefined; y++)
          for (let x = 60; x < width - 20 && found === undefined; x++)
            // Where lines cross their colours mix, and a mixture may be the colour of another run.
            if (isOfColor(x, y) && isOfColor(x + 1, y) && isOfColor(x + 2, y)) found = { x: x + 1, y };
        if (!isSteady) found = undefined;
        return found;
      })
      .toBeDefined();
    return found ?? { x: 0, y: 0 };
  }

  function panelOf(page: Page, name: string): Locator {
    return page.getByRole('region', { name, exact: true });
  }

  function markedRows(page: Page): Promise<string[]> {
    return page.locator('tr[aria-current=true]').allInnerTexts();
  }

  test('a click on a curve names its run, marks its figures and leads to it, and pins no epoch', async () => {
    const page = await session.open('/compare?runs=run0,run2,run3');
    const loss = panelOf(page, 'Loss');
    const figures = panelOf(page, 'Figures and options that differ');
    const swatch = figures.getByRole('row', { name: /^narrow/ }).locator('.swatch');
    const at = await placeOfColor(loss, await colorOf(swatch));
    await loss.locator('canvas').first().click({ position: at });
    const card = page.getByRole('group', { name: 'The curve of narrow' });
    await card.waitFor();
    expect(page.url()).not.toContain('epoch=');
    expect(await markedRows(page)).toEqual([expect.stringMatching(/^narrow/)]);
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    // Beside the curves a click pins the epoch, as on every chart.
    await loss
      .locator('canvas')
      .first()
      .click({ position: { x: 300, y: 20 } });
    await expect.poll(() => page.url()).toContain('epoch=');
    await loss.locator('canvas').first().click({ position: at });
    await card.getByRole('link', { name: 'Open run' }).click();
    await page.getByRole('heading', { level: 1, name: 'narrow' }).waitFor();
  });

  test('a click on a mean offers every run that it is of', async () => {
    const page = await session.open('/compare?runs=run0,run1,run2&fold=1');
    const loss = panelOf(page, 'Loss');
    const figures = panelOf(page, 'Figures and options that differ');
    const swatch = figures.getByRole('row', { name: /^wide/ }).locator('.swatch');
    const at = await placeOfColor(loss, await colorOf(swatch));
    await loss.locator('canvas').first().click({ position: at });
    const card = page.getByRole('group', { name: 'The curve of wide (2 seeds)' });
    await card.getByRole('link', { name: 'wide_1' }).waitFor();
    await card.getByRole('link', { name: 'wide_0' }).click();
    await page.getByRole('heading', { level: 1, name: 'wide_0' }).waitFor();
  });

  test('in a crowd of 200 curves one is found by a click too, and that there are more runs is said', async () => {
    const page = await session.open(`/compare?runs=${CROWD.join(',')}`);
    await page.getByText('the first 200 of 203: more are not compared at once').waitFor();
    const accuracy = panelOf(page, 'Accuracy');
    const figures = panelOf(page, 'Figures and options that differ');
    const swatch = figures.getByRole('row', { name: /^crowd199/ }).locator('.swatch');
    const at = await placeOfColor(accuracy, await colorOf(swatch));
    await accuracy.locator('canvas').first().click({ position: at });
    await page.getByRole('group', { name: 'The curve of crowd199' }).getByText('Its figures').click();
    await expect.poll(() => markedRows(page)).toEqual([expect.stringMatching(/^crowd199/)]);
  });

  async function saved(page: Page, act: () => Promise<void>): Promise<Buffer> {
    const [download] = await Promise.all([page.waitForEvent('download'), act()]);
    return readFileSync(await download.path());
  }

  /** What a page has drawn, without what stands beside a cursor. */
  async function drawnIn(page: Page, name: string): Promise<Buffer> {
    const address = await page.evaluate<string>(
      `document.querySelector(${JSON.stringify(`section[aria-label="${name}"] canvas`)}).toDataURL()`,
    );
    return Buffer.from(address.split(',')[1] ?? '', 'base64');
  }

  test.each([
    ['Loss', 'epoch=3&smooth=0.8'],
    ['Dev acc. by Hidden layers', 'epoch=3'],
    ['Options and figures', ''],
  ])('the PNG of “%s” has, pixel for pixel, what was on the screen', async (name, query) => {
    const page = await session.open(`/compare?runs=run0,run2,run3&baseline=run2&${query}`);
    const panel = panelOf(page, name);
    const { width = 0, height = 0 } = (await panel.locator('canvas').boundingBox()) ?? {};
    if (name === 'Options and figures') {
      // An interval is marked on the first axis, and the lines beside it fade.
      await panel.scrollIntoViewIfNeeded();
      await expect.poll(async () => (await drawnIn(page, name)).equals(await drawnIn(page, name))).toBe(true);
      const before = await drawnIn(page, name);
      // What is above it may still be drawn for the first time, and move it away from under the pointer.
      await expect
        .poll(async () => {
          const box = (await panel.locator('canvas').boundingBox()) ?? { x: 0, y: 0 };
          await page.mouse.move(box.x + 40, box.y + 245);
          await page.mouse.down();
          for (let step = 1; step <= 8; step++) await page.mouse.move(box.x + 40, box.y + 245 + 3 * step);
          await page.mouse.up();
          return (await drawnIn(page, name)).equals(before);
        })
        .toBe(false);
    }
    await page.getByRole('heading', { level: 1 }).hover();
    await expect.poll(async () => (await drawnIn(page, name)).equals(await drawnIn(page, name))).toBe(true);
    const screen = decode(await drawnIn(page, name));
    expect([screen.width, screen.height]).toEqual([width, height]);
    await page.getByRole('button', { name: `Export ${name}` }).click();
    const file = decode(await saved(page, () => page.getByText(/^PNG, light, 1×/).click()));
    expect(file.width).toBe(screen.width);
    // Above it stands its title, below it the names of the runs.
    expect(file.height).toBeGreaterThan(screen.height + 40);
    const row = file.width * file.channels;
    // The library paints a mark on an axis for a pointer alone: in the file the lines fade, nearly as they do there.
    const isMarked = name === 'Options and figures';
    const [left, most] = isMarked ? [60 * file.channels, 32] : [0, 0];
    const tops = Array.from({ length: file.height - screen.height }, (_, top) => top);
    const differences = tops.map((top) => {
      let different = 0;
      for (let at = 0; at < screen.data.length; at++)
        if (at % row >= left && Math.abs((screen.data[at] ?? 0) - (file.data[top * row + at] ?? 0)) > most)
          different++;
      return different;
    });
    expect(Math.min(...differences)).toBe(0);
  });

  test('all charts leave as one PNG, dark as well, as SVG with every name, and into the clipboard', async () => {
    const page = await session.open('/compare?runs=run0,run1,run2,run3');
    await page.getByText('after epoch 8', { exact: true }).first().waitFor();
    const menu = page.getByRole('button', { name: 'Export', exact: true });
    await menu.click();
    const png = decode(await saved(page, () => page.getByText('All charts as PNG, dark, 2×').click()));
    // Two charts beside each other, twice as large as on the screen.
    const { width = 0 } = (await panelOf(page, 'Loss').locator('canvas').boundingBox()) ?? {};
    expect(png.width).toBe(2 * (2 * width + 16));
    expect([...png.data.subarray(0, 3)]).toEqual([0x15, 0x18, 0x1d]);
    await menu.click();
    const svg = (await saved(page, () => page.getByText('All charts as SVG').click())).toString();
    for (const text of [
      'wide_0',
      'deep',
      'Confusion matrix of narrow',
      'Weights of deep',
      'Loss',
      'Accuracy',
    ])
      expect(svg).toContain(text);
    expect(svg.match(/<svg /g)?.length).toBeGreaterThan(12);
    await menu.click();
    if (door === 'server') await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('Copy all charts').click();
    await page.getByText('All charts are in the clipboard.').waitFor();
    if (door === 'server')
      expect(
        await page.evaluate(
          'navigator.clipboard.read().then((items) => items.flatMap(({ types }) => types))',
        ),
      ).toEqual(['image/png']);
  });

  test('the figures of all charts leave as CSV, and the comparison as Markdown with its pictures', async () => {
    const page = await session.open('/compare?runs=run0,run2&baseline=run0');
    await page.getByText('after epoch 8', { exact: true }).first().waitFor();
    const menu = page.getByRole('button', { name: 'Export', exact: true });
    await menu.click();
    const figures = unzipSync(await saved(page, () => page.getByText('All figures as CSV (ZIP)').click()));
    expect(Object.keys(figures).sort()).toEqual([
      'confusion-1-wide_0.csv',
      'confusion-2-narrow.csv',
      'curves.csv',
      'options-and-figures.csv',
      'scatter.csv',
      'weights-1-wide_0.csv',
      'weights-2-narrow.csv',
    ]);
    expect(
      strFromU8(figures['scatter.csv'] ?? new Uint8Array())
        .split('\n')
        .slice(0, 3),
    ).toEqual([
      'run,name,Hidden layers,Dev acc.',
      expect.stringMatching(/^run0,wide_0,32,0\.62/),
      expect.stringMatching(/^run2,narrow,4,0\.7/),
    ]);
    await menu.click();
    const report = unzipSync(await saved(page, () => page.getByText('Markdown with its pictures').click()));
    const text = strFromU8(report['comparison.md'] ?? new Uint8Array());
    const pictures = [...text.matchAll(/!\[([^\]]*)\]\((picture-\d+\.png)\)/g)];
    expect(pictures.map(([, title]) => title)).toEqual([
      'Loss',
      'Accuracy',
      'Dev acc. by Hidden layers',
      'Options and figures',
      'Confusion matrix of wide\\_0',
      'Weights of wide\\_0',
      'Confusion matrix of narrow',
      'Weights of narrow',
    ]);
    for (const [, , file] of pictures)
      expect(decode(report[file ?? ''] ?? new Uint8Array()).width).toBeGreaterThan(400);
    expect(text).toContain('**wide\\_0** (baseline)');
    await page.getByRole('button', { name: 'Export weights of tracked units' }).first().click();
    const weights = decode(await saved(page, () => page.getByText(/^PNG, dark, 4×/).click()));
    expect([...weights.data.subarray(0, 3)]).toEqual([0x15, 0x18, 0x1d]);
  });

  test('any option is held against any figure, and a chart by itself leaves as SVG and CSV', async () => {
    const page = await session.open('/compare?runs=run0,run2');
    await panelOf(page, 'Dev acc. by Hidden layers').waitFor();
    async function choose(what: string, wanted: string): Promise<void> {
      await page.getByRole('combobox', { name: what }).press('ArrowDown');
      await page.getByRole('option', { name: wanted, exact: true }).click();
    }
    await choose('Option or figure across', 'Model seed');
    await choose('Figure upwards', 'Training acc.');
    await panelOf(page, 'Training acc. by Model seed').waitFor();
    await page.reload();
    const panel = panelOf(page, 'Training acc. by Model seed');
    await panel.locator('canvas').first().waitFor();
    const menu = panel.getByRole('button', { name: /^Export/ });
    await menu.click();
    const svg = (await saved(page, () => page.getByText(/^SVG/).first().click())).toString();
    for (const text of ['<svg', 'Training acc. by Model seed', 'wide_0', 'narrow'])
      expect(svg).toContain(text);
    await menu.click();
    const csv = (await saved(page, () => page.getByText(/^CSV/).first().click())).toString();
    expect(csv.split('\n')[0]).toBe('run,name,Model seed,Training acc.');
  });

  test('whose matrices and weights stand side by side is chosen, and stays so', async () => {
    const page = await session.open('/compare?runs=run0,run1,run2,run3,run4,run5&fold=0');
    const titles = page.locator('.own > h2');
    await expect.poll(() => titles.allInnerTexts()).toEqual(['wide_0', 'wide_1', 'narrow', 'deep']);
    await page.getByRole('combobox', { name: 'Side by side' }).press('ArrowDown');
    await page.getByRole('option', { name: 'slow' }).click();
    await page.getByRole('option', { name: 'wide_1' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => titles.allInnerTexts()).toEqual(['wide_0', 'narrow', 'deep', 'slow']);
    await page.reload();
    await expect.poll(() => titles.allInnerTexts()).toEqual(['wide_0', 'narrow', 'deep', 'slow']);
  });

  test('the mistakes behind a confusion matrix are a click away', async () => {
    const page = await session.open('/compare?runs=run0,run2');
    const pair = page.getByRole('button', { name: /^round → square/ }).first();
    await pair.click();
    await page.getByRole('heading', { name: 'round taken for square' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'round taken for square' }).waitFor({ state: 'detached' });
  });
});

/** Ten images, of which the more are confused the higher the number of the run is. */
function matrixOf(epoch: number, run: number): ConfusionMatrix {
  return {
    kind: 'confusion',
    part: 'dev',
    epoch,
    classes: CLASSES.length,
    counts: new Uint32Array([4 - (run % 3), 1 + (run % 3), 2, 3]),
  };
}

function unitsOf(epoch: number, run: number): UnitsSnapshot {
  return {
    kind: 'units',
    epoch,
    parameter: 'L0_Dense_W',
    count: 2,
    width: 4,
    height: 4,
    channels: 1,
    scale: 0.5,
    pixels: Uint8Array.from({ length: 32 }, (_, at) => (at * 8 + epoch * 5 + run * 20) % 256),
  };
}
