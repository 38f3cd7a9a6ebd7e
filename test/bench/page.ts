import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { command } from '../support/command.ts';
import { browserPath, NO_BROWSER, openBrowser } from '../support/page/browser.ts';
import { servePage } from '../support/page/serve-page.ts';
import { fillStore } from './filled-store.ts';
import { compared, type Report } from './measure.ts';

const RUNS = 10_000;
const EPOCHS = 100;

/** Epochs of the watched run: an hour at 50 ms each. */
const STREAMED_EPOCHS = 72_000;

/** Budgets, in ms. */
const BUDGET = {
  paint: 1000,
  interactive: 2000,
  table: 500,
  charts: 500,
  hover: 50,
  frame: 1000 / 60,
  longTask: 50,
  epochToPixel: 250,
};

/** In the page: tasks that took longer than 50 ms, from here on. */
const WATCH_TASKS = `window.longTasks = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
}).observe({ type: 'longtask' });`;

/** The page against its budgets, in a real browser that draws with the processor alone. */
export async function benchPage(report: Report, folder: string): Promise<void> {
  if (browserPath === undefined) {
    report.leftOut.push({ what: 'page', why: NO_BROWSER });
    return;
  }
  const home = join(folder, 'page');
  const ids = fillStore(home, RUNS, EPOCHS);
  const long = fillStore(join(folder, 'page-long'), 50, 1000);
  const browser = await openBrowser();
  try {
    await startOf(report, browser, home);
    await withPage(browser, home, async (page, origin) => {
      await tableOf(report, page, origin);
      await compareOf(report, page, origin, `200 runs of ${EPOCHS} epochs`, ids.slice(-200), '10,000 runs');
      await streaming(report, page, origin, home);
    });
    await withPage(browser, join(folder, 'page-long'), async (page, origin) => {
      await compareOf(report, page, origin, '50 runs of 1,000 epochs', long, '50 runs');
    });
  } finally {
    await browser.close();
    rmSync(home, { recursive: true, force: true });
  }
  report.notes.push('The page is drawn without a graphics card here: frames of a screen are faster.');
}

async function withPage(
  browser: Browser,
  home: string,
  use: (page: Page, origin: string) => Promise<void>,
): Promise<void> {
  const served = await servePage(home);
  let context: BrowserContext | undefined;
  try {
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(WATCH_TASKS);
    await page.goto(served.link);
    await page.locator('main h1').first().waitFor();
    await use(page, new URL(served.link).origin);
  } finally {
    await context?.close();
    await served.close();
  }
}

/** From the start of the host's process, with a browser that is open. */
async function startOf(report: Report, browser: Browser, home: string): Promise<void> {
  const painted: number[] = [];
  const usable: number[] = [];
  for (let time = 0; time < 3; time++) {
    const begun = Date.now();
    const served = await servePage(home);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(served.link, { waitUntil: 'commit' });
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.locator('tbody a').first().click();
    await page.locator('[aria-label=Loss] canvas').first().waitFor();
    usable.push(Date.now() - begun);
    painted.push(
      await page.evaluate<number>(
        `performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime - ${begun}`,
      ),
    );
    await context.close();
    await served.close();
  }
  report.rows.push(
    compared('page: first paint, from the start of the process', 'budget', 'ms', painted, [BUDGET.paint], 1),
    compared(
      'page: a run of 10,000 opened by two clicks, from the start of the process',
      'budget',
      'ms',
      usable,
      [BUDGET.interactive],
      1,
    ),
  );
}

async function fresh(page: Page, address: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(address, { waitUntil: 'commit' });
}

