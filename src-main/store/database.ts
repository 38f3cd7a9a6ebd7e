import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { type DiskFault, diskFault, diskFaultWords } from '../../src-preload/contract/disk-fault.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { runsMigration } from './migrations/0010-runs.ts';
import { ownerProcessMigration } from './migrations/0020-owner-process.ts';
import { organizationMigration } from './migrations/0030-organization.ts';
import { bestFiguresMigration } from './migrations/0040-best-figures.ts';
import type { Presence } from './presence.ts';
import { holdsRuns, salvage, type Salvaged } from './salvage.ts';
import type { Migration } from './migrations/migration.ts';

/** Every form that the database has had, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  runsMigration,
  ownerProcessMigration,
  organizationMigration,
  bestFiguresMigration,
];

/** Milliseconds that a writer waits for another one. Writes here are short: this is for a machine that stalls. */
const BUSY_TIMEOUT_MS = 10_000;

/** Pages of the write-ahead log after which a writer carries it over itself, where nobody else does: 128 MB. */
const UNKEPT_LOG_PAGES = 32_768;

/** Bytes that the file of the log keeps once it begins anew. */
const KEPT_LOG_BYTES = 2 ** 24;

export interface DatabaseOptions {
  /** Opens an existing database of the newest form for reading alone. */
  readonly readonly?: boolean;
  readonly migrations?: readonly Migration[];
  /** Whether somebody else carries the write-ahead log over. */
  readonly isLogKept?: boolean;
  /** That this process has it open. */
  readonly presence?: Presence;
  /** Whether runs were ever kept beside it: then a file without any length is no new one. */
  readonly hasKeptRuns?: () => boolean;
  /** Frees space on its disk. @returns bytes freed. */
  readonly freeSpace?: () => number;
}

/**
 * Opens the database: write-ahead log, `synchronous = NORMAL` (a process that dies loses nothing that was committed;
 * a machine that loses its power may lose the last moments, never the file), foreign keys on. It is made where it is
 * missing and brought to the newest form where it is older; before that a copy is left beside it
 * (`<file>.v<version>.backup`).
 * @throws UserError for a file that is no such database, or cannot be opened, or was written by a newer version;
 * that one is left as it is. One that is damaged is put aside, and what can be read of it is in the new one.
 */
export function openDatabase(file: string, options: DatabaseOptions = {}): Database.Database {
  if (options.readonly === true) return openWhole(file, options);
  if (existsSync(markOf(file)) || isEmptied(file, options)) save(file, options);
  try {
    return openWhole(file, options);
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    save(file, options);
    return openWhole(file, options);
  }
}

/** Whether a database was found damaged. */
export function isCorrupt(error: unknown): boolean {
  if (error instanceof HeadDamaged) return true;
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT');
}

/** Its rows are there, but not what SQLite knows its files by. */
class HeadDamaged extends Error {
  override readonly name = 'HeadDamaged';
}

/** Remembers that a database is damaged, so that the next to open it puts it aside. */
export function markDamaged(file: string): void {
  try {
    writeFileSync(markOf(file), '');
  } catch {
    // Whoever opens it next finds the damage as this process did.
  }
}

/** What is said of a damaged store that cannot be put aside now. */
export function damagedSentence(file: string): string {
  return `The store ${file} is damaged. Close Layerbench everywhere and open it again: the file is then put aside, and what can be read of it is saved.`;
}

/** Whether a database has lost everything: one that is being made is empty as well, but nothing was ever kept in it. */
function isEmptied(file: string, { hasKeptRuns = () => false }: DatabaseOptions): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === 0 && hasKeptRuns();
}

/** What is told of a database that was damaged and put aside, once; null where none was. */
export function takeSalvageNotice(file: string): string | null {
  const notice = notices.get(file) ?? null;
  notices.delete(file);
  return notice;
}

const notices = new Map<string, string>();

function markOf(file: string): string {
  return `${file}.is-damaged`;
}

/** @throws UserError where another process has it open, and where the disk has no room for what can be saved. */
function save(file: string, options: DatabaseOptions): void {
  const { presence } = options;
  const isSaved =
    presence === undefined
      ? (saveAlone(file, options), true)
      : presence.alone(() => {
          saveAlone(file, options);
        });
  if (!isSaved) throw new UserError(damagedSentence(file));
}

function saveAlone(file: string, options: DatabaseOptions): void {
  // Another process that found the damage may have been faster.
  if (!existsSync(markOf(file)) && !isEmptied(file, options) && opensWhole(file, options)) return;
  const { aside, runs, nameless } = salvageWithRoom(file, options);
  rmSync(markOf(file), { force: true });
  const sentences = [
    `The store was damaged. It was put aside as ${aside}, and ${runs === 1 ? 'one run' : `${runs} runs`} could be read and are in a new one.`,
    ...(nameless === 0
      ? []
      : [
          `Of ${nameless === 1 ? 'one more' : `${nameless} more`} only curves could be read, and not what they are of: those are in the file that was put aside.`,
        ]),
  ];
  notices.set(file, sentences.join(' '));
}

function opensWhole(file: string, options: DatabaseOptions): boolean {
  try {
    openWhole(file, options).close();
    return true;
  } catch (error) {
    if (isCorrupt(error)) return false;
    throw error;
  }
}

