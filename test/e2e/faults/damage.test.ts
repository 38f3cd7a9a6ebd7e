import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openStore } from '../../../src-main/store/store.ts';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { serveWorkbench } from '../../support/served-workbench.ts';
import { NO_SMALL_DISK, smallDisk } from '../../support/small-disk.ts';
import { epochFigures, ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RUNS = 200;
const EPOCHS = 3;
const PAGE = 4096;

/** A data folder with finished runs, whole and in one file. */
function filledHome(home = temporaryFolder()): { readonly home: string; readonly file: string } {
  const file = join(home, 'layerbench.sqlite');
  const store = openStore(file);
  const owner = ownerNamed('me');
  const runs = Array.from({ length: RUNS }, (_, index) => queuedRun({ id: `run${index}` }));
  store.insert(runs, owner, 1);
  for (const run of runs) {
    store.claim(run.id, owner);
    const epochs = Array.from({ length: EPOCHS }, (_, index) => ({
      figures: epochFigures(index + 1),
      snapshots: [],
    }));
    store.recordEpochs({ ...run, status: 'running', epochs: EPOCHS }, owner, epochs);
    // Every fifth is longer than a page.
    const reason = 'x'.repeat(Number(run.id.slice(3)) % 5 === 0 ? 6000 : 300);
    store.end({ ...run, status: 'finished', epochs: EPOCHS, reason }, owner, [], []);
    mkdirSync(join(home, 'runs', run.id), { recursive: true });
  }
  store.close();
  return { home, file };
}

/** The page that the tree of a table or an index begins with. */
function rootOf(file: string, name: string): number {
  const database = new Database(file, { readonly: true });
  const root = z
    .int()
    .parse(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name));
  database.close();
  return root;
}

function overwrite(file: string, start: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, start);
  closeSync(handle);
}

function damagePage(file: string, page: number): void {
  overwrite(file, (page - 1) * PAGE, new Uint8Array(PAGE).fill(0xa5));
}

/** Every run with all of its curve. */
function expectAll(home: string): void {
  const store = openStore(join(home, 'layerbench.sqlite'), { readonly: true });
  const runs = store.runs();
  expect(new Set(runs.map(({ id }) => id)).size).toBe(RUNS);
  for (const { id, reason } of runs) {
    expect(reason).toHaveLength(Number(id.slice(3)) % 5 === 0 ? 6000 : 300);
    expect([...store.series(id, 'training.loss').epochs]).toEqual([1, 2, 3]);
  }
  store.close();
  const database = new Database(join(home, 'layerbench.sqlite'), { readonly: true });
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
}

function asideOf(home: string): string[] {
  return readdirSync(home).filter((name) => /\.damaged(-\d+)?$/.test(name));
}

describe('a damaged store is put aside by the next command, and nothing of it is lost', () => {
  test.each([
    [
      'the first page of an index',
      (file: string) => {
        damagePage(file, rootOf(file, 'runs_by_status'));
      },
    ],
    [
      'the first page of the runs',
      (file: string) => {
        damagePage(file, rootOf(file, 'runs'));
      },
    ],
    [
      'the first page of the curves',
      (file: string) => {
        damagePage(file, rootOf(file, 'curves'));
      },
    ],
    [
      'the head of the file',
      (file: string) => {
        overwrite(file, 0, new Uint8Array(100));
      },
    ],
    [
      'the whole first page',
      (file: string) => {
        overwrite(file, 0, new Uint8Array(PAGE));
      },
    ],
  ])('%s', async (_what, damage) => {
    const { home, file } = filledHome();
    damage(file);
    const damaged = readFileSync(file);
    // What a first command does not come upon, the one that does says, and the next one mends.
    for (let times = 0; times < 2 && asideOf(home).length === 0; times++) {
      const chart = join(temporaryFolder(), 'loss.csv');
      const { code, out, err } = await command(['export', 'run0', 'run1', '--chart=loss', `--out=${chart}`], {
        home,
      });
      expect([0, 2]).toContain(code);
      expect(err + out).not.toMatch(/SQLITE|\n {4}at /);
    }
    expect(asideOf(home)).toEqual(['layerbench.sqlite.damaged']);
    expect(readFileSync(`${file}.damaged`)).toEqual(damaged);
    const listed = await command(['runs', '--json', `--limit=${RUNS}`], { home });
    expect(listed.code, listed.err).toBe(0);
    expect(jsonLines(listed.out).map((row) => RunRecord.parse(row).status)).toEqual(
      Array.from({ length: RUNS }, () => 'finished'),
    );
    expectAll(home);
  });

  test('a file that lost everything is told of, and put aside', async () => {
    const { home, file } = filledHome();
    truncateSync(file, 0);
    const { code, err } = await command(['runs'], { home });
    expect(code).toBe(0);
    expect(err).toContain(
      `The store was damaged. It was put aside as ${file}.damaged, and 0 runs could be read`,
    );
    expect(asideOf(home)).toEqual(['layerbench.sqlite.damaged']);
  });

  test('a file of another kind is refused and stays as it is', async () => {
    const home = temporaryFolder();
    const file = join(home, 'layerbench.sqlite');
    writeFileSync(file, 'a letter\n'.repeat(5000));
    const { code, err } = await command(['runs'], { home });
    expect(code).toBe(2);
    expect(err).toContain('is no database. Move it away');
    expect(readFileSync(file, 'utf8')).toBe('a letter\n'.repeat(5000));
    expect(asideOf(home)).toEqual([]);
  });
});

test('while another host has a damaged store open, nobody puts it aside', async () => {
  const { home, file } = filledHome();
  const bench = await serveWorkbench(home);
  damagePage(file, rootOf(file, 'runs'));
  const before = statSync(file).ino;
  for (let times = 0; times < 2; times++) {
    const { code, err } = await command(['runs'], { home });
    expect(code).toBe(2);
    expect(err).toContain('is damaged. Close Layerbench everywhere and open it again');
  }
  expect(statSync(file).ino).toBe(before);
  expect(asideOf(home)).toEqual([]);
  await bench.close();
  expect((await command(['runs'], { home })).err).toContain(`${RUNS} runs could be read`);
  expectAll(home);
});

test.skipIf(NO_SMALL_DISK !== undefined)(
  'where the disk has no room for what can be saved everything stays as it is, until there is some',
  async () => {
    const { file: whole } = filledHome();
    const size = statSync(whole).size;
    const { folder: home } = smallDisk(8 * size);
    const { file } = filledHome(home);
    damagePage(file, rootOf(file, 'runs'));
    const filling = join(home, 'filling');
    writeFileSync(filling, new Uint8Array(Math.floor(6.5 * size)));
    const before = readdirSync(home).sort();
    const damaged = readFileSync(file);
    for (let times = 0; times < 2; times++) {
      const { code, err } = await command(['runs'], { home });
      expect(code).toBe(2);
      expect(err).toContain('could not be saved: the disk is full. It is as it was.');
      expect(err).not.toMatch(/\n {4}at /);
    }
    expect(readdirSync(home).filter((name) => !before.includes(name) && !name.endsWith('.open'))).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/\.damaged|\.part/)]) as unknown,
    );
    expect(readFileSync(file)).toEqual(damaged);
    rmSync(filling);
    expect((await command(['runs'], { home })).err).toContain(`${RUNS} runs could be read`);
    expectAll(home);
  },
);
