import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../src-main/store/store.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { epochFigures, ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RUNS = 300;
const PAGE = 4096;

/** A store with runs that have a long note each, so that it has many pages; whole, in one file. */
function filledStore(): string {
  const file = join(temporaryFolder(), 'layerbench.sqlite');
  const store = openStore(file);
  const owner = ownerNamed('me');
  const runs = Array.from({ length: RUNS }, (_, index) => queuedRun({ id: `run${index}`, note: '' }));
  store.insert(runs, owner, 1);
  for (const run of runs) {
    store.claim(run.id, owner);
    store.recordEpochs({ ...run, status: 'running', epochs: 1 }, owner, [
      { figures: epochFigures(1), snapshots: [] },
    ]);
    store.end({ ...run, status: 'finished', epochs: 1, reason: 'x'.repeat(2000) }, owner, [], []);
  }
  store.close();
  return file;
}

/** Overwrites pages in the middle of the file, from a share of it on. */
function damage(file: string, from: number, pages: number): void {
  const bytes = readFileSync(file);
  const start = Math.floor((from * bytes.length) / PAGE) * PAGE;
  bytes.fill(0xa5, start, start + pages * PAGE);
  writeFileSync(file, bytes);
}

/** Opens a store until all of it has been read, as a second start does after a damage was found. */
function openedAgain(file: string) {
  const store = openStore(file);
  try {
    const ids = store.runs().map(({ id }) => id);
    for (const id of ids) store.series(id, 'training.loss');
    return store;
  } catch (error) {
    store.close();
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(/is damaged\. Close Layerbench everywhere and open it again/);
    return openStore(file);
  }
}

describe('a damaged store is put aside, and what can be read of it is saved', () => {
  test.each([0.3, 0.5, 0.7])('pages overwritten from %f of the file on', (from) => {
    const file = filledStore();
    damage(file, from, 3);
    const damaged = readFileSync(file);
    const store = openedAgain(file);
    const saved = store.runs();
    expect(store.takeNotice()).toMatch(
      /^The store was damaged\. It was put aside as .*layerbench\.sqlite\.damaged, and \d+ runs/,
    );
    expect(store.takeNotice()).toBeNull();
    // Three pages of rows of 2,000 letters hold six of them; a page higher up in the tree may hold some more.
    expect(saved.length).toBeGreaterThan(RUNS / 2);
    for (const { id, reason } of saved) {
      expect(reason).toHaveLength(2000);
      expect(store.series(id, 'training.loss').epochs.length).toBeLessThanOrEqual(1);
    }
    store.close();
    expect(readFileSync(`${file}.damaged`)).toEqual(damaged);
    const database = new Database(file, { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
  });

  test('a file that is cut off', () => {
    const file = filledStore();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, Math.floor((0.6 * bytes.length) / PAGE) * PAGE));
    const store = openedAgain(file);
    expect(store.takeNotice()).toContain('The store was damaged.');
    expect(store.runs().length).toBeGreaterThan(0);
    store.insert([queuedRun({ id: 'new' })], null, 1);
    expect(store.run('new')?.status).toBe('queued');
    store.close();
    expect(existsSync(`${file}.damaged`)).toBe(true);
  });

  test('a second damage does not write over what was put aside of the first', () => {
    const file = filledStore();
    damage(file, 0.5, 2);
    openedAgain(file).close();
    const first = readFileSync(`${file}.damaged`);
    damage(file, 0.5, 2);
    openedAgain(file).close();
    expect(readFileSync(`${file}.damaged`)).toEqual(first);
    expect(existsSync(`${file}.damaged-2`)).toBe(true);
  });
});

test('of a store that is whole nothing is told', () => {
  const store = openStore(filledStore());
  expect(store.takeNotice()).toBeNull();
  expect(store.runs()).toHaveLength(RUNS);
  store.close();
});
