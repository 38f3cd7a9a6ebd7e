import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { command } from '../../support/command.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';
import { storeRuns } from '../../support/store/stored-runs.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('the table of runs, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;

  beforeAll(async () => {
    storeRuns(
      home,
      [
        { name: 'alpha', layers: [4], accuracy: [0.2, 0.4] },
        { name: 'beta', layers: [8], accuracy: [0.2, 0.5] },
        { name: 'gamma', layers: [8], accuracy: [0.2, 0.7] },
        { name: 'delta', layers: [4], accuracy: [0.2, 0.6] },
        // Its accuracy fell from its best on, while its loss went on falling.
        { name: 'epsilon', layers: [4], accuracy: [0.2, 0.95, 0.9], loss: [0.8, 0.4, 0.1] },
      ].map(({ name, layers, accuracy, loss }, index) => ({
        id: `run${index}`,
        name,
        config: { layers, modelSeed: index },
        epochs: accuracy.map((own, at) => ({ dev: { loss: loss?.[at] ?? 1 - own, accuracy: own } })),
      })),
    );
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  function table(page: Page) {
    return page.getByRole('group', { name: /^Runs: arrows move/ });
  }
  async function names(page: Page): Promise<string[]> {
    return table(page).locator('tbody a').allTextContents();
  }
  function row(page: Page, name: string) {
    return page.getByRole('row', { name: new RegExp(name) });
  }

  test('a key acts on what can be seen: runs that the filter hides are left alone', async () => {
    const page = await session.open('/runs');
    await page.getByText('5 runs', { exact: true }).waitFor();
    for (const name of ['alpha', 'beta', 'gamma']) await row(page, name).getByRole('checkbox').click();
    await page.getByText('3 selected').waitFor();
    await page.getByLabel('Filter runs').fill('layers has 8');
    await page.getByText('2 runs of 5').waitFor();
    await page.getByText('2 selected').waitFor();
    await table(page).focus();
    await table(page).press('Delete');
    await page.getByText('2 runs moved to the trash.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('2 runs of 5').waitFor();
    await page.getByLabel('Filter runs').fill('');
    await page.getByText('1 selected').waitFor();
    expect(await row(page, 'alpha').getByRole('checkbox').isChecked()).toBe(true);
  });

  test('the active row stays the same run when the order changes, and Delete means that run', async () => {
    const page = await session.open('/runs');
    await row(page, 'gamma').getByText('finished').click();
    await page.getByRole('button', { name: 'Dev acc.', exact: true }).click();
    await expect.poll(() => names(page)).toEqual(['epsilon', 'gamma', 'delta', 'beta', 'alpha']);
    await page.getByRole('button', { name: /^Dev acc\./ }).click();
    await expect.poll(() => names(page)).toEqual(['alpha', 'beta', 'delta', 'gamma', 'epsilon']);
    await table(page).focus();
    await table(page).press('Delete');
    await expect.poll(() => names(page)).toEqual(['alpha', 'beta', 'delta', 'epsilon']);
    // The run that the row was is gone: no other one has become the active one in its place.
    await table(page).press('Delete');
    await table(page).press('ArrowDown');
    await table(page).press('Delete');
    await expect.poll(() => names(page)).toEqual(['alpha', 'beta', 'delta']);
    await page.getByRole('button', { name: 'Show the trash' }).click();
    await page.getByRole('heading', { level: 1, name: 'Trash' }).waitFor();
    for (const name of ['gamma', 'epsilon']) await row(page, name).getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('The trash is empty').waitFor();
  });

  test('last and best of each figure are columns that can be sorted and asked for, with the epoch of the best', async () => {
    const page = await session.open(
      '/runs?columns=name,dev.accuracy,best.dev.accuracy,best.dev.accuracy.epoch',
    );
    await expect
      .poll(() => row(page, 'epsilon').locator('td.number').allInnerTexts())
      .toEqual(['90.0%', '95.0%', '2']);
    await page.getByRole('button', { name: 'Best dev acc.', exact: true }).click();
    await expect.poll(() => names(page)).toEqual(['epsilon', 'gamma', 'delta', 'beta', 'alpha']);
    const filter = page.getByLabel('Filter runs');
    await filter.fill('best.dev.accuracy > 0.92 and dev.accuracy < 0.92');
    await expect.poll(() => names(page)).toEqual(['epsilon']);
    await filter.fill('best.dev.accuracy.epoch = 2 and best.dev.loss < 0.45');
    await expect.poll(() => names(page)).toEqual(['epsilon', 'gamma', 'delta']);
    // The lowest loss came in another epoch than the highest accuracy.
    await filter.fill('best.dev.loss.epoch = 3');
    await expect.poll(() => names(page)).toEqual(['epsilon']);
  });

  test('eye, baseline and unfolded groups are there again when the page is loaded again', async () => {
    const page = await session.open('/runs?by=layers');
    const group = row(page, 'Hidden layers: 8');
    await group.getByRole('button', { name: 'Unfold' }).click();
    await row(page, 'beta').getByRole('button', { name: 'Take into the comparison' }).click();
    await row(page, 'gamma').getByRole('button', { name: 'Take into the comparison' }).click();
    await row(page, 'gamma').getByRole('button', { name: 'Make it the baseline' }).click();
    await expect.poll(() => page.url()).toMatch(/shown=run1,run2.*baseline=run2/);
    await page.reload();
    await group.getByRole('button', { name: 'Fold', exact: true }).waitFor();
    await row(page, 'beta').getByRole('button', { name: 'Take out of the comparison' }).waitFor();
    await row(page, 'gamma').getByRole('button', { name: 'No longer the baseline' }).waitFor();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.getByRole('button', { name: /is the baseline$/ }).waitFor();
    await page
      .getByText(/^2 runs/)
      .first()
      .waitFor();
    // And on the way back.
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await row(page, 'beta').getByRole('button', { name: 'Take out of the comparison' }).waitFor();
    for (const name of ['beta', 'gamma'])
      await row(page, name).getByRole('button', { name: 'Take out of the comparison' }).click();
    await row(page, 'gamma').getByRole('button', { name: 'No longer the baseline' }).click();
    await expect.poll(() => page.url()).not.toMatch(/shown=|baseline=/);
  });

  test('a view keeps the columns that it was saved with, also the first ones, whatever is chosen later', async () => {
    const page = await session.open('/runs?filter=layers has 8&sort=-name');
    const heads = page.getByRole('columnheader');
    await page.getByText('2 runs of 5').waitFor();
    const first = await heads.allInnerTexts();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name of this view').fill('eights');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('eights').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Status', exact: true }).click();
    await expect.poll(() => heads.count()).toBe(first.length - 1);
    await page.keyboard.press('Escape');
    await page.getByLabel('Filter runs').fill('');
    await page.getByText('5 runs', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByText('eights').click();
    await page.getByText('2 runs of 5').waitFor();
    await expect.poll(() => heads.allInnerTexts()).toEqual(first);
    await page.getByRole('button', { name: 'Remove the view eights', exact: true }).click();
    await page.getByText('A view keeps filter, sorting, groups and columns under a name.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('button', { name: 'As at first', exact: true }).click();
  });

  test('columns are sorted by together, moved and made wider, and all of it is there again', async () => {
    const page = await session.open('/runs?columns=name,layers,dev.accuracy');
    const heads = page.getByRole('columnheader');
    async function labels(): Promise<string[]> {
      return (await heads.allInnerTexts()).slice(1).map((text) => text.replace(/[↑↓]\d?$/, '').trim());
    }
    await page.getByRole('button', { name: 'Hidden layers', exact: true }).click();
    await page.getByRole('button', { name: 'Dev acc.', exact: true }).click({ modifiers: ['Shift'] });
    await expect.poll(() => names(page)).toEqual(['epsilon', 'delta', 'alpha', 'gamma', 'beta']);
    // Runs of as many layers stand newest first by themselves: only the other way round tells.
    await page.getByRole('button', { name: /^Dev acc\./ }).click({ modifiers: ['Shift'] });
    const order = ['alpha', 'delta', 'epsilon', 'beta', 'gamma'];
    await expect.poll(() => names(page)).toEqual(order);
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('button', { name: 'Dev acc. further left', exact: true }).click();
    await page.keyboard.press('Escape');
    await expect.poll(labels).toEqual(['Run', 'Dev acc.', 'Hidden layers']);
    const head = page.getByRole('columnheader', { name: 'Dev acc.' });
    async function width(): Promise<number> {
      return Number(/width: (\d+)px/.exec((await head.getAttribute('style')) ?? '')?.[1]);
    }
    const before = await width();
    const edge = await head.locator('.handle').boundingBox();
    if (edge === null) throw new Error('The heading has no edge to draw at.');
    await page.mouse.move(edge.x + edge.width / 2, edge.y + 4);
    await page.mouse.down();
    await page.mouse.move(edge.x + edge.width / 2 + 40, edge.y + 4, { steps: 4 });
    await page.mouse.up();
    await expect.poll(width).toBe(before + 40);
    await page.reload();
    await expect.poll(() => names(page)).toEqual(order);
    expect(await labels()).toEqual(['Run', 'Dev acc.', 'Hidden layers']);
    expect(await width()).toBe(before + 40);
  });

  test('a pinned run stands first in any order, also when the page is loaded again', async () => {
    const page = await session.open('/runs?sort=name');
    await expect.poll(() => names(page)).toEqual(['alpha', 'beta', 'delta', 'epsilon', 'gamma']);
    await row(page, 'delta').getByRole('button', { name: 'Keep it on top' }).click();
    await expect.poll(() => names(page)).toEqual(['delta', 'alpha', 'beta', 'epsilon', 'gamma']);
    await page.reload();
    await expect.poll(() => names(page)).toEqual(['delta', 'alpha', 'beta', 'epsilon', 'gamma']);
    await row(page, 'delta').getByRole('button', { name: 'No longer keep it on top' }).click();
    await expect.poll(() => names(page)).toEqual(['alpha', 'beta', 'delta', 'epsilon', 'gamma']);
  });

  test('rows are selected from one to another, with the pointer and with keys', async () => {
    const page = await session.open('/runs?sort=name');
    async function ticked(): Promise<string[]> {
      const rows = table(page)
        .locator('tbody tr')
        .filter({ has: page.locator('input:checked') });
      return rows.locator('a').allTextContents();
    }
    await row(page, 'beta').getByRole('checkbox').click();
    await row(page, 'epsilon')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await expect.poll(ticked).toEqual(['beta', 'delta', 'epsilon']);
    // A range that ends within what is selected takes nothing away, and shows that.
    await row(page, 'delta')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor();
    await expect.poll(ticked).toEqual(['beta', 'delta', 'epsilon']);
    await table(page).focus();
    await table(page).press('Escape');
    await expect.poll(ticked).toEqual([]);
    await table(page).press('Home');
    await table(page).press('Space');
    for (let time = 0; time < 2; time++) await table(page).press('Shift+ArrowDown');
    await expect.poll(ticked).toEqual(['alpha', 'beta', 'delta']);
  });

  test('the trash is emptied for good once that was confirmed', async () => {
    const page = await session.open('/runs');
    await row(page, 'alpha').getByRole('checkbox').click();
    await page.keyboard.press('Delete');
    await row(page, 'alpha').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show the trash' }).click();
    const empty = page.getByRole('button', { name: 'Empty the trash' });
    await empty.click();
    const dialog = page.getByRole('dialog', { name: 'Empty the trash' });
    await dialog.getByText('Remove 1 run for good?').waitFor();
    await dialog.getByRole('button', { name: 'Keep them' }).click();
    await row(page, 'alpha').waitFor();
    await empty.click();
    await dialog.getByRole('button', { name: 'Remove for good' }).click();
    await page.getByText('The trash is empty').waitFor();
    const shown = await command(['show', 'run0'], { home });
    expect(shown.code).toBe(2);
    expect(shown.err).toMatch(/run0/);
  });
});
