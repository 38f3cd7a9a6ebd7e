/**
 * Writes a picture of every page, light and dark, in a large and a small window: `npm run screenshots -- [folder]`.
 * The runs that they show are trained for it, in a data folder of their own.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { openBrowser } from '../support/page/browser.ts';
import { servePage } from '../support/page/serve-page.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];
const THEMES = ['light', 'dark'] as const;

const PREPARED = ['--grayscale', '--trim', '--minmax-normalize', '--adaptive-invert', '--resize=16,16'];
const WATCHED = ['--display-samples=8', '--track-layer=L0_Dense_W,8', '--learning-rate=0.01'];
const SETTLED_MS = 1200;

const out = resolve(process.argv[2] ?? 'out/screenshots');
mkdirSync(out, { recursive: true });
const home = mkdtempSync(join(tmpdir(), 'layerbench-screenshots-'));
try {
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
  const pages = {
    start: '/',
    runs: '/runs?by=experiment',
    run: `/runs/${id('K_0')}`,
    launch: `/launch?options=${form}`,
    queue: '/queue',
    compare: `/compare?runs=${all}&fold=1&baseline=${id('K_0')}`,
    study: '/study',
  };
  const served = await servePage(home);
  const browser = await openBrowser();
  try {
    for (const viewport of SIZES) {
      for (const colorScheme of THEMES) {
        const context = await browser.newContext({ viewport, colorScheme });
        const page = await context.newPage();
        await page.goto(served.link);
        await page.locator('main h1').first().waitFor();
        for (const [name, address] of Object.entries(pages)) {
          await page.evaluate(`location.hash = ${JSON.stringify(`#${address}`)}`);
          await page.waitForTimeout(SETTLED_MS);
          const file = join(out, `${name}-${viewport.width}-${colorScheme}.png`);
          await page.screenshot({ path: file });
          console.log(file);
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
    await served.close();
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
