import type { Migration } from './migration.ts';

/**
 * What people say of runs, in columns of their own: whoever trains a run writes its record, and would write over it. A
 * change gets the next number, and a run that is removed leaves one, so that other processes see what is new. Choices
 * of the window are kept by name, as JSON.
 */
export const organizationMigration: Migration = {
  version: 30,
  up(database) {
    database.exec(`
      ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
      ALTER TABLE runs ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN trashed_at TEXT;
      CREATE TABLE changes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        run TEXT NOT NULL,
        removed INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE preferences (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
