import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Bytes of the write-ahead log from which on it is carried over: what SQLite itself begins at. */
const LONG_BYTES = 4_096_000;

/** Transactions between two looks at how long the log is. */
const LOOK_INTERVAL = 32;

/** Has the write-ahead log of a database carried over into its file. */
export interface LogKeeper {
  /** Says that a transaction was written. */
  written(): void;
  close(): void;
}

/**
 * Carries the log over on a thread of its own, which begins with the first log that is long: on the thread that
 * writes, the disk would keep everybody waiting for some ten milliseconds each time. The log stays as it is where the
 * thread cannot be had: then SQLite's own limit holds.
 * @param worker the program of the thread
 */
export function keepLog(file: string, worker: string): LogKeeper {
  let thread: Worker | null = null;
  let isOver = false;
  let isWorking = false;
  let transactions = 0;

  function start(): Worker {
    const started = new Worker(worker, { workerData: file });
    // It keeps no process alive.
    started.unref();
    started.on('message', () => {
      isWorking = false;
    });
    started.on('error', () => {
      isOver = true;
    });
    return started;
  }

  return {
    written() {
      transactions += 1;
      if (transactions % LOOK_INTERVAL !== 0 || isWorking || isOver || lengthOf(file) < LONG_BYTES) return;
      thread ??= start();
      isWorking = true;
      thread.postMessage(null);
    },
    close() {
      isOver = true;
      void thread?.terminate();
    },
  };
}

function lengthOf(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
