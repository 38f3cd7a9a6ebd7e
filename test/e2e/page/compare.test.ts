import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
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
