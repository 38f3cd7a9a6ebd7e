import type { Migration } from './migration.ts';

/**
 * Runs, their curves, snapshots and predictions, and the data sets they saw. `record` holds the whole run; the
 * columns beside it are what is filtered, sorted and contended for, and they win. It stands last because a row is
 * read from its front: what comes after a long text costs reading the text. Owners stand apart so that a sign of life
 * is one small row, however many runs are queued. Points of a live run are rows; at its end each curve is packed. NULL in `points.value` is NaN, which SQLite has no other word for.
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
        launch_group TEXT NOT NULL,
        dataset TEXT NOT NULL,
        dataset_fingerprint TEXT,
        created_at TEXT NOT NULL,
        parameters INTEGER,
        epochs INTEGER NOT NULL,
        training_accuracy REAL,
        dev_accuracy REAL,
        best_dev_accuracy REAL,
        owner_host TEXT,
        owner_pid INTEGER,
        owner_token TEXT,
        stop_requested INTEGER NOT NULL DEFAULT 0,
        record TEXT NOT NULL
      ) STRICT;
      CREATE INDEX runs_by_name ON runs (name);
      CREATE INDEX runs_by_status ON runs (status);
      CREATE INDEX runs_by_launch_group ON runs (launch_group);
      CREATE INDEX runs_by_dataset ON runs (dataset);
      CREATE INDEX runs_by_parameters ON runs (parameters);
      CREATE INDEX runs_by_epochs ON runs (epochs);
      CREATE INDEX runs_by_training_accuracy ON runs (training_accuracy);
      CREATE INDEX runs_by_dev_accuracy ON runs (dev_accuracy);
      CREATE INDEX runs_by_best_dev_accuracy ON runs (best_dev_accuracy);
      CREATE INDEX runs_by_owner ON runs (owner_token) WHERE owner_token IS NOT NULL;
      CREATE TABLE owners (
        token TEXT PRIMARY KEY,
        heartbeat_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
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
        epoch INTEGER NOT NULL,
        name TEXT NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (run, kind, epoch, name)
      ) STRICT;
      CREATE TABLE predictions (
        run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
        data BLOB NOT NULL
      ) STRICT;
      CREATE TABLE datasets (
        folder TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        last_used_at TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (folder, fingerprint)
      ) STRICT;
      CREATE INDEX datasets_by_last_use ON datasets (last_used_at);
    `);
  },
};
