import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Prediction } from '../../src-preload/contract/run.ts';

/** What runs said of each dev image; runs are named by their number in the table of runs. */
export interface PredictionTable {
  /** Writes those of a run, in place of earlier ones. Within the caller's transaction. */
  write(run: number, predictions: readonly Prediction[]): void;
  /** In the order written; none where the run has none. */
  read(run: number): Prediction[];
}

/** First byte of packed predictions: their form. */
const PREDICTIONS_FORM = 1;
const HEADER_BYTES = 8;
/** Label and predicted class (uint32 each) and probability (float64). */
const ITEM_BYTES = 16;

/** Paths of one data set are much alike: a quick compression takes most of them away. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

export function openPredictionTable(database: Database): PredictionTable {
  const insert = database.prepare('INSERT OR REPLACE INTO predictions (run, data) VALUES (?, ?)');
  const select = database.prepare('SELECT data FROM predictions WHERE run = ?').pluck();
  return {
    write(run, predictions) {
      insert.run(run, packPredictions(predictions));
    },
    read(run) {
      const blob: unknown = select.get(run);
      return blob === undefined ? [] : unpackPredictions(z.instanceof(Uint8Array).parse(blob));
    },
  };
}

/**
 * Predictions as bytes, little endian: form (1 byte), 3 spare, their number (uint32); of each its label and
 * predicted class (uint32 each) and probability (float64); then a JSON list of their paths, compressed with Brotli.
 */
export function packPredictions(predictions: readonly Prediction[]): Uint8Array {
  const paths = brotliCompressSync(JSON.stringify(predictions.map(({ path }) => path)), QUALITY);
  const bytes = new Uint8Array(HEADER_BYTES + predictions.length * ITEM_BYTES + paths.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, PREDICTIONS_FORM);
  view.setUint32(4, predictions.length, true);
  for (const [index, { label, predicted, probability }] of predictions.entries()) {
    const start = HEADER_BYTES + index * ITEM_BYTES;
    view.setUint32(start, label, true);
    view.setUint32(start + 4, predicted, true);
    view.setFloat64(start + 8, probability, true);
  }
  bytes.set(paths, HEADER_BYTES + predictions.length * ITEM_BYTES);
  return bytes;
}

/** The predictions that `packPredictions` made the bytes of. @throws Error for bytes that are none. */
export function unpackPredictions(bytes: Uint8Array): Prediction[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >= HEADER_BYTES && bytes[0] === PREDICTIONS_FORM ? view.getUint32(4, true) : -1;
  const pathsStart = HEADER_BYTES + count * ITEM_BYTES;
  if (count < 0 || pathsStart >= bytes.length) throw new Error('Predictions in the database are damaged.');
  const paths = z
    .array(z.string())
    .length(count)
    .parse(JSON.parse(brotliDecompressSync(bytes.subarray(pathsStart)).toString()));
  return paths.map((path, index) => {
    const start = HEADER_BYTES + index * ITEM_BYTES;
    return Prediction.parse({
      path,
      label: view.getUint32(start, true),
      predicted: view.getUint32(start + 4, true),
      probability: view.getFloat64(start + 8, true),
    });
  });
}
