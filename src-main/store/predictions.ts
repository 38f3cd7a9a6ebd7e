import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Prediction } from '../../src-preload/contract/run.ts';
import { fromJson, toJson } from './json.ts';

/** What runs said of each dev image. */
export type PredictionTable = ReturnType<typeof openPredictionTable>;

export function openPredictionTable(database: Database) {
  const insert = database.prepare('INSERT OR REPLACE INTO predictions (run, data) VALUES (?, ?)');
  const select = database.prepare('SELECT data FROM predictions WHERE run = ?').pluck();
  return {
    write(run: number, predictions: readonly Prediction[]): void {
      // Paths of one data set are much alike: a quick compression takes most of them away.
      insert.run(
        run,
        brotliCompressSync(toJson(predictions), { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
      );
    },
    read(run: number): Prediction[] {
      const blob: unknown = select.get(run);
      if (blob === undefined) return [];
      const text = brotliDecompressSync(z.instanceof(Uint8Array).parse(blob)).toString();
      return z.array(Prediction).parse(fromJson(text));
    },
  };
}
