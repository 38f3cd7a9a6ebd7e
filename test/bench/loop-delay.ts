/**
 * Loaded into a host (`node --import`) to see how long its event loop keeps others waiting: each second the 99th
 * percentile and the longest so far, in ms, to the file that the environment names.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks of the monitor, which it counts as delay. */
const RESOLUTION_MS = 2;

const file = process.env['LAYERBENCH_LOOP_DELAY'];
// Its children have the same environment.
if (file !== undefined && process.argv[1]?.endsWith('cli.js') === true) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  setInterval(() => {
    const [p99, longest] = [delay.percentile(99), delay.max].map((ns) => ns / 1e6 - RESOLUTION_MS);
    writeFileSync(file, JSON.stringify({ p99, longest }));
  }, 1000).unref();
}
