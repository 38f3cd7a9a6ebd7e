import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Locator, Page } from 'playwright-core';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { violations } from '../../support/page/axe.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

const SMALL = ['--grayscale', '--trim', '--resize=16,16', '--layers=4'];
/** 593 training images are eight minibatches of at most 80. */
const STEPS_AN_EPOCH = 8;
const WATCHED = ['--max-minibatch-size=80', '--display-samples=1', '--track-layer=L0_Dense_W,4'];
const EPOCHS = 12;

/** Pixels between the borders of a chart and its axes. */
const LEFT = 52;
const RIGHT = 16;

describe.skipIf(browserPath === undefined).each(DOORS)('watching a run, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;
  let watched: RunRecord;

  beforeAll(async () => {
    await command(['train', '--exp-id=watched', ...SMALL, ...WATCHED, `--nbr-epochs=${EPOCHS}`], { home });
    const [run] = await runs();
    watched = run ?? expect.fail('Nothing was trained.');
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function runs(): Promise<RunRecord[]> {
    return jsonLines((await command(['runs', '--json'], { home })).out).map((line) => RunRecord.parse(line));
  }

  async function drawingOf(page: Page, title: string): Promise<Locator> {
    const drawing = page.getByRole('region', { name: title, exact: true }).locator('canvas').first();
    await drawing.waitFor();
    return drawing;
  }
  /** The pixel in a drawing where a share of its axis lies. */
  async function pixelOf(drawing: Locator, share: number): Promise<{ x: number; y: number }> {
    const { width, height } = (await drawing.boundingBox()) ?? expect.fail('It is not drawn.');
    return { x: LEFT + share * (width - LEFT - RIGHT), y: Math.round(height / 2) };
  }
  /** Columns of pixels that are a line from top to bottom, from left to right. */
  async function uprightLines(drawing: Locator): Promise<number[]> {
    const { data, width, height, channels } = decode(await drawing.screenshot());
    // Only the middle: the legend is above, the axis below.
    const [top, bottom] = [Math.round(height * 0.3), Math.round(height * 0.7)];
    return Array.from({ length: width }, (_, x) => x).filter((x) => {
      let dark = 0;
      for (let y = top; y < bottom; y++) if ((data[(y * width + x) * channels] ?? 255) < 130) dark++;
      return x > LEFT + 2 && dark > 0.9 * (bottom - top);
    });
  }
  function yes(): boolean {
    return true;
  }
  function no(): boolean {
    return false;
  }
  async function looksAt(page: Page, epoch: number): Promise<void> {
    await page.getByText(`epoch ${epoch} of ${EPOCHS}`).waitFor();
    await page.getByText(`after epoch ${epoch}`, { exact: true }).waitFor();
    for (const name of ['Confusion', 'Samples'])
      await page.getByRole('region', { name }).getByText(`epoch ${epoch}`, { exact: true }).waitFor();
  }

  test.each([
    ['Epoch', ''],
    ['Step', 'step'],
  ])('a click pins an epoch over %s, and everything on the page follows', async (axis, kind) => {
    const page = await session.open(`/runs/${watched.id}`);
    await looksAt(page, EPOCHS);
    await page.getByRole('button', { name: axis, exact: true }).click();
    await expect.poll(() => page.url().includes('x=')).toBe(kind !== '');
    const titles = ['Loss', 'Accuracy', 'How far the weights have moved'];
    const drawings = await Promise.all(titles.map((title) => drawingOf(page, title)));
    const [loss = expect.fail(), , moved = expect.fail()] = drawings;
    for (const drawing of drawings) await expect.poll(() => uprightLines(drawing)).toEqual([]);
    const at = await pixelOf(loss, 5 / EPOCHS);
    await loss.click({ position: at });
    const unpin = page.getByRole('button', { name: /^Unpin epoch/ });
    const pinned = Number(/\d+/.exec(await unpin.innerText())?.[0]);
    // Over time epochs are not quite as long as one another.
    if (kind === 'time') expect(pinned).toBeGreaterThan(0);
    else expect(pinned).toBe(5);
    await looksAt(page, pinned);
    await page.mouse.move(0, 0);
    for (const drawing of drawings) {
      await expect.poll(async () => (await uprightLines(drawing)).length).toBeGreaterThan(0);
      const lines = await uprightLines(drawing);
      if (kind !== 'time')
        expect(Math.abs((lines[0] ?? 0) - (await pixelOf(drawing, 5 / EPOCHS)).x)).toBeLessThan(3);
    }
    // A further click on it lets go; any chart pins.
    await unpin.click();
    await looksAt(page, EPOCHS);
    if (kind === 'time') return;
    await moved.click({ position: await pixelOf(moved, 3 / EPOCHS) });
    await looksAt(page, 3);
    await moved.click({ position: await pixelOf(moved, 3 / EPOCHS) });
    await looksAt(page, EPOCHS);
  });

  test('one crosshair goes through all charts, whatever they run over', async () => {
    const page = await session.open(`/runs/${watched.id}`);
    for (const [axis, place] of [
      ['Epoch', 'Epoch 5'],
      ['Step', `Step ${5 * STEPS_AN_EPOCH}`],
    ] as const) {
      await page.getByRole('button', { name: axis, exact: true }).click();
      const accuracy = await drawingOf(page, 'Accuracy');
      await expect
        .poll(async () => {
          await accuracy.hover({ position: await pixelOf(accuracy, 5 / EPOCHS) });
          return Promise.all(
            ['Loss', 'Accuracy', 'How far the weights have moved'].map((title) =>
              page.getByRole('region', { name: title, exact: true }).getByText(place).first().isVisible(),
            ),
          );
        })
        .toEqual([true, true, true]);
    }
  });

  test('the axis, the logarithm and the smoothing are switched, stand in the address and stay', async () => {
    const page = await session.open(`/runs/${watched.id}`);
    const loss = await drawingOf(page, 'Loss');
    async function look(): Promise<string> {
      return (await loss.screenshot()).toString('base64');
    }
    async function changes(act: () => Promise<void>, address: string): Promise<void> {
      await page.mouse.move(0, 0);
      const before = await look();
      await act();
      await page.mouse.move(0, 0);
      await expect.poll(() => page.url()).toContain(address);
      await expect.poll(look).not.toBe(before);
    }
    await changes(() => page.getByLabel('Log loss').click(), 'log=1');
    await changes(() => page.getByLabel('Smoothing').click(), 'smooth=0.8');
    await changes(() => page.getByRole('button', { name: 'Step', exact: true }).click(), 'x=step');
    const shown = await look();
    await page.reload();
    await drawingOf(page, 'Loss');
    await page.mouse.move(0, 0);
    await expect.poll(look).toBe(shown);
    await page.getByLabel('Smoothing').click();
    await page.getByLabel('Log loss').click();
    await expect.poll(() => page.url()).not.toMatch(/log=|smooth=/);
  });

  test('a chart fills the screen and comes back', async () => {
    const page = await session.open(`/runs/${watched.id}`);
    await drawingOf(page, 'Loss');
    const panel = page.getByRole('region', { name: 'Loss', exact: true });
    const before = (await panel.boundingBox())?.width ?? 0;
    await page.getByRole('button', { name: 'Loss on the whole screen' }).click();
    await expect.poll(async () => (await panel.boundingBox())?.width ?? 0).toBeGreaterThan(1.5 * before);
    expect(await page.evaluate(`document.fullscreenElement?.getAttribute('aria-label')`)).toBe('Loss');
    const canvas = (await panel.locator('canvas').first().boundingBox()) ?? expect.fail();
    expect(canvas.width).toBeGreaterThan(1.5 * before);
    await page.getByRole('button', { name: 'Loss on the whole screen' }).click();
    await expect.poll(async () => (await panel.boundingBox())?.width).toBe(before);
  });

  test('epochs are gone through by the slider, and played', async () => {
    const page = await session.open(`/runs/${watched.id}`);
    await looksAt(page, EPOCHS);
    const slider = page.getByRole('slider', { name: 'Epoch that is looked at' });
    await slider.press('ArrowLeft');
    await looksAt(page, EPOCHS - 1);
    await slider.press('Home');
    await looksAt(page, 1);
    const unit = page.getByRole('img', { name: 'Weights of unit 0 of L0_Dense_W' });
    const first = (await unit.screenshot()).toString('base64');
    await page.getByRole('button', { name: 'Play the epochs' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await looksAt(page, EPOCHS);
    await page.getByRole('button', { name: 'Play the epochs' }).waitFor();
    expect((await unit.screenshot()).toString('base64')).not.toBe(first);
  });

  test('a cell of either matrix leads to the very images that it counts, at any epoch', async () => {
    const page = await session.open(`/runs/${watched.id}?epoch=5`);
    await looksAt(page, 5);
    const confusion = page.getByRole('region', { name: 'Confusion' });
    // The pair that is confused most often, from its button: dev images of this epoch.
    const pair = confusion.getByRole('button', { name: /→/ }).first();
    const [, actual, predicted, count] =
      /(\d) → (\d)\s+(\d+)/.exec(await pair.innerText()) ?? expect.fail('No pair is confused.');
    await pair.click();
    const dialog = page.getByRole('dialog', { name: `${actual} taken for ${predicted}` });
    await dialog.getByText(new RegExp(`^${count} dev images? (is|are) taken so after epoch 5\\.`)).waitFor();
    await expect.poll(() => dialog.getByRole('listitem').count()).toBe(Number(count));
    const paths = await dialog.getByRole('listitem').allInnerTexts();
    expect(paths.every((path) => path.startsWith(`${actual}/`))).toBe(true);
    await dialog.getByRole('img').first().waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();

    // A cell of the training matrix, the one on the right.
    const drawing = await drawingOf(page, 'Confusion');
    await drawing.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await drawing.boundingBox()) ?? expect.fail();
    await expect
      .poll(async () => {
        for (const share of [0.55, 0.6, 0.65, 0.7]) {
          await page.mouse.click(x + share * width, y + 0.4 * height);
          const opened = page.getByRole('dialog').getByText(/ images? /);
          // Between two cells there is nothing to open.
          if (await opened.waitFor({ timeout: 3000 }).then(yes, no)) {
            if (/^[1-9]\d* training/.test(await opened.innerText())) return true;
            await page.getByRole('button', { name: 'Close' }).click();
            await page.getByRole('dialog').waitFor({ state: 'detached' });
          }
        }
        return false;
      })
      .toBe(true);
    const training = page.getByRole('dialog').getByText(/^\d+ training images? (is|are) taken so in epoch 5/);
    await training.waitFor();
    const counted = Number(/^\d+/.exec(await training.innerText())?.[0]);
    await expect.poll(() => page.getByRole('dialog').getByRole('listitem').count()).toBe(counted);
  });

  test('where the time goes adds up, and what it ran on is named', async () => {
    const page = await session.open(`/runs/${watched.id}`);
    const panel = page.getByRole('region', { name: 'Where the time goes' });
    await panel
      .getByRole('cell', { name: /^\d+ %$/ })
      .first()
      .waitFor();
    const shares = await panel.getByRole('cell', { name: /^\d+ %$/ }).allInnerTexts();
    expect(shares).toHaveLength(5);
    const sum = shares.reduce((total, text) => total + Number.parseInt(text), 0);
    // Each of the five is rounded.
    expect(Math.abs(sum - 100)).toBeLessThanOrEqual(3);
    await panel.getByText(/^[\d,]+ images\/s$/).waitFor();
    await panel.getByText(`${watched.backend?.name}, ${watched.backend?.library}`).waitFor();
    await panel.getByText(/^[\d.]+ MB$/).waitFor();
    await panel.getByRole('row', { name: /^Preparing the images \d/ }).waitFor();
  });

  test('a run is trained again to the same weights, and changed and trained', async () => {
    const page = await session.open(`/runs/${watched.id}`);
    await page.getByRole('button', { name: 'Run again' }).click();
    await expect.poll(() => page.url()).not.toContain(watched.id);
    await page.getByText('finished', { exact: true }).waitFor();
    const [again] = await runs();
    expect(again?.id).not.toBe(watched.id);
    expect(again?.weightsSha256).toBe(watched.weightsSha256);

    await page.getByRole('button', { name: 'Change and run' }).click();
    await page.getByRole('heading', { level: 1, name: 'New run' }).waitFor();
    expect(await page.getByLabel('Minibatch size', { exact: true }).inputValue()).toBe('80');
    await page.getByLabel('Epochs', { exact: true }).fill('3');
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByText('epoch 3 of 3').waitFor();
    await page.getByText('finished', { exact: true }).waitFor();
    const [changed] = await runs();
    expect(changed?.config).toEqual({ ...again?.config, nbrEpochs: 3 });
  });

  test.each([
    { width: 1440, height: 2400 },
    { width: 1024, height: 700 },
  ])('nothing moves while data streams, nor at the end ($width × $height)', async (viewport) => {
    const options = ['--exp-id=still', ...SMALL, ...WATCHED, '--nbr-epochs=25'].join(' ');
    const page = await session.open(`/launch?options=${encodeURIComponent(options)}`, { viewport });
    await page.evaluate(`
      window.moved = [];
      new PerformanceObserver((list) => {
        for (const { sources } of list.getEntries())
          window.moved.push(sources.map(({ node }) => (node?.textContent ?? '').trim().slice(0, 40)));
      }).observe({ type: 'layout-shift' });
    `);
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'still' }).waitFor();
    await page.getByRole('region', { name: 'Options' }).waitFor();
    await page.evaluate('window.moved.length = 0');
    await page.getByText('finished', { exact: true }).waitFor();
    await page.getByText('All 25 epochs are done.').waitFor();
    await page.getByText('epoch 25 of 25').waitFor();
    await page.getByRole('region', { name: 'What holds it back' }).getByText(/\w/).first().waitFor();
    expect(await page.evaluate('window.moved')).toEqual([]);
  });

  test('a zoom stays where it is while points come', async () => {
    // Epochs of so many steps that a fast machine has not ended before the zoom was looked at.
    const options = ['--exp-id=long', ...SMALL, '--max-minibatch-size=3', '--nbr-epochs=600'].join(' ');
    const page = await session.open(`/launch?options=${encodeURIComponent(options)}`);
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'long' }).waitFor();
    async function epochs(): Promise<number> {
      const text = await page.getByText(/^\d+ of 600 epochs/).innerText();
      return Number(/\d+/.exec(text)?.[0]);
    }
    await expect.poll(epochs, { timeout: 90_000 }).toBeGreaterThan(8);
    const loss = await drawingOf(page, 'Loss');
    await loss.hover({ position: await pixelOf(loss, 0.004) });
    await page.keyboard.down('Control');
    for (let turn = 0; turn < 24; turn++) await page.mouse.wheel(0, -240);
    await page.keyboard.up('Control');
    await page.getByRole('button', { name: 'Whole axis' }).waitFor();
    async function epochThere(): Promise<number> {
      await loss.hover({ position: await pixelOf(loss, 0.25) });
      const tip = page
        .getByRole('region', { name: 'Loss', exact: true })
        .getByText(/Epoch \d+/)
        .first();
      return Number(/Epoch (\d+)/.exec((await tip.textContent()) ?? '')?.[1]);
    }
    const there = await epochThere();
    const before = await epochs();
    await expect.poll(epochs, { timeout: 90_000 }).toBeGreaterThan(before + 3);
    await loss.hover({ position: await pixelOf(loss, 0.5) });
    expect(await epochThere()).toBe(there);
    await page.getByRole('button', { name: 'Whole axis' }).click();
    await page.getByRole('button', { name: 'Whole axis' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('stopped', { exact: true }).waitFor();
  });

  test('a page that streams can be read and worked by everyone (WCAG 2.2 AA), in light and in dark', async () => {
    const options = ['--exp-id=streams', ...SMALL, '--max-minibatch-size=3', '--nbr-epochs=100000'].join(' ');
    const page = await session.open(`/launch?options=${encodeURIComponent(options)}`);
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'streams' }).waitFor();
    await page.getByText(/^[1-9]\d* of 100,?000 epochs/).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`.v-application.v-theme--${colorScheme}`).waitFor();
      await page.getByText('running', { exact: true }).first().waitFor();
      expect(await violations(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('stopped', { exact: true }).waitFor();
  });
});
