/**
 * Loaded into a host (`node --import`) to see how long its event loop keeps others waiting: each second the 99th
 * percentile and the longest so far, in ms, and the share of time that its thread waited for a processor, to the file
 * that the environment names. SIGUSR2 begins anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks of the monitor, which it counts as delay. */
const RESOLUTION_MS = 2;

const file = process.env['LAYERBENCH_LOOP_DELAY'];
// Its children have the same environment.
if (file !== undefined && process.argv[1]?.endsWith('cli.js') === true) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let [waitedBefore, begun] = [waitedMs(), performance.now()];
  process.on('SIGUSR2', () => {
    delay.reset();
    [waitedBefore, begun] = [waitedMs(), performance.now()];
  });
  setInterval(() => {
    const [p99, longest] = [delay.percentile(99), delay.max].map((ns) => ns / 1e6 - RESOLUTION_MS);
    const waiting = (waitedMs() - waitedBefore) / (performance.now() - begun);
    writeFileSync(file, JSON.stringify({ p99, longest, waiting }));
  }, 1000).unref();
}

/** Milliseconds that this thread could have run and had no processor. https://docs.kernel.org/scheduler/sched-stats.html */
function waitedMs(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
}
