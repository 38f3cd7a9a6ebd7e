import type { Migration } from './migration.ts';

/**
 * Runs, their curves, snapshots and predictions. `record` holds the whole run; the columns beside it are what is
 * filtered, sorted and contended for, and they win. Points of a live run are rows; at its end each curve is packed.
 */
export const runsMigration: Migration = {
  version: 10,
  up(database) {
    database.exec(`
      CREATE TABLE runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        dataset TEXT NOT NULL,
        created_at TEXT NOT NULL,
        parameters INTEGER,
        epochs INTEGER NOT NULL,
        training_accuracy REAL,
        dev_accuracy REAL,
        record TEXT NOT NULL,
        owner_host TEXT,
        owner_pid INTEGER,
        owner_token TEXT,
        heartbeat_ms INTEGER,
        stop_requested INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX runs_by_status ON runs (status);
      CREATE INDEX runs_by_name ON runs (name, number);
      CREATE TABLE points (
        run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
        metric TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        value REAL,
        PRIMARY KEY (run, metric, epoch)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE curves (
        run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
        metric TEXT NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (run, metric)
      ) STRICT;
      CREATE TABLE snapshots (
        run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (run, kind, name, epoch)
      ) STRICT;
      CREATE TABLE predictions (
        run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
        data BLOB NOT NULL
      ) STRICT;
    `);
  },
};
