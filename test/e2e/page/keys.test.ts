import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS } from '../../support/page/page-session.ts';
import { openStoredSession, plainRuns, type StoredSession } from '../../support/page/stored-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('everything by keys, through the %s', (door) => {
  let session: StoredSession;

  beforeAll(async () => {
    session = await openStoredSession(door, plainRuns({ alpha: 0.4, beta: 0.9, gamma: 0.6 }));
  });
  afterAll(() => session.close());

  /** A layer hears of the key once it has been drawn. */
  async function close(page: Page, layer: Locator): Promise<void> {
    await expect
      .poll(async () => {
        await page.keyboard.press('Escape');
        // While the layer fades a second key would go to what lies below, and take away its selection.
        return layer.waitFor({ state: 'hidden', timeout: 3000 }).then(
          () => true,
          () => false,
        );
      })
      .toBe(true);
  }

  /** What the palette finds under some words. */
  async function found(page: Page, words: string): Promise<string[]> {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill(words);
    const titles = await page.locator('#commands li > :first-child').allTextContents();
    await close(page, page.getByRole('combobox', { name: 'Command' }));
    return titles;
  }

  async function take(page: Page, words: string): Promise<void> {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill(words);
    await page.keyboard.press('Enter');
  }

  test('the list of keys and the palette know what the table of runs can do', async () => {
    const page = await session.open('/runs');
    await page.getByText('3 runs', { exact: true }).waitFor();
    await page.keyboard.press('T');
    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keys' });
    for (const [what, key] of [
      ['Select the row, or no longer', 'Space'],
      ['Take the row into the comparison, or out of it', 'v'],
      ['Make the row the baseline, or no longer', 'b'],
      ['Move what is selected, else the row, to the trash', 'Del'],
      ['Next row', '↓'],
      ['Find a command', 'Ctrl K'],
    ] as const) {
      const line = list.locator('dl > div').filter({ hasText: what }).first();
      expect(await line.locator('kbd').first().textContent()).toBe(key);
    }
    await close(page, list);
    // The palette acts on the row that was active before it was opened.
    await take(page, 'select the row');
    await page.getByText('1 selected').waitFor();
    for (const words of ['star', 'tag gamma', 'rename', 'trash', 'columns', 'view', 'baseline', 'select'])
      await expect.poll(() => found(page, words), { message: words }).not.toEqual([]);
    await take(page, 'rename');
    await page.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor();
  });

  test('keys still hold after a box was ticked or a switch was turned', async () => {
    const page = await session.open('/runs');
    await page.getByRole('row', { name: /alpha/ }).getByRole('checkbox').click();
    await page.getByRole('row', { name: /beta/ }).getByRole('checkbox').click();
    await page.keyboard.press('c');
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.getByLabel('Log loss').click();
    await expect.poll(() => page.url()).toContain('log=1');
    await page.keyboard.press('l');
    await expect.poll(() => page.url()).not.toContain('log=1');
  });

  test('the second key of a pair may take its time, and is shown as awaited', async () => {
    const page = await session.open('/runs');
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.keyboard.press('g');
    const awaited = page.getByRole('status').filter({ hasText: 'then' });
    await awaited.getByText('Go to Start').waitFor();
    await page.keyboard.press('q');
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
    await page.keyboard.press('g');
    await awaited.waitFor();
    // Leads nowhere, and does nothing by itself either.
    await page.keyboard.press('n');
    await awaited.waitFor({ state: 'detached' });
    expect(page.url()).toContain('#/queue');
  });

  test('columns get wider by keys', async () => {
    const page = await session.open('/runs');
    const heading = page.getByRole('columnheader', { name: 'Status' });
    // As it is asked for: a table that has room left gives it to its columns.
    async function width(): Promise<number> {
      return Number(/width: (\d+)px/.exec((await heading.getAttribute('style')) ?? '')?.[1]);
    }
    // The page before has a column of that name, too.
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    const before = await width();
    await heading.getByRole('button').focus();
    for (let time = 0; time < 3; time++) await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(width).toBe(before + 48);
    for (let time = 0; time < 3; time++) await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(width).toBe(before);
  });

  test('charts are zoomed, moved, smoothed and kept by keys', async () => {
    const page = await session.open('/runs/run1');
    await page.getByText('Most often confused (dev):').waitFor();
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Whole axis' }).waitFor();
    await expect.poll(() => page.url()).toMatch(/[?&]zoom=[\d.]+~[\d.]+/);
    await page.reload();
    await page.getByRole('button', { name: 'Whole axis' }).waitFor();
    await page.keyboard.press('0');
    await page.getByRole('button', { name: 'Whole axis' }).waitFor({ state: 'detached' });
    await expect.poll(() => page.url()).not.toContain('zoom=');
    await page.keyboard.press('w');
    await page.getByLabel('Weight of the past in the smoothed curve').waitFor();
    for (const words of [
      'loss screen',
      'export loss',
      'export confusion',
      'smooth',
      'continue',
      'tag',
      'trash',
    ])
      await expect.poll(() => found(page, words), { message: words }).not.toEqual([]);
    await take(page, 'export loss');
    await page.getByText('CSV, all figures').waitFor();
  });

  test('cells of a confusion matrix are reached by keys', async () => {
    const page = await session.open('/runs/run1');
    await page.getByText('epoch 10 of 10').waitFor();
    await page.getByText('Most often confused (dev):').waitFor();
    await take(page, 'confusion table');
    const cell = page.getByRole('button', { name: 'square taken for round, dev: 5' });
    await cell.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'square taken for round' }).waitFor();
  });

  test('runs of a comparison are marked, held against each other and left out by keys', async () => {
    const page = await session.open('/compare?runs=run0,run1,run2');
    const figures = page.getByRole('region', { name: 'Figures and options that differ' });
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await figures.getByRole('row', { name: /gamma/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.locator('tr[aria-current=true]').filter({ hasText: 'beta' }).waitFor();
    await page.keyboard.press('b');
    await expect.poll(() => page.url()).toContain('baseline=run1');
    await page.keyboard.press('Delete');
    await figures.getByRole('row', { name: /beta/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await figures.getByRole('row', { name: /beta/ }).waitFor();
  });
});
