import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { z } from 'zod';

/** Pages of a log that is so long that writers have to wait for it: 32 MB. */
const LONGEST_PAGES = 8192;

/** Milliseconds that it waits for a writer to finish. */
const BUSY_TIMEOUT_MS = 1000;

const Outcome = z.tuple([z.object({ log: z.int(), checkpointed: z.int() })]);

const database = new Database(z.string().parse(workerData), { timeout: BUSY_TIMEOUT_MS });

/**
 * Carries over what there is while others write on. The log begins anew only once all of it is carried over, which
 * under steady writing never is: so now and then it holds the writers up, for the little that has come in meanwhile.
 * https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
 */
parentPort?.on('message', () => {
  try {
    const [{ log, checkpointed }] = Outcome.parse(database.pragma('wal_checkpoint(PASSIVE)'));
    if (log > LONGEST_PAGES && checkpointed > 0) database.pragma('wal_checkpoint(RESTART)');
  } catch {
    // What a disk refuses here it refuses those who write as well, and they tell of it.
  }
  parentPort?.postMessage(null);
});
