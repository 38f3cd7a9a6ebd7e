import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type EpochFigures, type Metric, type Series, metricsOf } from '../../src-preload/contract/series.ts';

/** First byte of a packed curve: its form. */
const CURVE_FORM = 1;
const HEADER_BYTES = 8;

/** The curves of runs, numbered as in the table of runs. */
export type SeriesTable = ReturnType<typeof openSeriesTable>;

export function openSeriesTable(database: Database) {
  // SQLite keeps the infinities but takes NaN for NULL, which here therefore means NaN.
  const insert = database.prepare(
    'INSERT OR REPLACE INTO points (run, metric, epoch, value) VALUES (?, ?, ?, ?)',
  );
  const points = database
    .prepare('SELECT epoch, value FROM points WHERE run = ? AND metric = ? ORDER BY epoch')
    .raw(true);
  const metrics = database.prepare('SELECT DISTINCT metric FROM points WHERE run = ?').pluck();
  const pack = database.prepare('INSERT OR REPLACE INTO curves (run, metric, data) VALUES (?, ?, ?)');
  const packed = database.prepare('SELECT data FROM curves WHERE run = ? AND metric = ?').pluck();
  const clear = database.prepare('DELETE FROM points WHERE run = ?');

  function read(run: number, metric: string): { epochs: Uint32Array; values: Float64Array } {
    const blob: unknown = packed.get(run, metric);
    if (blob !== undefined) return unpackCurve(z.instanceof(Uint8Array).parse(blob));
    const rows = z
      .array(
        z.tuple([
          z.int(),
          z
            .number()
            .nullable()
            .or(z.literal([Infinity, -Infinity])),
        ]),
      )
      .parse(points.all(run, metric));
    return {
      epochs: Uint32Array.from(rows, ([epoch]) => epoch),
      values: Float64Array.from(rows, ([, value]) => value ?? NaN),
    };
  }

  return {
    /** Adds an epoch's figures; within the caller's transaction. */
    append(run: number, figures: EpochFigures): void {
      for (const [metric, value] of metricsOf(figures)) insert.run(run, metric, figures.epoch, value);
    },
    /** Turns the rows of a run that has ended into one blob a curve; within the caller's transaction. */
    packRun(run: number): void {
      for (const metric of z.array(z.string()).parse(metrics.all(run)))
        pack.run(run, metric, packCurve(read(run, metric)));
      clear.run(run);
    },
    read(run: number, id: string, metric: Metric): Series {
      return { run: id, metric, ...read(run, metric) };
    },
  };
}

/**
 * A curve as bytes, little endian: form (1 byte), 3 spare, number of points (uint32), epochs (uint32 each), values
 * (float64 each).
 */
export function packCurve(curve: {
  readonly epochs: Uint32Array;
  readonly values: Float64Array;
}): Uint8Array {
  const count = curve.epochs.length;
  const bytes = new Uint8Array(HEADER_BYTES + count * 12);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, CURVE_FORM);
  view.setUint32(4, count, true);
  curve.epochs.forEach((epoch, index) => {
    view.setUint32(HEADER_BYTES + index * 4, epoch, true);
  });
  curve.values.forEach((value, index) => {
    view.setFloat64(HEADER_BYTES + count * 4 + index * 8, value, true);
  });
  return bytes;
}

/** @throws Error for bytes that are no curve. */
export function unpackCurve(bytes: Uint8Array): { epochs: Uint32Array; values: Float64Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >= HEADER_BYTES ? view.getUint32(4, true) : -1;
  if (count < 0 || view.getUint8(0) !== CURVE_FORM || bytes.length !== HEADER_BYTES + count * 12) {
    throw new Error('A packed curve in the database is damaged.');
  }
  return {
    epochs: Uint32Array.from({ length: count }, (_, index) => view.getUint32(HEADER_BYTES + index * 4, true)),
    values: Float64Array.from({ length: count }, (_, index) =>
      view.getFloat64(HEADER_BYTES + count * 4 + index * 8, true),
    ),
  };
}
