/**
 * Writes a picture of every page from top to bottom, light and dark, in a large and a small window, and light in one of
 * 3840 × 2160; with what opens over pages, and with nothing to show, something wrong, and a run that goes on:
 * `npm run screenshots -- [folder]`. The runs that they show are trained for it, in data folders of their own.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, type CommandResult, jsonLines } from '../support/command.ts';
import { openBrowser } from '../support/page/browser.ts';
import { servePage } from '../support/page/serve-page.ts';

const LARGE = { width: 1440, height: 900 };
const SMALL = { width: 1024, height: 700 };
const HUGE = { width: 3840, height: 2160 };
const LOOKS = [
  { viewport: LARGE, colorScheme: 'light' },
  { viewport: LARGE, colorScheme: 'dark' },
  { viewport: SMALL, colorScheme: 'light' },
  { viewport: SMALL, colorScheme: 'dark' },
  { viewport: HUGE, colorScheme: 'light' },
] as const;

const PREPARED = ['--grayscale', '--trim', '--minmax-normalize', '--adaptive-invert', '--resize=16,16'];
const WATCHED = ['--display-samples=8', '--track-layer=L0_Dense_W,8', '--learning-rate=0.01'];
const SETTLED_MS = 800;
const MOST_WAITS = 60;

/** No picture is higher, in pixels. */
const HIGHEST = 6000;

/** What a picture shows. */
interface Scene {
  readonly name: string;
  readonly address: string;
  /** What is done on the page before, such as opening a menu. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** The window alone: what lies over the page stands in its middle. */
  readonly isOverlay?: boolean;
}

const out = resolve(process.argv[2] ?? 'out/screenshots');
mkdirSync(out, { recursive: true });

