import Database from 'better-sqlite3';

/** That this process has a store open. */
export interface Presence {
  /**
   * Does something while no other process has the store open, nor can open it.
   * @returns whether it was done: not where another one has it.
   */
  alone(action: () => void): boolean;
  close(): void;
}

/** Milliseconds that whoever opens a store waits for one who repairs it. */
const ENTER_MS = 60_000;

/** Milliseconds for others to leave: two that find the same damage leave at once, and one of them comes first. */
const LEAVE_MS = 2000;

/**
 * Holds a lock of the operating system on `<file>.open` for as long as the store is open, which a process that dies
 * lets go of. It is SQLite's own lock, on a database without anything in it: the store itself may be too damaged to be
 * locked. https://www.sqlite.org/lockingv3.html
 */
export function enterStore(file: string): Presence {
  let lock: Database.Database;
  try {
    lock = new Database(`${file}.open`, { timeout: ENTER_MS });
    enter();
  } catch (error) {
    if (!(error instanceof Database.SqliteError) && !(error instanceof TypeError)) throw error;
    // Where nothing may be written, nothing is repaired either.
    return {
      alone(action) {
        action();
        return true;
      },
      close: () => undefined,
    };
  }

  function enter(): void {
    lock.exec('BEGIN');
    lock.prepare('SELECT 1 FROM sqlite_schema').get();
  }

  return {
    alone(action) {
      lock.exec('COMMIT');
      try {
        lock.pragma(`busy_timeout = ${LEAVE_MS}`);
        lock.exec('BEGIN EXCLUSIVE');
      } catch {
        lock.pragma(`busy_timeout = ${ENTER_MS}`);
        enter();
        return false;
      }
      lock.pragma(`busy_timeout = ${ENTER_MS}`);
      try {
        action();
      } finally {
        lock.exec('COMMIT');
        enter();
      }
      return true;
    },
    close() {
      lock.close();
    },
  };
}