async function tableOf(report: Report, page: Page, origin: string): Promise<void> {
  const shown: number[] = [];
  const whole: number[] = [];
  const tasks: number[] = [];
  for (let time = 0; time < 3; time++) {
    await fresh(page, `${origin}/#/runs`);
    await page.locator('tbody a').first().waitFor();
    shown.push(await page.evaluate<number>('performance.now()'));
    await page.getByText('10,000 runs').waitFor();
    whole.push(await page.evaluate<number>('performance.now()'));
    tasks.push(await longest(page));
  }
  report.rows.push(
    compared(
      'page: table of 10,000 runs shown, from the start of the page',
      'budget',
      'ms',
      shown,
      [BUDGET.table],
      1,
    ),
  );
  report.notes.push(
    `All 10,000 runs had been read after ${Math.round(Math.min(...whole))} ms; the longest task meanwhile took ${Math.round(Math.max(...tasks))} ms.`,
  );
  const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
    const scroller = document.querySelector('.v-table__wrapper');
    const frames = [];
    let last = performance.now();
    function step(now) {
      frames.push(now - last);
      last = now;
      scroller.scrollTop += 120;
      if (frames.length < 180) requestAnimationFrame(step);
      else resolve(frames.slice(5));
    }
    requestAnimationFrame(step);
  })`);
  report.rows.push(
    compared('page: a frame while 10,000 runs scroll', 'budget', 'ms', frames, [BUDGET.frame], 1.1),
  );
}

async function compareOf(
  report: Report,
  page: Page,
  origin: string,
  what: string,
  ids: readonly string[],
  all: string,
): Promise<void> {
  const drawn: number[] = [];
  for (let time = 0; time < 3; time++) {
    await fresh(page, `${origin}/#/runs`);
    await page.locator('tbody a').first().waitFor();
    await page.getByText(all, { exact: true }).waitFor();
    drawn.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const begun = performance.now();
        location.hash = ${JSON.stringify(`#/compare?runs=${ids.join(',')}&fold=0`)};
        // A curve has a colour; axes and letters are grey.
        function hasCurves(name) {
          const canvas = document.querySelector('[aria-label="' + name + '"] canvas');
          if (canvas === null) return false;
          // A strip of it: reading all of it again and again would take longer than drawing it.
          const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, 0, 24, canvas.height);
          let coloured = 0;
          for (let at = 0; at < data.length; at += 4) {
            if (Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]) > 60) coloured++;
          }
          return coloured > 100;
        }
        function look() {
          if (document.querySelectorAll('main canvas').length >= 4 && hasCurves('Loss') && hasCurves('Accuracy'))
            resolve(performance.now() - begun);
          else setTimeout(() => requestAnimationFrame(look), 15);
        }
        requestAnimationFrame(look);
      })`),
    );
  }
  report.rows.push(compared(`page: four charts of ${what}`, 'budget', 'ms', drawn, [BUDGET.charts], 1));
  const chart = page.locator('[aria-label=Loss] canvas').first();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('There is no chart.');
  const hovers: number[] = [];
  for (let at = 0; at < 12; at++) {
    hovers.push(
      await page.evaluate<number>(`new Promise((resolve) => {
        const canvas = document.querySelector('[aria-label=Loss] canvas');
        const begun = performance.now();
        canvas.dispatchEvent(new MouseEvent('mousemove', {
          bubbles: true, clientX: ${box.x + 80 + at * 20}, clientY: ${box.y + box.height / 2},
        }));
        resolve(performance.now() - begun);
      })`),
    );
  }
  report.rows.push(compared(`page: a hover over ${what}`, 'budget', 'ms', hovers, [BUDGET.hover], 1));
}

async function streaming(report: Report, page: Page, origin: string, home: string): Promise<void> {
  const endless = [
    '--dataset=numbers',
    '--grayscale',
    '--trim',
    '--resize=16,16',
    '--layers=16',
    '--nbr-epochs=1000000',
  ];
  const signals: ((name: NodeJS.Signals) => void)[] = [];
  const training = command(
    ['train', '--exp-id=one', ...endless, '--experiment', '--exp-id=two', ...endless, '--jobs=2', '--json'],
    {
      home,
      onError(_text, signal) {
        if (signals.length === 0) signals.push(signal);
      },
    },
  );
  await fresh(page, `${origin}/#/runs`);
  await page.getByRole('link', { name: 'one', exact: true }).click();
  await page
    .getByText(/^[\d,]{2,} of [\d,]+ epochs/)
    .first()
    .waitFor();
  const seen = await page.evaluate<{
    latencies: number[];
    tasks: number[];
    seconds: number;
  }>(`new Promise((resolve) => {
    window.longTasks.length = 0;
    const latencies = [];
    const begun = performance.now();
    const figure = document.querySelector('.scrubber .at');
    new MutationObserver(() => {
      const changed = performance.now();
      requestAnimationFrame(() => requestAnimationFrame((painted) => latencies.push(painted - changed)));
    }).observe(figure, { subtree: true, childList: true, characterData: true });
    setTimeout(() => resolve({ latencies, tasks: [...window.longTasks], seconds: (performance.now() - begun) / 1000 }), 15000);
  })`);
  const memory = await streamedMemory(page);
  signals[0]?.('SIGINT');
  await training;
  // Between the end of an epoch and the page lie at most 50 ms of gathering in the host; 100 ms more in the list of runs.
  const latencies = seen.latencies.map((ms) => ms + 150);
  latencies.sort((one, other) => one - other);
  const p95 = latencies[Math.floor(0.95 * (latencies.length - 1))] ?? NaN;
  report.rows.push(
    compared(
      'page: from an epoch to its pixels, 95th percentile, two runs streaming',
      'budget',
      'ms',
      [p95],
      [BUDGET.epochToPixel],
      1,
    ),
  );
  report.notes.push(
    `Watching ${memory.epochs} epochs of a run took the page's heap from ${Math.round(memory.before)} MB to ${Math.round(memory.after)} MB: ${Math.round((1e6 * (memory.after - memory.before)) / memory.epochs)} bytes an epoch, the curves themselves included.`,
    `While two runs streamed for ${Math.round(seen.seconds)} s the page had ${seen.tasks.length} tasks over 50 ms, the longest ${Math.round(Math.max(0, ...seen.tasks))} ms.`,
  );
}

/** Megabytes of the page's heap early in a long stream and at its end, after what is garbage is gone. */
async function streamedMemory(page: Page): Promise<{ before: number; after: number; epochs: number }> {
  const session = await page.context().newCDPSession(page);
  async function look(): Promise<{ megabytes: number; epoch: number }> {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const text = await page.locator('.scrubber .at').innerText();
    return { megabytes: usedSize / 1e6, epoch: Number(/\d+/.exec(text.replaceAll(',', ''))?.[0]) };
  }
  const before = await look();
  let after = before;
  while (after.epoch - before.epoch < STREAMED_EPOCHS) {
    await page.waitForTimeout(1000);
    after = await look();
  }
  return { before: before.megabytes, after: after.megabytes, epochs: after.epoch - before.epoch };
}

async function longest(page: Page): Promise<number> {
  return page.evaluate<number>('Math.max(0, ...window.longTasks)');
}
