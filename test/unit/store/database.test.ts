import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import {
  type DatabaseOptions,
  MIGRATIONS,
  dataVersionOf,
  openDatabase,
} from '../../../src-main/store/database.ts';
import type { Migration } from '../../../src-main/store/migrations/migration.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { temporaryStoreFile } from '../../support/store/temporary-store.ts';

const notes: Migration = {
  version: 10,
  up: (database) => database.exec('CREATE TABLE notes (text TEXT NOT NULL)'),
};
const authors: Migration = {
  version: 20,
  up: (database) => database.exec("ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'"),
};

function open(file: string, options: DatabaseOptions = {}): Database.Database {
  const database = openDatabase(file, options);
  onTestFinished(() => {
    database.close();
  });
  return database;
}

function openOnce(file: string, options: DatabaseOptions, work: (database: Database.Database) => void): void {
  const database = openDatabase(file, options);
  work(database);
  database.close();
}

test('a new database writes ahead, waits for others, holds rows to their run, and leaves no backup', () => {
  const file = temporaryStoreFile();
  const database = open(file);
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
  // 1 is NORMAL.
  expect(database.pragma('synchronous', { simple: true })).toBe(1);
  expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
  expect(database.pragma('busy_timeout', { simple: true })).toBeGreaterThanOrEqual(5000);
  expect(database.pragma('user_version', { simple: true })).toBe(MIGRATIONS.at(-1)!.version);
  expect(readdirSync(dirname(file)).filter((name) => name.includes('backup'))).toEqual([]);
});

test('every version is greater than the one before it and a multiple of ten', () => {
  const versions = MIGRATIONS.map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
  expect(versions.filter((version) => version % 10 !== 0)).toEqual([]);
});

