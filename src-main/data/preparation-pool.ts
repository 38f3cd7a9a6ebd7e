import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { NeedsMemory, withinMemory } from './image-file.ts';
import { type FileOutcome, prepareFile } from './prepare-file.ts';
import type { PreparationOptions } from './preparation/prepare.ts';

/** Built beside this program, or beside this file where it is run from its source. */
const WORKER = join(import.meta.dirname, `preparation-worker${extname(import.meta.filename)}`);

/** Fewer images than this are prepared before a thread has loaded its decoder. */
const WORTH_THREADS = 300;

/**
 * On fewer cores than this, threads of our own are slower than none: decoding already runs beside the steps, on the
 * threads of libuv, and fills them (measured on two cores: 1,250 images a second against 1,800).
 */
const MANY_CORES = 4;

/** Files that a thread has at once: while one is decoded, the steps of the other run. */
const FILES_AT_ONCE = 2;

export interface PreparationTask {
  readonly id: number;
  /** Absolute path. */
  readonly file: string;
  readonly options: PreparationOptions;
  /** Bytes of memory that are set aside for it. */
  readonly granted: number;
}

export interface PreparationAnswer {
  readonly id: number;
  /** Of an image that takes more memory than was granted: how many bytes. */
  readonly outcome: FileOutcome | { readonly needs: number };
}

/** Prepares image files on all cores. */
export interface PreparationPool {
  prepare(file: string): Promise<FileOutcome>;
  close(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  under: number;
}

/**
 * Threads where there are cores and images enough for them, else this one alone, whose decoder has threads of its own.
 * No more images are decoded at once than two a thread.
 * @param images that will come.
 * @param count of the threads; none: this one alone.
 */
export function openPreparationPool(
  images: number,
  options: PreparationOptions,
  count = worthwhileThreads(images),
): PreparationPool {
  if (count === 0) {
    return {
      prepare: (file) => withinMemory((granted) => prepareFile(file, options, granted)),
      close: () => Promise.resolve(),
    };
  }
  const waiting: PreparationTask[] = [];
  const answers = new Map<
    number,
    { resolve: (outcome: FileOutcome) => void; reject: (error: Error) => void }
  >();
  let nextId = 0;
  let failure: Error | undefined;

  function fail(error: Error): void {
    failure ??= error;
    for (const { reject } of answers.values()) reject(failure);
    answers.clear();
    waiting.length = 0;
  }

  const threads = Array.from({ length: count }, (): Thread => {
    const thread: Thread = { worker: new Worker(WORKER), under: 0 };
    thread.worker.on('message', ({ id, outcome }: PreparationAnswer) => {
      thread.under--;
      if ('needs' in outcome) answers.get(id)?.reject(new NeedsMemory(outcome.needs));
      else answers.get(id)?.resolve(outcome);
      answers.delete(id);
      give();
    });
    thread.worker.on('error', fail);
    return thread;
  });

  function give(): void {
    for (;;) {
      const [idle] = threads
        .filter(({ under }) => under < FILES_AT_ONCE)
        .sort((one, other) => one.under - other.under);
      const task = idle === undefined ? undefined : waiting.shift();
      if (idle === undefined || task === undefined) return;
      idle.under++;
      idle.worker.postMessage(task);
    }
  }

  function prepareWith(file: string, granted: number): Promise<FileOutcome> {
    if (failure !== undefined) return Promise.reject(failure);
    const id = nextId++;
    return new Promise((resolve, reject) => {
      answers.set(id, { resolve, reject });
      waiting.push({ id, file, options, granted });
      give();
    });
  }

  return {
    prepare: (file) => withinMemory((granted) => prepareWith(file, granted)),
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

function worthwhileThreads(images: number): number {
  const cores = availableParallelism();
  return cores >= MANY_CORES && images >= WORTH_THREADS ? cores : 0;
}
