import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { RunConfig } from '../../src-preload/contract/config.ts';
import { serveWorkbench } from '../support/served-workbench.ts';
import { compared, type Report } from './measure.ts';

const RUNS = 8;
const WINDOWS = 3;
/** Seconds; of a longer run the figures are the same, but for memory. */
const SECONDS = Number(process.env['LAYERBENCH_LOAD_SECONDS'] ?? 60);

const BUDGET = { delay: 20, memory: 1.05 };

const Delay = z.object({ p99: z.number(), longest: z.number() });

/** Eight runs at once, as fast as they can, and three windows that watch all of them. */
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
  const windows = await Promise.all(Array.from({ length: WINDOWS }, () => bench.connect()));
  let messages = 0;
  for (const { client } of windows) client.follow('events', {}, () => messages++);
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
  const memory: number[] = [];
  await until(async () => (await bench.client.call('runs', {})).every(({ epochs }) => epochs > 0));
  for (let second = 0; second < SECONDS; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    memory.push(residentMegabytes(pid));
  }
  const delay = Delay.parse(JSON.parse(readFileSync(delayFile, 'utf8')));
  for (const { id } of launched) await bench.client.call('stop', { run: id });
  await until(async () => (await bench.client.call('runs', {})).every(({ status }) => status === 'stopped'));
  const rows = await bench.client.call('runs', {});
  const curves = await bench.client.call('series', {
    runs: rows.map(({ id }) => id),
    metrics: ['training.loss'],
  });
  const lost = rows.reduce((sum, { id, epochs }) => {
    const kept = curves.find(({ run }) => run === id)?.epochs;
    const isWhole = kept?.length === epochs && kept.every((epoch, index) => epoch === index + 1);
    return sum + (isWhole ? 0 : 1);
  }, 0);
  for (const { socket } of windows) socket.terminate();
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
  );
  const epochs = rows.reduce((sum, one) => sum + one.epochs, 0);
  report.notes.push(
    `Load: ${epochs} epochs in ${SECONDS} s, ${messages} messages to ${WINDOWS} windows; ${lost === 0 ? 'no epoch is missing in the store' : `${lost} runs lack epochs`}; the longest delay was ${Math.round(delay.longest)} ms.`,
  );
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}
