import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { runsMigration } from '../../../../src-main/store/migrations/0010-runs.ts';

function migrated(): Database.Database {
  const database = new Database(':memory:');
  onTestFinished(() => {
    database.close();
  });
  runsMigration.up(database);
  database.pragma('foreign_keys = ON');
  return database;
}

const insertRun = `INSERT INTO runs (number, id, name, status, launch_group, dataset, created_at, epochs, record)
  VALUES (1, 'abc', 'main', 'queued', 'group', 'numbers', '2026-01-02T03:04:05.000Z', 0, '{}')`;

test('makes the tables of runs and of all that is kept of them', () => {
  const tables = migrated()
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all();
  expect(tables).toEqual(['curves', 'datasets', 'owners', 'points', 'predictions', 'runs', 'snapshots']);
});

test('nothing can be kept of a run that is not there, and an id is one run', () => {
  const database = migrated();
  expect(() => database.exec("INSERT INTO points VALUES (1, 'dev.loss', 1, 0.5)")).toThrow(/FOREIGN KEY/);
  database.exec(insertRun);
  expect(() => database.exec(insertRun.replace('VALUES (1,', 'VALUES (2,'))).toThrow(/UNIQUE/);
});

test('the types of columns are held to', () => {
  const database = migrated();
  database.exec(insertRun);
  expect(() => database.exec("INSERT INTO points VALUES (1, 'dev.loss', 1, 'much')")).toThrow(/cannot store/);
});

test('what is kept of a run goes with it, and its number is not given again', () => {
  const database = migrated();
  database.exec(insertRun);
  database.exec(`INSERT INTO points VALUES (1, 'dev.loss', 1, 0.5);
    INSERT INTO curves VALUES (1, 'dev.loss', x'00');
    INSERT INTO snapshots VALUES (1, 'units', 1, 'L0_Dense_W', x'00');
    INSERT INTO predictions VALUES (1, x'00');
    DELETE FROM runs`);
  for (const table of ['points', 'curves', 'snapshots', 'predictions'])
    expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  database.exec(insertRun.replace('(number, id', '(id').replace('VALUES (1,', 'VALUES ('));
  expect(database.prepare('SELECT number FROM runs').pluck().get()).toBe(2);
});

test('an infinite value stays one, and NaN is NULL', () => {
  const database = migrated();
  database.exec(insertRun);
  const insert = database.prepare("INSERT INTO points VALUES (1, 'dev.loss', ?, ?)");
  [Infinity, -Infinity, NaN].forEach((value, index) => insert.run(index + 1, value));
  expect(database.prepare('SELECT value FROM points ORDER BY epoch').pluck().all()).toEqual([
    Infinity,
    -Infinity,
    null,
  ]);
});
