import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openStore, type Store } from '../../../src-main/store/store.ts';
import { temporaryStoreFile } from '../../support/store/temporary-store.ts';

const WORKER = fileURLToPath(new URL('../../../src-main/store/log-keeper-worker.ts', import.meta.url));

/** A tenth of a megabyte, another one for each number: SQLite writes nothing where nothing has changed. */
function textOf(number: number): string {
  return `${number} `.padEnd(100_000, 'x');
}

function open(logKeeper: string): { readonly file: string; readonly store: Store } {
  const file = temporaryStoreFile();
  const store = openStore(file, { logKeeper });
  onTestFinished(() => {
    store.close();
  });
  return { file, store };
}

/** Writes texts, and lets the thread's messages in between. @returns the bytes that the log has come to */
async function write(file: string, store: Store, first: number, count: number): Promise<number> {
  for (let number = first; number < first + count; number++) {
    store.setPreference(`text ${number}`, textOf(number));
    await setImmediate();
  }
  return statSync(`${file}-wal`).size;
}

test('a long log is carried over into the file while the store stays open', async () => {
  const { file, store } = open(WORKER);
  await write(file, store, 0, 100);
  await vi.waitFor(() => {
    expect(statSync(file).size).toBeGreaterThan(5e6);
  }, 60_000);
  expect(store.preference('text 7')).toBe(textOf(7));
});

test('the log begins anew however steadily others write', async () => {
  const { file, store } = open(WORKER);
  await write(file, store, 0, 600);
  let number = 600;
  await vi.waitFor(async () => {
    number += 10;
    expect(await write(file, store, number, 10)).toBeLessThan(2e7);
  }, 60_000);
  expect(statSync(file).size).toBeGreaterThan(5e7);
});

test('where the thread cannot be had the store is written to as ever', async () => {
  const { file, store } = open(`${WORKER}.absent`);
  await write(file, store, 0, 100);
  expect(store.preference('text 99')).toBe(textOf(99));
});