/** A data folder for as long as something is done with it. */
async function withHome(use: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-screenshots-'));
  try {
    await use(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function shoot(browser: Browser, home: string, scenes: readonly Scene[]): Promise<void> {
  const served = await servePage(home);
  try {
    for (const { viewport, colorScheme } of LOOKS) {
      const context = await browser.newContext({ viewport, colorScheme });
      const page = await context.newPage();
      await page.goto(served.link);
      await page.locator('main h1').first().waitFor();
      for (const { name, address, prepare, isOverlay } of scenes) {
        await page.setViewportSize(viewport);
        await page.evaluate(`location.hash = ${JSON.stringify(`#${address}`)}`);
        await settled(page);
        await prepare?.(page);
        if (isOverlay !== true) {
          // A higher window may show more, which makes it higher again.
          for (let time = 0; time < 2; time++) {
            await page.setViewportSize({ ...viewport, height: await heightOf(page) });
            await settled(page);
          }
        } else await page.waitForTimeout(SETTLED_MS);
        const file = join(out, `${name}-${viewport.width}-${colorScheme}.png`);
        await page.screenshot({ path: file });
        console.log(file);
        await page.keyboard.press('Escape');
      }
      await context.close();
    }
  } finally {
    await served.close();
  }
}

/** Resolves once a page has nothing more to read, and has drawn what it has. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(SETTLED_MS);
  const busy = page.locator('main .v-progress-linear--indeterminate, main :text("being read")');
  for (let time = 0; time < MOST_WAITS && (await busy.count()) > 0; time++)
    await page.waitForTimeout(SETTLED_MS / 2);
}

/** Height of a window that shows all of the page. */
async function heightOf(page: Page): Promise<number> {
  const whole = await page.evaluate<number>(
    `(({ scrollHeight, clientHeight }) => innerHeight + scrollHeight - clientHeight)(document.querySelector('main'))`,
  );
  return Math.min(HIGHEST, whole);
}

async function palette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
}
async function keys(page: Page): Promise<void> {
  await page.keyboard.press('?');
}

async function shootFilled(browser: Browser, home: string): Promise<void> {
  const shared = [...PREPARED, ...WATCHED];
  function one(name: string, ...own: string[]): string[] {
    return [`--exp-id=${name}`, ...own, ...shared];
  }
  await command(
    [
      'train',
      ...one('K', '--layers=16', '--training-times=3'),
      '--experiment',
      ...one('wide', '--layers=100', '--training-times=3'),
      '--experiment',
      ...one('dropout', '--layers=16', '--dropout=0.5', '--training-times=3'),
      '--experiment',
      ...one('raw', '--layers=16').filter((option) => !PREPARED.slice(0, 4).includes(option)),
    ],
    { home },
  );
  await command(['tag', 'wide_0', '--add', 'baseline', '--star'], { home });
  const runs = jsonLines((await command(['runs', '--json'], { home })).out).map((line) =>
    RunRecord.parse(line),
  );
  function id(name: string): string {
    return runs.find((run) => run.name === name)?.id ?? '';
  }
  const all = runs.map((run) => run.id).join(',');
  const form = encodeURIComponent(
    [...PREPARED, '--rot-angle=15', '--noise-intensity=0.05', '--layers=16'].join(' '),
  );
  await shoot(browser, home, [
    { name: 'start', address: '/' },
    { name: 'runs', address: '/runs' },
    { name: 'runs-grouped', address: '/runs?by=experiment' },
    { name: 'run', address: `/runs/${id('K_0')}` },
    { name: 'launch', address: `/launch?options=${form}` },
    { name: 'queue', address: '/queue' },
    { name: 'compare', address: `/compare?runs=${all}&baseline=${id('K_0')}` },
    { name: 'compare-folded', address: `/compare?runs=${all}&fold=1&baseline=${id('K_0')}` },
    { name: 'study', address: '/study' },
    { name: 'palette', address: `/runs/${id('K_0')}`, prepare: palette, isOverlay: true },
    { name: 'keys', address: '/runs?by=status', prepare: keys, isOverlay: true },
    {
      name: 'columns',
      address: '/runs',
      prepare: (page) => page.keyboard.press('C'),
      isOverlay: true,
    },
    {
      name: 'mistakes',
      address: `/runs/${id('raw')}`,
      prepare: (page) => page.locator('button.pair').first().click(),
      isOverlay: true,
    },
    { name: 'absent-run', address: '/runs/absent' },
    { name: 'wrong-option', address: `/launch?options=${encodeURIComponent('--layers=0 --dropout=2')}` },
    { name: 'wrong-filter', address: `/runs?filter=${encodeURIComponent('lairs > 3')}` },
    { name: 'nothing-fits', address: `/runs?filter=${encodeURIComponent('epochs > 9000')}` },
  ]);
}

async function shootLive(browser: Browser, home: string): Promise<void> {
  const endless = [...PREPARED, ...WATCHED, '--layers=100', '--nbr-epochs=100000', '--training-times=3'];
  let end: ((name: NodeJS.Signals) => void) | undefined;
  const training = command(['train', '--exp-id=live', ...endless, '--jobs=1', '--json'], {
    home,
    onError(_text, signal) {
      end ??= signal;
    },
  });
  const state: { result?: CommandResult } = {};
  void training.then((result) => (state.result = result));
  let running: RunRecord | undefined;
  while (running === undefined || running.epochs < 40) {
    if (state.result !== undefined)
      throw new Error(`The run that was to go on has ended: ${state.result.err}`);
    const { out: listed } = await command(['runs', '--status', 'running', '--json'], { home });
    running = jsonLines(listed).map((line) => RunRecord.parse(line))[0];
  }
  await shoot(browser, home, [
    { name: 'live-run', address: `/runs/${running.id}` },
    { name: 'live-queue', address: '/queue' },
    { name: 'live-start', address: '/' },
  ]);
  end?.('SIGINT');
  await training;
}

const browser = await openBrowser();
try {
  await withHome((home) => shootFilled(browser, home));
  await withHome((home) => shootLive(browser, home));
  await withHome((home) =>
    shoot(browser, home, [
      { name: 'empty-start', address: '/' },
      { name: 'empty-runs', address: '/runs' },
      { name: 'empty-queue', address: '/queue' },
      { name: 'empty-compare', address: '/compare' },
    ]),
  );
  await withHome(async (home) => {
    await command(['train', '--dataset=colors', '--layers=4', '--resize=8,8', '--nbr-epochs=2'], { home });
    const database = new Database(join(home, 'layerbench.sqlite'));
    database.exec(`UPDATE runs SET record = '{}'`);
    database.close();
    await shoot(browser, home, [
      { name: 'fault-start', address: '/' },
      { name: 'fault-runs', address: '/runs' },
      { name: 'fault-queue', address: '/queue' },
      { name: 'fault-study', address: '/study' },
    ]);
  });
} finally {
  await browser.close();
}
