import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { RunConfig } from '../../src-preload/contract/config.ts';
import { browserPath, NO_BROWSER, openBrowser } from '../support/page/browser.ts';
import { serveWorkbench } from '../support/served-workbench.ts';
import { compared, type Report } from './measure.ts';

const RUNS = 8;
const WINDOWS = 3;
/** Seconds that are looked at once every run has an epoch; the delay's figures hold the start too. */
const SECONDS = Number(process.env['LAYERBENCH_LOAD_SECONDS'] ?? 60);

/** Milliseconds, a share, and messages a second to each window. */
const BUDGET = { delay: 20, memory: 1.05, messages: 20 };

const Delay = z.object({ p99: z.number(), longest: z.number() });

/**
 * Eight runs at once, as fast as they can, three listeners that hear of all of them, and where there is a browser three
 * windows, each on the page of a run.
 */
export async function benchLoad(report: Report, home: string): Promise<void> {
  const what = `load: ${RUNS} runs at once, ${WINDOWS} windows`;
  if (process.platform !== 'linux') {
    report.leftOut.push({ what, why: 'The memory of the host is read from /proc, which is not here.' });
    return;
  }
  const delayFile = join(home, 'loop-delay.json');
  const bench = await serveWorkbench(join(home, 'load'), {
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'loop-delay.ts')).href}`,
    LAYERBENCH_LOOP_DELAY: delayFile,
  });
  const pid = bench.served.process.pid ?? 0;
  const listeners = await Promise.all(Array.from({ length: WINDOWS }, () => bench.connect()));
  const heard = listeners.map(() => 0);
  for (const [index, { client, socket }] of listeners.entries()) {
    socket.on('message', () => (heard[index] = (heard[index] ?? 0) + 1));
    client.follow('events', {}, () => undefined);
  }
  const configs = Array.from({ length: RUNS }, (_, index) =>
    RunConfig.parse({
      dataset: 'numbers',
      resize: { width: 16, height: 16 },
      grayscale: true,
      layers: [8 + index],
      backend: 'native',
      nbrEpochs: 1_000_000,
      expId: `load ${index}`,
    }),
  );
  const launched = await bench.client.call('launch', { configs, jobs: RUNS });
  await until(async () => (await bench.client.call('runs', {})).every(({ epochs }) => epochs > 0));
  const browser = browserPath === undefined ? undefined : await openBrowser();
  if (browser === undefined) report.leftOut.push({ what: `${what}, in a browser`, why: NO_BROWSER });
  else {
    for (const { id } of launched.slice(0, WINDOWS)) {
      const page = await browser.newPage();
      await page.goto(bench.served.link);
      await page.locator('main h1').first().waitFor();
      await page.evaluate(`location.hash = '#/runs/${id}'`);
    }
  }
  const rates: number[] = [];
  const memory: number[] = [];
  for (let second = 0; second < SECONDS; second++) {
    const [before, begun] = [[...heard], performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const seconds = (performance.now() - begun) / 1000;
    rates.push(...heard.map((count, index) => (count - (before[index] ?? 0)) / seconds));
    memory.push(residentMegabytes(pid));
  }
  await browser?.close();
  const delay = Delay.parse(JSON.parse(readFileSync(delayFile, 'utf8')));
  for (const { id } of launched) await bench.client.call('stop', { run: id });
  await until(async () => (await bench.client.call('runs', {})).every(({ status }) => status === 'stopped'));
  const rows = await bench.client.call('runs', {});
  const curves = await bench.client.call('series', {
    runs: rows.map(({ id }) => id),
    metrics: ['training.loss'],
  });
  const missing = rows.reduce((sum, { id, epochs }) => {
    const kept = new Set(curves.find(({ run }) => run === id)?.epochs);
    return (
      sum + Array.from({ length: epochs }, (_, index) => index + 1).filter((one) => !kept.has(one)).length
    );
  }, 0);
  for (const { socket } of listeners) socket.terminate();
  await bench.close();

  report.rows.push(
    compared(
      `${what}: event loop of the host, 99th percentile`,
      'budget',
      'ms',
      [delay.p99],
      [BUDGET.delay],
      1,
    ),
    compared(
      `${what}: memory of the host at its end`,
      `after a fifth of ${SECONDS} s`,
      'MB',
      memory.slice(-5),
      memory.slice(Math.floor(SECONDS / 5)).slice(0, 5),
      BUDGET.memory,
    ),
    compared(
      `${what}: messages to a window in its busiest second`,
      'budget',
      '1/s',
      [Math.max(...rates)],
      [BUDGET.messages],
      1.05,
    ),
    compared(`${what}: epochs missing in the store`, 'an epoch', '', [missing], [1], 0),
  );
  const epochs = rows.reduce((sum, one) => sum + one.epochs, 0);
  report.notes.push(
    `Load: ${epochs} epochs in ${SECONDS} s; ${heard.reduce((sum, count) => sum + count, 0)} messages to ${WINDOWS} listeners; the longest delay was ${Math.round(delay.longest)} ms.`,
  );
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}
