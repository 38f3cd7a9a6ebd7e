import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Store, openStore } from '../../../src-main/store/store.ts';

/** A path for a store in a folder of its own, which goes when the test has ended. */
export function temporaryStoreFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerbench-store-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return join(folder, 'layerbench.sqlite');
}

/** An open store, closed before its folder goes. */
export function temporaryStore(file = temporaryStoreFile()): Store {
  const store = openStore(file);
  onTestFinished(() => {
    store.close();
  });
  return store;
}
