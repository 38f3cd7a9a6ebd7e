import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { command } from '../support/command.ts';
import { browserPath, NO_BROWSER, openBrowser } from '../support/page/browser.ts';
import { servePage } from '../support/page/serve-page.ts';
import { fillStore } from './filled-store.ts';
import { liveOf, percentile } from './live-page.ts';
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
  preview: 150,
  example: 3000,
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
      await liveOf(report, page, origin, home, ids.slice(-198));
      await previewOf(report, page, origin);
      await memoryOf(report, page, origin, home);
    });
    await withPage(browser, join(folder, 'page-example'), (page, origin) => exampleOf(report, page, origin));
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

/** From the start of the host's process, with a browser that is open on an empty page. */
async function startOf(report: Report, browser: Browser, home: string): Promise<void> {
  const painted: number[] = [];
  const usable: number[] = [];
  for (let time = 0; time < 3; time++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const begun = Date.now();
    const served = await servePage(home);
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
    compared(
      'page: a frame while 10,000 runs scroll, 95th percentile',
      'budget',
      'ms',
      [percentile(frames, 0.95)],
      [BUDGET.frame],
      1.1,
    ),
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
        // Asked for after what the hover asked for: the frame is done, and a task after it comes once it is painted.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - begun);
          port2.postMessage(null);
        });
      })`),
    );
  }
  report.rows.push(
    compared(`page: a hover over ${what}, to the painted frame`, 'budget', 'ms', hovers, [BUDGET.hover], 1),
  );
}

/** An option of the preparation changed on the form, to the painted picture. */
async function previewOf(report: Report, page: Page, origin: string): Promise<void> {
  await fresh(page, `${origin}/#/launch?options=${encodeURIComponent('--resize=16,16 --trim')}`);
  const panel = page.locator('[aria-label="Preparation preview"]');
  await panel.getByText('16×16×3').first().waitFor();
  const field = page.getByLabel('Resize', { exact: true });
  const taken: number[] = [];
  for (const side of [20, 24, 28, 32, 36, 40, 44, 48]) {
    await page.evaluate(`(() => {
      window.previewed = new Promise((resolve) => {
        addEventListener('input', () => {
          const begun = performance.now();
          const panel = document.querySelector('[aria-label="Preparation preview"]');
          new MutationObserver((_changes, observer) => {
            if (!panel.textContent.includes('${side}×${side}')) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
          }).observe(panel, { subtree: true, childList: true, characterData: true });
        }, { once: true, capture: true });
      });
    })()`);
    await field.fill(`${side},${side}`);
    taken.push(await page.evaluate<number>('window.previewed'));
  }
  report.rows.push(
    compared(
      'page: preview of a changed preparation, 95th percentile',
      'budget',
      'ms',
      [percentile(taken, 0.95)],
      [BUDGET.preview],
      1,
    ),
  );
}

/** From the click on a first start to a live page that shows an epoch. */
async function exampleOf(report: Report, page: Page, origin: string): Promise<void> {
  await fresh(page, `${origin}/#/`);
  const begun = Date.now();
  await page.getByRole('button', { name: 'Train the example' }).click();
  await page.getByRole('heading', { level: 1, name: 'K' }).waitFor();
  const opened = Date.now() - begun;
  await page
    .getByText(/^epoch [1-9]/)
    .first()
    .waitFor();
  report.rows.push(
    compared('page: live page of the example, from the click', 'budget', 'ms', [opened], [BUDGET.example], 1),
  );
  report.notes.push(
    `The example's first epoch was shown ${Math.round(Date.now() - begun)} ms after the click, in a data folder where its images had to be drawn first.`,
  );
}

/** What a page that watches a run for very long keeps. */
async function memoryOf(report: Report, page: Page, origin: string, home: string): Promise<void> {
  let end: ((name: NodeJS.Signals) => void) | undefined;
  const endless = ['--grayscale', '--trim', '--resize=16,16', '--layers=16', '--nbr-epochs=1000000'];
  const training = command(['train', '--exp-id=long', ...endless, '--json'], {
    home,
    onError(_text, signal) {
      end ??= signal;
    },
  });
  await fresh(page, `${origin}/#/runs`);
  await page.getByRole('link', { name: 'long', exact: true }).click();
  await page
    .getByText(/^[\d,]{2,} of [\d,]+ epochs/)
    .first()
    .waitFor();
  const memory = await streamedMemory(page);
  end?.('SIGINT');
  await training;
  report.notes.push(
    `Watching ${memory.epochs} epochs of a run took the page's heap from ${Math.round(memory.before)} MB to ${Math.round(memory.after)} MB: ${Math.round((1e6 * (memory.after - memory.before)) / memory.epochs)} bytes an epoch, the curves themselves included.`,
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
