import type { Migration } from './migration.ts';

/** What tells an owner's process from a later one that was given the same id; NULL where the system does not say. */
export const ownerProcessMigration: Migration = {
  version: 20,
  up(database) {
    database.exec('ALTER TABLE owners ADD COLUMN process TEXT');
  },
};
