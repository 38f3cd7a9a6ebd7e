import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type EpochFigures, Metric, metricsOf, movedParameter } from '../../src-preload/contract/series.ts';

/** Points of one curve: equally long, epochs ascending. */
export interface Curve {
  readonly epochs: Uint32Array;
  readonly values: Float64Array;
}

/** The curves of runs, which are named by their number in the table of runs. */
export interface SeriesTable {
  /** Adds an epoch's figures as rows, in place of that epoch's where it is there. Within the caller's transaction. */
  append(run: number, figures: EpochFigures): void;
  /** Turns the rows of a run into one blob a curve. Within the caller's transaction. */
  packRun(run: number): void;
  /** Every point there is after an epoch, in whichever form. Within the caller's transaction. */
  read(run: number, metric: Metric, after?: number): Curve;
  /** Metrics that a run has a point of. Within the caller's transaction. */
  metrics(run: number): Metric[];
  /** What every epoch after a given one gave, ascending. Within the caller's transaction. */
  figures(run: number, after: number): EpochFigures[];
}

/** First byte of a packed curve: its form. */
const CURVE_FORM = 1;
const HEADER_BYTES = 8;
const EPOCH_BYTES = 4;
const VALUE_BYTES = 8;

export function openSeriesTable(database: Database): SeriesTable {
  const insert = database.prepare(
    'INSERT OR REPLACE INTO points (run, metric, epoch, value) VALUES (?, ?, ?, ?)',
  );
  const points = database.prepare(SELECT_POINTS).raw(true);
  const metrics = database.prepare('SELECT DISTINCT metric FROM points WHERE run = ?').pluck();
  const everyMetric = database
    .prepare('SELECT metric FROM points WHERE run = ? UNION SELECT metric FROM curves WHERE run = ?')
    .pluck();
  const pack = database.prepare('INSERT OR REPLACE INTO curves (run, metric, data) VALUES (?, ?, ?)');
  const packed = database.prepare(SELECT_CURVE).pluck();
  const clear = database.prepare('DELETE FROM points WHERE run = ?');

  function read(run: number, metric: string, after = 0): Curve {
    const live = curveOf(points.all(run, metric, after));
    const blob: unknown = packed.get(run, metric);
    if (blob === undefined) return live;
    return merge(later(unpackCurve(z.instanceof(Uint8Array).parse(blob)), after), live);
  }

  function metricsOfRun(run: number): Metric[] {
    return z.array(Metric).parse(everyMetric.all(run, run));
  }

  return {
    append(run, figures) {
      // SQLite takes NaN for NULL, which here therefore means NaN; the infinities it keeps.
      for (const [metric, value] of metricsOf(figures)) insert.run(run, metric, figures.epoch, value);
    },
    packRun(run) {
      for (const metric of z.array(z.string()).parse(metrics.all(run)))
        pack.run(run, metric, packCurve(read(run, metric)));
      clear.run(run);
    },
    metrics: metricsOfRun,
    read,
    figures(run, after) {
      const byEpoch = new Map<number, Partial<Record<Metric, number>>>();
      for (const metric of metricsOfRun(run)) {
        const { epochs, values } = read(run, metric, after);
        epochs.forEach((epoch, index) => {
          const given = byEpoch.get(epoch) ?? {};
          given[metric] = values[index] ?? NaN;
          byEpoch.set(epoch, given);
        });
      }
      return [...byEpoch]
        .sort(([one], [other]) => one - other)
        .map(([epoch, given]) => figuresOf(epoch, given));
    },
  };
}

