import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS } from '../../support/page/page-session.ts';
import { openStoredSession, plainRuns, type StoredSession } from '../../support/page/stored-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('what was done is undone, through the %s', (door) => {
  let session: StoredSession;

  beforeAll(async () => {
    session = await openStoredSession(door, plainRuns({ alpha: 0.4, beta: 0.9, gamma: 0.6 }));
  });
  afterAll(() => session.close());

  async function records(): Promise<RunRecord[]> {
    const { out } = await command(['runs', '--json'], { home: session.home });
    return jsonLines(out).map((line) => RunRecord.parse(line));
  }
  async function record(name: string): Promise<RunRecord | undefined> {
    return (await records()).find((run) => run.name === name);
  }
  async function undo(page: Page, text: RegExp): Promise<void> {
    await page.getByText(text).waitFor();
    await page.keyboard.press('Control+z');
    await page
      .getByText(/^Undone: /)
      .last()
      .waitFor();
  }

  test('names, tags, notes and stars, also of several runs at once', async () => {
    const page = await session.open('/runs/run0');
    await page.getByRole('button', { name: 'Name and tags' }).click();
    await page.getByLabel('Name', { exact: true }).fill('other');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'other' }).waitFor();
    await page.getByLabel('Add a tag').fill('good');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('other has the tag good now.').waitFor();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('*');
    await page.getByRole('button', { name: 'Take the star away' }).waitFor();
    // The last first: star, tag, name.
    for (const [text, back] of [
      ['Undone: other has a star now.', { starred: false, tags: ['good'], name: 'other' }],
      ['Undone: other has the tag good now.', { starred: false, tags: [], name: 'other' }],
      ['Undone: alpha is called other now.', { starred: false, tags: [], name: 'alpha' }],
    ] as const) {
      await page.keyboard.press('Control+z');
      await page.getByText(text).waitFor();
      expect((await records()).find(({ id }) => id === 'run0')).toMatchObject(back);
    }
  });

  test('a view, columns and all options', async () => {
    const page = await session.open('/runs?filter=layers has 16');
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.keyboard.press('V');
    await page.getByLabel('Name of this view').fill('mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the view mine', exact: true }).click();
    await page.getByText('mine', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    // The click beside the menu may have closed it.
    await expect
      .poll(async () => {
        if (!(await page.getByLabel('Name of this view').isVisible())) await page.keyboard.press('V');
        return page.getByText('mine', { exact: true }).isVisible();
      })
      .toBe(true);

    await page.evaluate(`location.hash = '#/launch?options=' + encodeURIComponent('--layers=5')`);
    const line = page.getByLabel('Command line: paste one here, or copy this');
    await expect.poll(() => line.inputValue()).toBe('--layers=5');
    await page.getByRole('button', { name: 'All as at first' }).click();
    await expect.poll(() => line.inputValue()).toBe('');
    await undo(page, /^All options are as at first/);
    await expect.poll(() => line.inputValue()).toBe('--layers=5');
    await line.fill('--layers=7 --grayscale');
    await line.press('Enter');
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(() => line.inputValue()).toBe('--layers=5');
  });

  test('runs that were taken out of the queue wait again, in their order, and a stopped one goes on', async () => {
    const page = await session.open(
      `/launch?options=${encodeURIComponent('--dataset=colors --layers=4 --training-times=3 --nbr-epochs=1000000 --resize=8,8')}`,
    );
    await page.getByRole('button', { name: 'Launch 3 runs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    const waiting = page.getByRole('region', { name: 'Waiting' });
    const running = page.getByRole('region', { name: 'Running' });
    await expect.poll(() => waiting.getByRole('link').count()).toBe(2);
    const order = await waiting.getByRole('link').allTextContents();
    await waiting.getByRole('button', { name: 'Take all out' }).click();
    await page.getByText('2 runs taken out of the queue.').waitFor();
    await waiting.getByText('Nothing waits.').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => waiting.getByRole('link').allTextContents()).toEqual(order);

    await waiting.getByRole('button', { name: 'Take all out' }).click();
    await waiting.getByText('Nothing waits.').waitFor();
    await running.getByRole('link').click();
    await page
      .getByText(/^epoch [\d,]{2,}/)
      .first()
      .waitFor();
    // A single small letter stops nothing.
    await page.keyboard.press('s');
    await page.getByText('running', { exact: true }).waitFor();
    await page.keyboard.press('S');
    await page.getByText('stopped', { exact: true }).waitFor();
    await page.getByText(/ends at its next batch/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('running', { exact: true }).waitFor();
    await page.keyboard.press('S');
    await page.getByText('stopped', { exact: true }).waitFor();
    expect((await record('alpha'))?.trashedAt).toBeNull();
  });

  test('runs that were moved to the trash', async () => {
    const page = await session.open('/runs');
    await page.getByRole('row', { name: /gamma/ }).getByRole('checkbox').click();
    await page.keyboard.press('Delete');
    await page.getByRole('row', { name: /gamma/ }).waitFor({ state: 'detached' });
    await undo(page, /^1 run moved to the trash/);
    await page.getByRole('row', { name: /gamma/ }).waitFor();
  });
});
