import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { command } from '../support/command.ts';
import { compared, type Report } from './measure.ts';

/** Budgets, in ms. */
const BUDGET = { epochToPixel: 250, longTask: 50 };

const CLOCK = pathToFileURL(join(import.meta.dirname, 'epoch-clock.ts')).href;

/** Epochs of the watched run: few enough that each has pixels of its own on the chart. */
const EPOCHS = 300;
const WATCHED_MS = 15_000;

/** Room beside the curves in a chart of the page, in pixels (`grid` of charts/curves.ts). */
const GRID = { left: 52, right: 16 };

/**
 * In the page: how far the curves of the first chart reach, and when that was painted. A curve is a path of several
 * lines; axes and marks are not. What is stroked in a frame is on the screen once the next one begins.
 */
const WATCH_STROKES = `(() => {
  window.reached = [];
  const { beginPath, lineTo, stroke } = CanvasRenderingContext2D.prototype;
  const paths = new WeakMap();
  let due = false;
  let far = 0;
  CanvasRenderingContext2D.prototype.beginPath = function () {
    paths.set(this, { lines: 0, x: 0 });
    return beginPath.call(this);
  };
  CanvasRenderingContext2D.prototype.lineTo = function (x, y) {
    const path = paths.get(this);
    if (path !== undefined) { path.lines++; path.x = x; }
    return lineTo.call(this, x, y);
  };
  CanvasRenderingContext2D.prototype.stroke = function (...given) {
    const path = paths.get(this);
    if (path !== undefined && path.lines >= 3 && this.canvas.closest('[aria-label=Loss]') !== null) {
      far = Math.max(far, path.x);
      if (!due) {
        due = true;
        requestAnimationFrame(() => {
          window.reached.push({ x: far, at: performance.timeOrigin + performance.now() });
          due = false;
        });
      }
    }
    return stroke.apply(this, given);
  };
})()`;

/** What two runs that stream cost a run's page and a comparison, measured where it happens. */
export async function liveOf(
  report: Report,
  page: Page,
  origin: string,
  home: string,
  others: readonly string[],
): Promise<void> {
  const clock = join(home, 'epochs.txt');
  function train(name: string, environment: NodeJS.ProcessEnv) {
    let end: ((name: NodeJS.Signals) => void) | undefined;
    const ended = command(
      [
        'train',
        `--exp-id=${name}`,
        '--dataset=numbers',
        '--grayscale',
        '--trim',
        '--resize=64,64',
        '--layers=100',
        `--nbr-epochs=${EPOCHS}`,
        '--json',
      ],
      {
        home,
        environment,
        onError(_text, signal) {
          end ??= signal;
        },
      },
    );
    return { ended, end: () => end?.('SIGINT') };
  }
  await page.addInitScript(WATCH_STROKES);
  await page.goto('about:blank');
  await page.goto(`${origin}/#/runs`, { waitUntil: 'commit' });
  const runs = [
    train('watched', { LAYERBENCH_EPOCH_CLOCK: clock, NODE_OPTIONS: `--import=${CLOCK}` }),
    train('beside', {}),
  ];
  try {
    await page.getByRole('link', { name: 'watched', exact: true }).click();
    await page
      .getByText(/^epoch [3-9]/)
      .first()
      .waitFor();
    const onRun = await watched(page);
    const [id] = /(?<=#\/runs\/)\w+/.exec(page.url()) ?? [];
    const width = await page.evaluate<number>(
      `document.querySelector('[aria-label=Loss] canvas').getBoundingClientRect().width`,
    );
    const latencies = latenciesOf(onRun.reached, clock, width);
    report.rows.push(
      compared(
        'page: from the end of an epoch in its process to its pixels, 95th percentile, two runs streaming',
        'budget',
        'ms',
        [percentile(latencies, 0.95)],
        [BUDGET.epochToPixel],
        1,
      ),
      longTasks('page: longest task on a run’s page while two runs stream', onRun.tasks),
    );
    report.notes.push(
      `From the end of an epoch to its pixels: median ${Math.round(percentile(latencies, 0.5))} ms, most ${Math.round(percentile(latencies, 1))} ms, over ${latencies.length} epochs.`,
    );
    const ids = [...(id === undefined ? [] : [id]), ...others.slice(0, 198)];
    await page.evaluate(`location.hash = ${JSON.stringify(`#/compare?runs=${ids.join(',')}`)}`);
    await page.locator('[aria-label=Loss] canvas').first().waitFor();
    // What the page takes to be made is judged by the row of its charts.
    await page.waitForTimeout(3000);
    const onComparison = await watched(page);
    report.rows.push(
      longTasks(
        `page: longest task comparing ${ids.length} runs of which one streams, another beside`,
        onComparison.tasks,
      ),
    );
  } finally {
    for (const { end } of runs) end();
    await Promise.all(runs.map(({ ended }) => ended));
  }
}

function longTasks(what: string, tasks: readonly number[]) {
  return compared(what, 'budget', 'ms', [Math.max(0, ...tasks)], [BUDGET.longTask], 1);
}

interface Reached {
  readonly x: number;
  readonly at: number;
}

async function watched(page: Page): Promise<{ reached: Reached[]; tasks: number[] }> {
  await page.evaluate('window.longTasks.length = 0; window.reached.length = 0;');
  await page.waitForTimeout(WATCHED_MS);
  return page.evaluate('({ reached: window.reached, tasks: window.longTasks })');
}

/** Of every epoch that was painted meanwhile: milliseconds from when it was posted. */
function latenciesOf(reached: readonly Reached[], clock: string, width: number): number[] {
  const posted = new Map(
    readFileSync(clock, 'utf8')
      .trim()
      .split('\n')
      .map((line): [number, number] => {
        const [epoch, at] = line.split(' ').map(Number);
        return [epoch ?? NaN, at ?? NaN];
      }),
  );
  const pixels = (width - GRID.left - GRID.right) / EPOCHS;
  const latencies: number[] = [];
  let last = Infinity;
  for (const { x, at } of reached) {
    const epoch = Math.round((x - GRID.left) / pixels);
    for (let one = last + 1; one <= epoch; one++) {
      const ended = posted.get(one);
      if (ended !== undefined) latencies.push(at - ended);
    }
    last = epoch;
  }
  return latencies;
}

/** The value that so large a share of all is not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? sorted[0] ?? NaN;
}