test('an older database is brought to the newest form, and a copy of it is left beside', () => {
  const file = temporaryStoreFile();
  openOnce(file, { migrations: [notes] }, (database) => database.exec("INSERT INTO notes VALUES ('kept')"));

  const database = open(file, { migrations: [notes, authors] });
  expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept', author: 'nobody' }]);
  expect(database.pragma('user_version', { simple: true })).toBe(20);

  const backup = open(`${file}.v10.backup`, { migrations: [notes] });
  expect(backup.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept' }]);
  expect(readdirSync(dirname(file)).filter((name) => name.includes('partial'))).toEqual([]);
});

test('a database of the newest form is opened without another backup', () => {
  const file = temporaryStoreFile();
  openOnce(file, { migrations: [notes] }, () => undefined);
  open(file, { migrations: [notes] });
  expect(existsSync(`${file}.v10.backup`)).toBe(false);
});

test('the backup is of the latest state, not of a migration that failed long before', () => {
  const file = temporaryStoreFile();
  const failing: Migration = {
    version: 20,
    up() {
      throw new Error('it broke');
    },
  };
  openOnce(file, { migrations: [notes] }, () => undefined);
  expect(() => openDatabase(file, { migrations: [notes, failing] })).toThrow('it broke');
  openOnce(file, { migrations: [notes] }, (database) => database.exec("INSERT INTO notes VALUES ('later')"));
  openOnce(file, { migrations: [notes, authors] }, () => undefined);
  const backup = open(`${file}.v10.backup`, { migrations: [notes] });
  expect(backup.prepare('SELECT text FROM notes').pluck().all()).toEqual(['later']);
});

test('a migration that fails leaves everything as it was, the steps before it included', () => {
  const file = temporaryStoreFile();
  const failing: Migration = {
    version: 30,
    up(database) {
      database.exec('DELETE FROM notes');
      throw new Error('it broke');
    },
  };
  openOnce(file, { migrations: [notes] }, (database) => database.exec("INSERT INTO notes VALUES ('kept')"));
  expect(() => openDatabase(file, { migrations: [notes, authors, failing] })).toThrow('it broke');
  const database = open(file, { migrations: [notes] });
  expect(database.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept' }]);
  expect(database.pragma('user_version', { simple: true })).toBe(10);
});

test('a migration that leaves rows without what they refer to is taken back', () => {
  const file = temporaryStoreFile();
  const lines: Migration = {
    version: 20,
    up: (database) =>
      database.exec(
        'CREATE TABLE lines (note INTEGER NOT NULL REFERENCES notes (rowid_of)); INSERT INTO lines VALUES (7)',
      ),
  };
  const keyed: Migration = {
    version: 10,
    up: (database) => database.exec('CREATE TABLE notes (rowid_of INTEGER PRIMARY KEY)'),
  };
  openOnce(file, { migrations: [keyed] }, () => undefined);
  expect(() => openDatabase(file, { migrations: [keyed, lines] })).toThrow('1 rows without');
  expect(open(file, { migrations: [keyed] }).pragma('user_version', { simple: true })).toBe(10);
});

test('a database of a newer version is refused and left as it is, byte for byte', () => {
  const file = temporaryStoreFile();
  openOnce(file, { migrations: [notes, authors] }, (database) =>
    database.exec("INSERT INTO notes VALUES ('future', 'somebody')"),
  );
  const before = readFileSync(file);
  for (const readonly of [false, true]) {
    expect(() => openDatabase(file, { migrations: [notes], readonly })).toThrow(UserError);
    expect(() => openDatabase(file, { migrations: [notes], readonly })).toThrow(
      /format 20; this one knows 10/,
    );
  }
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(dirname(file)).filter((name) => name.includes('backup'))).toEqual([]);
});

test('a file that is no database, and one of another program, are refused and left as they are', () => {
  const file = temporaryStoreFile();
  writeFileSync(file, 'a letter to somebody, long enough to be taken for a header of a file');
  expect(() => openDatabase(file)).toThrow(UserError);
  expect(() => openDatabase(file)).toThrow(/is no database/);
  expect(readFileSync(file, 'utf8')).toMatch(/^a letter/);

  const foreign = `${file}.foreign`;
  const other = new Database(foreign);
  other.exec('CREATE TABLE songs (title TEXT)');
  other.close();
  const before = readFileSync(foreign);
  expect(() => openDatabase(foreign)).toThrow(/another program/);
  expect(readFileSync(foreign).equals(before)).toBe(true);
});

test('a folder that is not there is named in the refusal', () => {
  const file = join(dirname(temporaryStoreFile()), 'nowhere', 'layerbench.sqlite');
  expect(() => openDatabase(file)).toThrow(UserError);
  expect(() => openDatabase(file)).toThrow(file);
});

test('read-only, a missing or older database is refused and nothing is made', () => {
  const file = temporaryStoreFile();
  expect(() => openDatabase(file, { readonly: true })).toThrow(/There is no store/);
  expect(existsSync(file)).toBe(false);
  openOnce(file, { migrations: [notes] }, () => undefined);
  expect(() => openDatabase(file, { readonly: true, migrations: [notes, authors] })).toThrow(/older version/);
  const database = open(file, { readonly: true, migrations: [notes] });
  expect(() => database.exec("INSERT INTO notes VALUES ('no')")).toThrow(/readonly/);
});

test('the data version changes when another connection writes, and only then', () => {
  const file = temporaryStoreFile();
  const writer = open(file, { migrations: [notes] });
  const follower = open(file, { readonly: true, migrations: [notes] });
  const before = dataVersionOf(follower);
  expect(dataVersionOf(follower)).toBe(before);
  writer.exec("INSERT INTO notes VALUES ('new')");
  expect(dataVersionOf(follower)).not.toBe(before);
});

test('processes that open a new store at once all get it', async () => {
  const script = new URL('../../support/store/open-when-told.ts', import.meta.url);
  const children = Array.from({ length: 3 }, () => fork(script));
  onTestFinished(() => {
    for (const child of children) child.kill();
  });
  await Promise.all(children.map(async (child) => once(child, 'message')));
  for (const file of Array.from({ length: 10 }, temporaryStoreFile)) {
    const answers = children.map(async (child) => {
      child.send(file);
      const [answer] = (await once(child, 'message')) as unknown[];
      return answer;
    });
    expect(await Promise.all(answers)).toEqual(['opened', 'opened', 'opened']);
  }
});
