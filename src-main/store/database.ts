import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { UserError } from '../../src-preload/contract/errors.ts';
import { runsMigration } from './migrations/0010-runs.ts';
import type { Migration } from './migrations/migration.ts';

/** Every form that the database has had, oldest first. */
export const MIGRATIONS: readonly Migration[] = [runsMigration];

/** Milliseconds that a writer waits for another one. Writes here are short: this is for a machine that stalls. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the database, made or brought to the newest form where needed. Before an older one is changed, a copy is
 * left beside it (`<file>.v<version>.backup`).
 * @throws UserError for a database of a newer version, which is left as it is.
 */
export function openDatabase(file: string, migrations: readonly Migration[] = MIGRATIONS): Database.Database {
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    const newest = migrations.at(-1)?.version ?? 0;
    if (versionOf(database) > newest) {
      throw new UserError(
        `${file} was written by a newer version of Layerbench (format ${versionOf(database)}; this one knows ${newest}). Update Layerbench, or name another data folder with LAYERBENCH_HOME.`,
      );
    }
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    if (versionOf(database) < newest) migrate(database, file, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: Database.Database, file: string, migrations: readonly Migration[]): void {
  const before = versionOf(database);
  const backup = `${file}.v${before}.backup`;
  if (before > 0 && !existsSync(backup)) database.prepare('VACUUM INTO ?').run(backup);
  database
    .transaction(() => {
      // Another process may have migrated while this one waited for the lock.
      for (const migration of migrations.filter(({ version }) => version > versionOf(database))) {
        migration.up(database);
        database.pragma(`user_version = ${migration.version}`);
      }
    })
    .immediate();
}

function versionOf(database: Database.Database): number {
  const version: unknown = database.pragma('user_version', { simple: true });
  return typeof version === 'number' ? version : 0;
}