/** What `metricsOf` took apart. */
function figuresOf(epoch: number, given: Readonly<Partial<Record<Metric, number>>>): EpochFigures {
  function value(metric: Metric): number {
    return given[metric] ?? NaN;
  }
  const hasDev = given['dev.loss'] !== undefined;
  const moved = Object.entries(given).flatMap(([metric, distance]) => {
    const parameter = movedParameter(metric);
    return parameter === undefined ? [] : [[parameter, distance ?? NaN] as const];
  });
  return {
    epoch,
    training: { loss: value('training.loss'), accuracy: value('training.accuracy') },
    dev: hasDev ? { loss: value('dev.loss'), accuracy: value('dev.accuracy') } : null,
    learningRate: value('learningRate'),
    elapsed: value('elapsed'),
    timings: {
      augmenting: value('ms.augmenting'),
      stepping: value('ms.stepping'),
      evaluating: value('ms.evaluating'),
      reading: value('ms.reading'),
      reporting: value('ms.reporting'),
    },
    ...(moved.length === 0 ? {} : { moved: Object.fromEntries(moved) }),
  };
}

/** The points of a curve after an epoch. */
function later({ epochs, values }: Curve, after: number): Curve {
  const start = epochs.findIndex((epoch) => epoch > after);
  if (start < 0) return { epochs: new Uint32Array(), values: new Float64Array() };
  return { epochs: epochs.subarray(start), values: values.subarray(start) };
}

/** Reads that have to find their rows by key alone, however many runs there are. */
export const SELECT_POINTS =
  'SELECT epoch, value FROM points WHERE run = ? AND metric = ? AND epoch > ? ORDER BY epoch';
export const SELECT_CURVE = 'SELECT data FROM curves WHERE run = ? AND metric = ?';

function curveOf(rows: readonly unknown[]): Curve {
  const epochs = new Uint32Array(rows.length);
  const values = new Float64Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const point: readonly unknown[] = Array.isArray(row) ? row : [];
    const [epoch, value] = point;
    // By hand: a live curve is read again and again, and a schema costs ten times the reading.
    if (typeof epoch !== 'number' || (typeof value !== 'number' && value !== null)) {
      throw new Error('A point of a curve in the database is damaged.');
    }
    epochs[index] = epoch;
    values[index] = value ?? NaN;
  }
  return { epochs, values };
}

/** Both curves' points, the later one's where both have an epoch: a run that is continued goes over some again. */
function merge(earlier: Curve, later: Curve): Curve {
  if (later.epochs.length === 0) return earlier;
  const values = new Map<number, number>();
  for (const { epochs, values: own } of [earlier, later])
    epochs.forEach((epoch, index) => values.set(epoch, own[index] ?? NaN));
  const epochs = Uint32Array.from(values.keys()).sort();
  return { epochs, values: Float64Array.from(epochs, (epoch) => values.get(epoch) ?? NaN) };
}

/**
 * A curve as bytes, little endian: form (1 byte), 3 spare, number of points (uint32), epochs (uint32 each), values
 * (float64 each). A NaN stays one.
 */
export function packCurve(curve: Curve): Uint8Array {
  const count = curve.epochs.length;
  const bytes = new Uint8Array(HEADER_BYTES + count * (EPOCH_BYTES + VALUE_BYTES));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, CURVE_FORM);
  view.setUint32(4, count, true);
  // Every platform that SQLite comes with a binary for is little endian: the arrays' memory is the form.
  bytes.set(bytesOf(curve.epochs), HEADER_BYTES);
  bytes.set(bytesOf(curve.values), HEADER_BYTES + count * EPOCH_BYTES);
  return bytes;
}

/** The curve that `packCurve` made the bytes of. @throws Error for bytes that are no curve. */
export function unpackCurve(bytes: Uint8Array): Curve {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >= HEADER_BYTES ? view.getUint32(4, true) : -1;
  if (
    count < 0 ||
    view.getUint8(0) !== CURVE_FORM ||
    bytes.length !== HEADER_BYTES + count * (EPOCH_BYTES + VALUE_BYTES)
  ) {
    throw new Error('A packed curve in the database is damaged.');
  }
  const valuesStart = HEADER_BYTES + count * EPOCH_BYTES;
  // Copies, since an array of wider numbers has to begin at a multiple of their size.
  return {
    epochs: new Uint32Array(new Uint8Array(bytes.subarray(HEADER_BYTES, valuesStart)).buffer),
    values: new Float64Array(new Uint8Array(bytes.subarray(valuesStart)).buffer),
  };
}

function bytesOf(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
