import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../../src-main/store/database.ts';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { queuedRun } from '../../support/store/run-records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;
const OLDER = MIGRATIONS.slice(0, -1).map(({ version }) => version);

/** A data folder whose store is of an older form, made by the steps up to that one, with two finished runs. */
function homeOfVersion(version: number): { readonly home: string; readonly file: string } {
  const home = temporaryFolder();
  const file = join(home, 'layerbench.sqlite');
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  for (const migration of MIGRATIONS.filter((one) => one.version <= version)) migration.up(database);
  database.pragma(`user_version = ${version}`);
  const insert = database.prepare(
    `INSERT INTO runs (id, name, status, launch_group, dataset, created_at, epochs, record)
     VALUES (@id, @name, 'finished', 'group', 'colors', @createdAt, 2, @record)`,
  );
  for (const id of ['first', 'second']) {
    const run: RunRecord = { ...queuedRun({ id, name: id }), status: 'finished', epochs: 2 };
    insert.run({ id, name: id, createdAt: run.createdAt, record: JSON.stringify(run) });
  }
  database.close();
  return { home, file };
}

function versionOf(file: string): unknown {
  const database = new Database(file, { readonly: true });
  try {
    return database.pragma('user_version', { simple: true });
  } finally {
    database.close();
  }
}

describe('a store of another version', () => {
  test.each(OLDER)(
    'that is older (%d) is brought up to date by any command, and kept as it was',
    async (version) => {
      const { home, file } = homeOfVersion(version);
      // Two commands at once: one of them does it.
      const both = await Promise.all([1, 2].map(() => command(['runs', '--json'], { home })));
      for (const { code, out, err } of both) {
        expect(code, err).toBe(0);
        expect(jsonLines(out).map((row) => RunRecord.parse(row).id)).toEqual(['second', 'first']);
      }
      expect(versionOf(file)).toBe(NEWEST);
      const backups = readdirSync(home).filter((name) => name.includes('backup'));
      expect(backups).toEqual([`layerbench.sqlite.v${version}.backup`]);
      const backup = join(home, backups[0] ?? '');
      expect(versionOf(backup)).toBe(version);
      const kept = new Database(backup, { readonly: true });
      expect(kept.prepare('SELECT id FROM runs ORDER BY number').pluck().all()).toEqual(['first', 'second']);
      kept.close();
    },
  );

  test.each([['runs'], ['show', 'last'], ['train', '--dataset=colors'], ['continue', '--all']])(
    'that is newer is refused by %s, and stays as it is',
    async (...args) => {
      const { home, file } = homeOfVersion(OLDER[0] ?? 10);
      const database = new Database(file);
      database.pragma(`user_version = ${NEWEST + 10}`);
      database.pragma('wal_checkpoint(TRUNCATE)');
      database.close();
      const before = readFileSync(file);
      const { code, err } = await command(args, { home });
      expect(code).toBe(2);
      expect(err).toContain(
        `was written by a newer version of Layerbench (format ${NEWEST + 10}; this one knows ${NEWEST}).`,
      );
      expect(readFileSync(file)).toEqual(before);
    },
  );
});
