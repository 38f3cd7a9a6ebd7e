import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { runsMigration } from '../../../../src-main/store/migrations/0010-runs.ts';
import { ownerProcessMigration } from '../../../../src-main/store/migrations/0020-owner-process.ts';

test('owners that were there stay, and nothing is known of their process', () => {
  const database = new Database(':memory:');
  onTestFinished(() => {
    database.close();
  });
  runsMigration.up(database);
  database.exec("INSERT INTO owners VALUES ('one', 5)");
  ownerProcessMigration.up(database);
  expect(database.prepare('SELECT * FROM owners').all()).toEqual([
    { token: 'one', heartbeat_ms: 5, process: null },
  ]);
});
