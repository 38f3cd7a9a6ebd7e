import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { violations } from '../../support/page/axe.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('runs that are there, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;
  let runs: RunRecord[];

  beforeAll(async () => {
    const small = [
      '--grayscale',
      '--trim',
      '--resize=16,16',
      '--nbr-epochs=12',
      '--display-samples=3',
      '--track-layer=L0_Dense_W,4',
    ];
    await command(
      [
        'train',
        ...['--exp-id=wide', '--layers=32', '--training-times=3', ...small],
        '--experiment',
        ...['--exp-id=narrow', '--layers=4', ...small],
      ],
      { home },
    );
    runs = jsonLines((await command(['runs', '--json'], { home })).out).map((line) => RunRecord.parse(line));
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  function idOf(name: string): string {
    return runs.find((run) => run.name === name)?.id ?? '';
  }

  async function saved(page: Page, act: () => Promise<void>): Promise<Buffer> {
    const [download] = await Promise.all([page.waitForEvent('download'), act()]);
    return readFileSync(await download.path());
  }

  test('an epoch is looked at by the address, the slider, and the keys, everywhere on the page', async () => {
    const page = await session.open(`/runs/${idOf('narrow')}?epoch=5`);
    await page.getByText('epoch 5 of 12').waitFor();
    await page.getByText('after epoch 5', { exact: true }).waitFor();
    await page.keyboard.press('.');
    await page.getByText('after epoch 6', { exact: true }).waitFor();
    await expect.poll(() => page.url()).toContain('epoch=6');
    await page.keyboard.press('f');
    await page.getByText('after epoch 12', { exact: true }).waitFor();
    expect(await page.getByRole('img', { name: /Weights of unit \d of L0_Dense_W/ }).count()).toBe(4);
    expect(await page.getByRole('img', { name: /A training image of class/ }).count()).toBe(3);
  });

  test('a chart leaves as PNG in the size that was asked for, and its figures as CSV', async () => {
    const page = await session.open(`/runs/${idOf('narrow')}`);
    await page.getByRole('button', { name: 'Export Loss' }).click();
    const kind = page.getByText(/^PNG, dark, 2×/);
    const wanted = (await kind.innerText()).match(/\d{3,}/g)?.map(Number);
    const { width, height } = decode(await saved(page, () => kind.click()));
    expect([width, height]).toEqual(wanted);
    await page.getByRole('button', { name: 'Export Loss' }).click();
    const csv = await saved(page, () => page.getByText('CSV, all figures').click());
    const lines = csv.toString().trim().split('\n');
    expect(lines[0]).toMatch(/^run,name,epoch,training\.loss,training\.accuracy,dev\.loss,dev\.accuracy/);
    expect(lines).toHaveLength(13);
  });

  test('the table filters, completes, groups seeds with their spread, and keeps all of it in the address', async () => {
    const page = await session.open('/runs');
    const filter = page.getByLabel('Filter runs');
    await filter.fill('layers has 3');
    await page.getByRole('option', { name: '32' }).click();
    await page.getByText('3 runs of 4').waitFor();
    await filter.fill('lairs > 3');
    await page.getByRole('heading', { name: 'Runs' }).click();
    await page.getByText('Runs have nothing called “lairs”.').waitFor();
    // What was last understood still holds.
    await page.getByText('3 runs of 4').waitFor();
    await filter.fill('');
    await page.getByText('4 runs', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Runs' }).click();
    await page.keyboard.press('r');
    await page.getByText('3×').waitFor();
    await page
      .getByRole('row', { name: /wide/ })
      .getByText(/^\d+\.\d% ± \d+\.\d%$/)
      .first()
      .waitFor();
    expect(page.url()).toContain('by=experiment');
    await page.reload();
    await page.getByText('3×').waitFor();
  });

  test('runs are chosen with the keyboard and compared', async () => {
    const page = await session.open('/runs');
    const table = page.getByRole('group', { name: /^Runs: arrows move/ });
    await table.focus();
    for (const key of ['ArrowDown', 'Space', 'Shift+ArrowDown', 'Shift+ArrowDown']) await table.press(key);
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    // Repeats are one thing until somebody wants to see them singly.
    await page.getByText(/^3 runs, \d experiments?$/).waitFor();
    await page.getByLabel('Fold seeds into their mean').click();
    await page.getByText('3 runs', { exact: true }).waitFor();
  });

  test('a comparison has the options that differ, differences to its baseline, and leaves as one HTML file', async () => {
    const all = runs.map(({ id }) => id).join(',');
    const page = await session.open(`/compare?runs=${all}&fold=1&baseline=${idOf('narrow')}`);
    await page.getByRole('rowheader', { name: 'wide (3 seeds)' }).waitFor();
    await page.getByRole('columnheader', { name: 'Hidden layers' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Trim' }).count()).toBe(0);
    await page
      .getByRole('row', { name: /wide/ })
      .getByText(/^[+−]\d+\.\d%$/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const html = (await saved(page, () => page.getByText('One HTML file').click())).toString();
    expect(html).toContain('wide (3 seeds)');
    expect(html).toContain('--training-times=3');
    expect(html).not.toContain(home);
    // Loss, accuracy, scatter, options and figures; of each of the two experiments a matrix and weights.
    expect(html.match(/data:image\/png;base64/g)).toHaveLength(4 + 2 * 2);
  });

  test('what the differences say, and what either of two runs alone gets right', async () => {
    const all = runs.map(({ id }) => id).join(',');
    const page = await session.open(`/compare?runs=${all}&fold=1&baseline=${idOf('wide_0')}`);
    const differences = page.getByRole('region', { name: 'What the differences say' });
    await differences.getByText(/^Seeds alone spread dev accuracy by \d+\.\d points/).waitFor();
    await differences.getByRole('row', { name: /narrow.*one seed/ }).waitFor();
    const same = page.getByRole('region', { name: 'On the same dev images' });
    await same.getByText(/^Of 132 dev images wide_0 gets/).waitFor();
    await same.getByText(/McNemar/).waitFor();
    await same.getByRole('heading', { name: /^Right with wide_0 alone: \d+ images?$/ }).waitFor();
  });

  test('a run that has finished goes on to more epochs on its own page, and its weights move on', async () => {
    const page = await session.open(`/runs/${idOf('narrow')}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Epochs in all').fill('20');
    await page.getByRole('button', { name: 'Continue to epoch 20', exact: true }).click();
    await page.getByText('epoch 20 of 20').waitFor();
    await page.getByText('finished', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Export How far the weights have moved' }).click();
    const csv = (await saved(page, () => page.getByText('CSV, all figures').click())).toString();
    const [head = '', ...rows] = csv.trim().split('\n');
    expect(head).toMatch(/^run,name,epoch,moved\.L0_Dense_W/);
    expect(rows.at(-1)).toMatch(/^\w+,narrow,20,0\.\d+/);
  });

  test('an ablation trains a run without each of its pieces, and ends in what each is worth', async () => {
    const page = await session.open(`/runs/${idOf('narrow')}`);
    await page.getByRole('button', { name: 'Ablation', exact: true }).click();
    await page.getByLabel('Seeds').fill('2');
    await page.getByRole('button', { name: 'Launch 6 runs', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.getByRole('rowheader', { name: 'narrow without trim (2 seeds)' }).waitFor();
    await page.getByRole('rowheader', { name: 'narrow without grayscale (2 seeds)' }).waitFor();
    await page
      .getByRole('row', { name: /without trim/ })
      .getByText(/^[+−]\d+\.\d%$/)
      .first()
      .waitFor();
    const contributions = page.getByRole('region', { name: 'What each piece contributes' });
    await contributions.getByText(/^narrow has \d+\.\d% ± \d+\.\d% dev accuracy \(2 seeds\)/).waitFor();
    const trim = contributions.getByRole('row', { name: /^Trim/ });
    await trim.getByText(/over 2 pairs of seeds/).waitFor();
    await page.getByLabel('Figure that they are held against each other by').press('ArrowDown');
    await page.getByRole('option', { name: 'dev loss' }).click();
    await contributions.getByText(/^narrow has \d\.\d+ ± \d\.\d+ dev loss \(2 seeds\)/).waitFor();
    expect(page.url()).toContain('by=dev.loss');
    // The rest of this suite has its own runs to itself.
    const own = jsonLines((await command(['runs', '--name=narrow', '--json'], { home })).out).map((line) =>
      RunRecord.parse(line),
    );
    await expect
      .poll(
        async () => {
          const { out } = await command(['runs', '--status', 'queued', 'running', '--json'], { home });
          return jsonLines(out).length;
        },
        { timeout: 120_000 },
      )
      .toBe(0);
    const launched = own.filter(({ id }) => !runs.some((run) => run.id === id)).map(({ id }) => id);
    expect(launched).toHaveLength(6);
    await command(['trash', ...launched, '--empty'], { home });
  });

  test('runs are starred, tagged, trashed and restored, in every window at once', async () => {
    const [page, other] = await Promise.all([
      session.open('/runs'),
      session.open('/runs?filter=tag has good'),
    ]);
    await other.getByText('No run fits this filter').waitFor();
    const row = page.getByRole('row', { name: /narrow/ });
    await row.getByRole('button', { name: 'Star', exact: true }).click();
    await row.getByRole('button', { name: 'Take the star away' }).waitFor();
    await row.getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Name and tags' }).click();
    await page.getByLabel('Add a tag').fill('good');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await other.getByRole('link', { name: 'narrow' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Trash', exact: true }).click();
    await page.getByText('3 runs', { exact: true }).waitFor();
    await other.getByText('No run fits this filter').waitFor();
    // What a terminal says of runs is seen too.
    await command(['restore', idOf('narrow')], { home });
    await page.getByText('4 runs', { exact: true }).waitFor();
    await command(['tag', 'narrow', '--remove', 'good', '--no-star', '--note', 'Too small.'], { home });
    await other.getByText('No run fits this filter').waitFor();
    const [shown] = jsonLines((await command(['show', 'narrow', '--json'], { home })).out).map((line) =>
      RunRecord.parse(line),
    );
    expect(shown).toMatchObject({ tags: [], starred: false, note: 'Too small.', trashedAt: null });
  });

  test('everything is reached by keys, and a palette finds it', async () => {
    const page = await session.open('/');
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    await expect
      .poll(async () => {
        await page.keyboard.press('Escape');
        return page.getByRole('heading', { name: 'Keys' }).isVisible();
      })
      .toBe(false);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill('queue');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', { level: 1, name: /study/ }).waitFor();
  });

  const pages = [
    ['start', () => '/'],
    ['runs', () => '/runs?by=experiment'],
    ['run', () => `/runs/${idOf('narrow')}`],
    ['launch', () => '/launch'],
    ['queue', () => '/queue'],
    ['compare', () => `/compare?runs=${runs.map(({ id }) => id).join(',')}`],
    ['study', () => '/study'],
  ] as const;

  test.each(pages)(
    '%s can be read and worked by everyone (WCAG 2.2 AA), in light and in dark, and fits 1024 by 700',
    async (_name, address) => {
      const page = await session.open(address(), { colorScheme: 'light' });
      await page.waitForLoadState('networkidle');
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('.v-application.v-theme--dark').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize({ width: 1024, height: 700 });
      const widths = await page.evaluate<[number, number]>(
        `[document.querySelector('main').scrollWidth, document.querySelector('main').clientWidth]`,
      );
      expect(widths[0]).toBeLessThanOrEqual(widths[1]);
    },
  );
});
