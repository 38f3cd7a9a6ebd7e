import type { Database } from 'better-sqlite3';

/** One step of the database's form. Numbers go up in tens, so that one can come between two. */
export interface Migration {
  readonly version: number;
  /**
   * Runs inside the one transaction of all steps, with foreign keys off, so that tables can be rebuilt; they are
   * checked before it is committed.
   */
  readonly up: (database: Database) => void;
}
