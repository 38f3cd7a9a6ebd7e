import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
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
        config: { layers },
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
});
