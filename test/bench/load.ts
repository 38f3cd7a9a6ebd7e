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
/** Seconds that are looked at once every run has an epoch: half of them with listeners alone, half with windows too. */
const SECONDS = Number(process.env['LAYERBENCH_LOAD_SECONDS'] ?? 60);

/** Messages are counted over so many seconds: on a busy machine this process hears of them in gusts. */
const RATE_SECONDS = 5;

/** Milliseconds, a share, and messages a second to each window. */
const BUDGET = { delay: 20, memory: 1.05, messages: 20 };

const Delay = z.object({ p99: z.number(), longest: z.number(), waiting: z.number() });

/**
 * Eight runs at once, as fast as they can, three listeners that hear of all of them, and then, where there is a
 * browser, three windows as well, each on the page of a run.
 */
export async function benchLoad(report: Report, home: string): Promise<void> {
  const what = `load: ${RUNS} runs at once`;
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
  const rates: number[] = [];

  /** Looks on for a while. */
  async function watch(who: string): Promise<void> {
    const epochsBefore = await epochsOf();
    process.kill(pid, 'SIGUSR2');
    const own: number[] = [];
    for (let second = 0, before = [...heard], begun = performance.now(); second < SECONDS / 2; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      own.push(residentMegabytes(pid));
      if (own.length % RATE_SECONDS !== 0) continue;
      const seconds = (performance.now() - begun) / 1000;
      rates.push(...heard.map((count, index) => (count - (before[index] ?? 0)) / seconds));
      [before, begun] = [[...heard], performance.now()];
    }
    const delay = Delay.parse(JSON.parse(readFileSync(delayFile, 'utf8')));
    report.rows.push(
      compared(
        `${what}, ${who}: event loop of the host, 99th percentile`,
        'budget',
        'ms',
        [delay.p99],
        [BUDGET.delay],
        1,
      ),
      // Windows that come cost memory once; what is asked is whether it grows while they watch.
      compared(
        `${what}, ${who}: memory of the host at its end`,
        `after a fifth of ${own.length} s`,
        'MB',
        own.slice(-5),
        own.slice(Math.floor(own.length / 5)).slice(0, 5),
        BUDGET.memory,
      ),
    );
    report.notes.push(
      `Load, ${who}: ${(await epochsOf()) - epochsBefore} epochs in ${SECONDS / 2} s; the longest delay was ${Math.round(delay.longest)} ms; ${Math.round(100 * delay.waiting)} % of the time the host waited for a processor.`,
    );
  }

  async function epochsOf(): Promise<number> {
    return (await bench.client.call('runs', {})).reduce((sum, { epochs }) => sum + epochs, 0);
  }

  await watch(`${WINDOWS} listeners`);
  const windows = `${WINDOWS} listeners and ${WINDOWS} windows of Chromium on the same processors`;
  const browser = browserPath === undefined ? undefined : await openBrowser();
  if (browser === undefined) report.leftOut.push({ what: `${what}, ${windows}`, why: NO_BROWSER });
  else {
    for (const { id } of launched.slice(0, WINDOWS)) {
      const page = await browser.newPage();
      await page.goto(bench.served.link);
      await page.locator('main h1').first().waitFor();
      await page.evaluate(`location.hash = '#/runs/${id}'`);
    }
    await watch(windows);
    await browser.close();
  }
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
      `${what}: messages to a listener in its busiest ${RATE_SECONDS} s`,
      'budget',
      '1/s',
      [Math.max(...rates)],
      [BUDGET.messages],
      1.05,
    ),
    compared(`${what}: epochs missing in the store`, 'an epoch', '', [missing], [1], 0),
  );
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}
