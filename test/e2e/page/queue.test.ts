import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('the queue, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;

  beforeAll(async () => {
    await writeImageFolder(join(home, 'datasets', 'shapes'), { round: 20, square: 20 });
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function launch(page: Page, name: string, epochs: number): Promise<void> {
    const options = `--dataset=shapes --exp-id=${name} --resize=8,8 --layers=4 --nbr-epochs=${epochs}`;
    await goTo(page, `/launch?options=${encodeURIComponent(options)}`, 'New run');
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  }
  async function goTo(page: Page, address: string, heading: string): Promise<void> {
    await page.evaluate(`location.hash = ${JSON.stringify(`#${address}`)}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  }
  async function runs(): Promise<RunRecord[]> {
    return jsonLines((await command(['runs', '--json'], { home })).out).map((line) => RunRecord.parse(line));
  }

  test('what waits is put into another order, and begins in it', async () => {
    const page = await session.open('/queue');
    await page.getByRole('button', { name: 'Pause' }).click();
    for (const name of ['one', 'two', 'three']) await launch(page, name, 2);
    await goTo(page, '/queue', 'Queue');
    const waiting = page.getByRole('region', { name: 'Waiting' });
    function order(): Promise<string[]> {
      return waiting.getByRole('link').allInnerTexts();
    }
    await expect.poll(order).toEqual(['one', 'two', 'three']);
    expect(await waiting.getByRole('button', { name: 'one earlier' }).isDisabled()).toBe(true);
    expect(await waiting.getByRole('button', { name: 'three later' }).isDisabled()).toBe(true);
    await waiting.getByRole('button', { name: 'three earlier' }).click();
    await expect.poll(order).toEqual(['one', 'three', 'two']);
    await waiting.getByRole('button', { name: 'one later' }).click();
    await expect.poll(order).toEqual(['three', 'one', 'two']);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Nothing waits.').waitFor();
    await expect
      .poll(async () => (await runs()).map(({ status }) => status))
      .toEqual(['finished', 'finished', 'finished']);
    const begun = (await runs()).sort((one, other) =>
      (one.startedAt ?? '') < (other.startedAt ?? '') ? -1 : 1,
    );
    expect(begun.map(({ name }) => name)).toEqual(['three', 'one', 'two']);
  });

  test('as many run at once as the queue says, and no launch changes that unless it is asked to', async () => {
    const page = await session.open('/queue');
    const atOnce = page.getByLabel('Runs at once');
    await expect.poll(() => atOnce.inputValue()).toBe('1');
    await atOnce.fill('2');
    await atOnce.press('Enter');
    for (const name of ['left', 'right', 'behind']) await launch(page, name, 1_000_000);
    await goTo(page, '/queue', 'Queue');
    await expect.poll(() => atOnce.inputValue()).toBe('2');
    const running = page.getByRole('region', { name: 'Running' });
    await running.getByRole('link', { name: 'left' }).waitFor();
    await running.getByRole('link', { name: 'right' }).waitFor();
    await page.getByRole('region', { name: 'Waiting' }).getByRole('link', { name: 'behind' }).waitFor();

    await goTo(page, '/', 'Train small image classifiers');
    await page.getByRole('button', { name: 'Train the example' }).click();
    await page.getByRole('heading', { level: 1, name: 'K' }).waitFor();
    await goTo(page, '/queue', 'Queue');
    await expect.poll(() => atOnce.inputValue()).toBe('2');
    await page.getByRole('button', { name: 'Take K out of the queue' }).click();

    // Asked for with a launch it holds for the whole queue.
    await goTo(page, '/launch', 'New run');
    await expect.poll(() => atOnce.inputValue()).toBe('2');
    await atOnce.fill('3');
    await atOnce.press('Enter');
    await page.getByRole('combobox', { name: 'Data set' }).fill('shapes');
    await page.getByLabel('Resize', { exact: true }).fill('8,8');
    await page.getByLabel('Epochs', { exact: true }).fill('1000000');
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'main' }).waitFor();
    await goTo(page, '/queue', 'Queue');
    await expect.poll(() => atOnce.inputValue()).toBe('3');
    await running.getByRole('link', { name: 'behind' }).waitFor();
    for (const name of ['left', 'right', 'behind', 'main']) {
      const stop = page.getByRole('button', { name: new RegExp(`^(Stop|Take) ${name}\\b`) });
      await stop.click();
      await stop.waitFor({ state: 'detached' });
    }
  });
});