function salvageWithRoom(file: string, options: DatabaseOptions): Salvaged {
  for (;;) {
    try {
      return salvage(file, (path) => openWhole(path, { ...options, isLogKept: false }));
    } catch (error) {
      const fault = diskFault(error);
      if (fault === undefined || isCorrupt(error)) throw error;
      if (fault === 'full' && (options.freeSpace?.() ?? 0) > 0) continue;
      throw new UserError(
        `The store ${file} is damaged, and what can be read of it could not be saved: ${diskFaultWords(fault)}. It is as it was. ${fault === 'full' ? 'Free at least as much space as it takes' : 'Look after its disk'}, and open it again.`,
      );
    }
  }
}

function openWhole(file: string, options: DatabaseOptions): Database.Database {
  const { readonly = false, migrations = MIGRATIONS } = options;
  const newest = migrations.at(-1)?.version ?? 0;
  const exists = existsSync(file) && statSync(file).size > 0;
  if (!exists && readonly) throw new UserError(`There is no store at ${file} yet.`);
  const version = exists ? checkedVersion(file, newest) : 0;
  if (readonly && version < newest) {
    throw new UserError(
      `${file} was written by an older version of Layerbench (format ${version}; this one reads ${newest}). Open it once with the right to write, and it is brought up to date.`,
    );
  }

  const database = connect(file, readonly);
  try {
    if (!readonly) {
      writeAhead(database);
      database.pragma('synchronous = NORMAL');
      database.pragma(`journal_size_limit = ${KEPT_LOG_BYTES}`);
      if (options.isLogKept === true) database.pragma(`wal_autocheckpoint = ${UNKEPT_LOG_PAGES}`);
      // Off while tables may be rebuilt; it cannot be changed inside a transaction.
      database.pragma('foreign_keys = OFF');
      if (version < newest) migrate(database, file, migrations);
    }
    database.pragma('foreign_keys = ON');
    return database;
  } catch (error) {
    database.close();
    const fault = isCorrupt(error) ? undefined : diskFault(error);
    throw fault === undefined ? error : refused(file, fault);
  }
}

/** A number that changes when another connection has written; the same one says nothing of what. */
export function dataVersionOf(database: Database.Database): number {
  return numberOf(database.pragma('data_version', { simple: true }));
}

/** Looks at a database without the right to write, so that one of another program or version stays as it is. */
function checkedVersion(file: string, newest: number): number {
  const database = connect(file, true);
  try {
    // In one transaction: between the two looks another process may make the database.
    const { version, isEmpty } = database.transaction(() => ({
      version: versionOf(database),
      isEmpty: database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined,
    }))();
    if (version > newest) {
      throw new UserError(
        `${file} was written by a newer version of Layerbench (format ${version}; this one knows ${newest}). Update Layerbench, or name another data folder with LAYERBENCH_HOME.`,
      );
    }
    if (version === 0 && !isEmpty) {
      throw new UserError(
        `${file} is a database of another program. Move it away, or name another data folder with LAYERBENCH_HOME.`,
      );
    }
    return version;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB') {
      if (holdsRuns(file)) throw new HeadDamaged(`The head of ${file} is damaged.`);
      throw new UserError(
        `${file} is no database. Move it away, or name another data folder with LAYERBENCH_HOME.`,
      );
    }
    const fault = isCorrupt(error) ? undefined : diskFault(error);
    throw fault === undefined ? error : refused(file, fault);
  } finally {
    database.close();
  }
}

function connect(file: string, readonly: boolean): Database.Database {
  try {
    return new Database(file, { timeout: BUSY_TIMEOUT_MS, readonly });
  } catch (error) {
    throw cannotBeOpened(file, error instanceof Error ? error.message : String(error));
  }
}

/** SQLite says of a file on a disk that it may not write to that it cannot be opened. */
function refused(file: string, fault: DiskFault): UserError {
  return cannotBeOpened(file, diskFaultWords(fault === 'gone' && existsSync(file) ? 'read-only' : fault));
}

function cannotBeOpened(file: string, reason: string): UserError {
  return new UserError(
    `The store ${file} cannot be opened (${reason}). Look after the folder, its disk and its permissions, or name another data folder with LAYERBENCH_HOME.`,
  );
}

/**
 * Turns the write-ahead log on; the file remembers it. Where several processes open a new file at once SQLite
 * refuses all but one of them as busy, without waiting: so this waits.
 */
function writeAhead(database: Database.Database): void {
  const giveUp = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || performance.now() > giveUp) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function migrate(database: Database.Database, file: string, migrations: readonly Migration[]): void {
  database
    .transaction(() => {
      // Read again under the lock: another process may have migrated while this one waited for it.
      const before = versionOf(database);
      const due = migrations.filter(({ version }) => version > before);
      if (due.length === 0) return;
      if (before > 0) backUp(file, before);
      for (const migration of due) {
        migration.up(database);
        database.pragma(`user_version = ${migration.version}`);
      }
      const broken = z.array(z.unknown()).parse(database.pragma('foreign_key_check'));
      if (broken.length > 0)
        throw new Error(`Migrating ${file} left ${broken.length} rows without their run.`);
    })
    .immediate();
}

/**
 * Copies the database to `<file>.v<version>.backup`. To be called while the write lock is held, so that the copy is
 * what is about to be migrated; a second connection makes it, since a connection in a transaction cannot.
 */
function backUp(file: string, version: number): void {
  const backup = `${file}.v${version}.backup`;
  const partial = `${backup}.partial`;
  rmSync(partial, { force: true });
  const reader = connect(file, true);
  try {
    reader.prepare('VACUUM INTO ?').run(partial);
  } finally {
    reader.close();
  }
  renameSync(partial, backup);
}

function versionOf(database: Database.Database): number {
  return numberOf(database.pragma('user_version', { simple: true }));
}

function numberOf(value: unknown): number {
  return z.int().parse(value);
}
