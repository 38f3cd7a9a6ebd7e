import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ErrorRecord, fromErrorRecord } from '../../src-preload/contract/errors.ts';
import { Metric, type Series } from '../../src-preload/contract/series.ts';

/** Reads curves on a thread of its own: of a run of many epochs that takes longer than anybody else may wait. */
export interface CurveReader {
  /**
   * One series for each run and metric, run by run, with the epochs after a given one.
   * @throws UserError for an id that is no run's.
   */
  read(runs: readonly string[], metrics: readonly Metric[], after?: number): Promise<Series[]>;
  /** Ends the thread. What is still waited for is read on this one first. */
  close(): Promise<void>;
}

/** What the thread is asked. */
export const CurvesWanted = z.object({
  id: z.int(),
  runs: z.array(z.string()),
  metrics: z.array(Metric),
  after: z.int().min(0),
});
type CurvesWanted = z.infer<typeof CurvesWanted>;

const Answer = z.union([
  z.object({ id: z.int(), error: ErrorRecord }),
  z.object({
    id: z.int(),
    series: z.array(
      z.object({
        run: z.string(),
        metric: Metric,
        epochs: z.instanceof(Uint32Array),
        values: z.instanceof(Float64Array),
      }),
    ),
  }),
]);

interface Waiting {
  readonly wanted: CurvesWanted;
  readonly resolve: (series: Series[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The thread begins with the first curve that is asked for.
 * @param worker the program of the thread
 * @param readHere reads a curve on this thread, for where the other cannot be had
 */
export function openCurveReader(
  file: string,
  worker: string,
  readHere: (run: string, metric: Metric, after: number) => Series,
): CurveReader {
  let thread: Worker | null = null;
  let isOver = false;
  let asked = 0;
  const waiting = new Map<number, Waiting>();

  function start(): Worker {
    const started = new Worker(worker, { workerData: file });
    started.on('message', (raw) => {
      const answer = Answer.parse(raw);
      const one = waiting.get(answer.id);
      waiting.delete(answer.id);
      // It keeps a process alive only while somebody waits for it.
      if (waiting.size === 0) started.unref();
      if ('error' in answer) one?.reject(fromErrorRecord(answer.error));
      else one?.resolve(answer.series);
    });
    started.on('error', () => {
      isOver = true;
    });
    started.on('exit', () => {
      isOver = true;
      for (const one of waiting.values()) answerHere(one);
      waiting.clear();
    });
    return started;
  }

  function answerHere({ wanted: { runs, metrics, after }, resolve, reject }: Waiting): void {
    try {
      resolve(runs.flatMap((run) => metrics.map((metric) => readHere(run, metric, after))));
    } catch (error) {
      reject(error);
    }
  }

  return {
    read: (runs, metrics, after = 0) =>
      new Promise((resolve, reject) => {
        const wanted = { id: asked++, runs: [...runs], metrics: [...metrics], after };
        if (isOver) {
          answerHere({ wanted, resolve, reject });
          return;
        }
        thread ??= start();
        thread.ref();
        waiting.set(wanted.id, { wanted, resolve, reject });
        thread.postMessage(wanted);
      }),
    async close() {
      await thread?.terminate();
    },
  };
}
