import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { SeenDataset } from '../../src-preload/contract/dataset.ts';
import { fromJson, toJson } from './json.ts';

/** Data sets that runs were trained on, each as it was: a folder whose images change is another one. */
export interface DatasetTable {
  /** Adds one, or says anew when and how it was used. */
  write(seen: SeenDataset): void;
  /** The one used last first. */
  list(): SeenDataset[];
}

export function openDatasetTable(database: Database): DatasetTable {
  const insert = database.prepare(
    'INSERT OR REPLACE INTO datasets (folder, fingerprint, last_used_at, record) VALUES (?, ?, ?, ?)',
  );
  const select = database.prepare('SELECT record FROM datasets ORDER BY last_used_at DESC').pluck();
  return {
    write(seen) {
      insert.run(seen.folder, seen.fingerprint, seen.lastUsedAt, toJson(seen));
    },
    list: () => select.all().map((text) => SeenDataset.parse(fromJson(z.string().parse(text)))),
  };
}
