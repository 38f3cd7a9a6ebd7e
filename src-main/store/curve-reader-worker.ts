import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { toErrorRecord } from '../../src-preload/contract/errors.ts';
import { type OpenReadStore, openStore } from './store.ts';
import { CurvesWanted } from './curve-reader.ts';

const file = z.string().parse(workerData);
let store: OpenReadStore | undefined;

parentPort?.on('message', (raw: unknown) => {
  const { id, runs, metrics, after } = CurvesWanted.parse(raw);
  // A store that cannot be opened here ends this thread: whoever asked has it open, and reads by itself.
  const reading = (store ??= openStore(file, { readonly: true }));
  try {
    const series = runs.flatMap((run) => metrics.map((metric) => reading.series(run, metric, after)));
    const memory = series
      .flatMap(({ epochs, values }) => [epochs.buffer, values.buffer])
      .filter((buffer) => buffer instanceof ArrayBuffer);
    parentPort?.postMessage({ id, series }, memory);
  } catch (error) {
    parentPort?.postMessage({ id, error: toErrorRecord(error) });
  }
});
