import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { runsMigration } from '../../../../src-main/store/migrations/0010-runs.ts';
import { ownerProcessMigration } from '../../../../src-main/store/migrations/0020-owner-process.ts';
import { organizationMigration } from '../../../../src-main/store/migrations/0030-organization.ts';

test('runs that were there stay, and nothing has been said of them yet', () => {
  const database = new Database(':memory:');
  onTestFinished(() => {
    database.close();
  });
  runsMigration.up(database);
  ownerProcessMigration.up(database);
  database.exec(
    `INSERT INTO runs (id, name, status, launch_group, dataset, created_at, epochs, record)
     VALUES ('one', 'K', 'finished', 'g', 'numbers', '2026', 3, '{}')`,
  );
  organizationMigration.up(database);
  expect(
    database.prepare('SELECT id, name, tags, note, starred, trashed_at, record FROM runs').all(),
  ).toEqual([{ id: 'one', name: 'K', tags: '[]', note: '', starred: 0, trashed_at: null, record: '{}' }]);
  expect(database.prepare('SELECT count(*) AS n FROM changes').get()).toEqual({ n: 0 });
});
