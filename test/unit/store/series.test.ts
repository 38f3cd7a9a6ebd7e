import { expect, test } from 'vitest';
import {
  SELECT_CURVE,
  SELECT_POINTS,
  openSeriesTable,
  packCurve,
  unpackCurve,
} from '../../../src-main/store/series.ts';
import { openDatabase } from '../../../src-main/store/database.ts';
import { onTestFinished } from 'vitest';
import { METRICS } from '../../../src-preload/contract/series.ts';
import { epochFigures, ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStore, temporaryStoreFile } from '../../support/store/temporary-store.ts';

const owner = ownerNamed('owner');

test('a packed curve is form 1, 3 spare bytes, the count, the epochs and the values, little endian', () => {
  const bytes = packCurve({ epochs: Uint32Array.of(1, 258), values: Float64Array.of(0.5, -2) });
  // 258 is 0x0102; 0.5 is 0x3fe0… and -2 is 0xc000… as IEEE 754 doubles.
  expect([...bytes]).toEqual([
    ...[1, 0, 0, 0, 2, 0, 0, 0],
    ...[1, 0, 0, 0, 2, 1, 0, 0],
    ...[0, 0, 0, 0, 0, 0, 0xe0, 0x3f],
    ...[0, 0, 0, 0, 0, 0, 0, 0xc0],
  ]);
});

test('a curve comes back from its bytes, NaN and infinities among its values, wherever the bytes lie in memory', () => {
  const curve = {
    epochs: Uint32Array.of(1, 2, 4_000_000_000),
    values: Float64Array.of(NaN, Infinity, -Infinity),
  };
  const packed = packCurve(curve);
  const shifted = new Uint8Array(packed.length + 3);
  shifted.set(packed, 3);
  expect(unpackCurve(shifted.subarray(3))).toEqual(curve);
  const empty = { epochs: new Uint32Array(0), values: new Float64Array(0) };
  expect(unpackCurve(packCurve(empty))).toEqual(empty);
});

test('bytes that are no curve are refused', () => {
  const packed = packCurve({ epochs: Uint32Array.of(1), values: Float64Array.of(1) });
  expect(() => unpackCurve(packed.subarray(0, packed.length - 1))).toThrow(/damaged/);
  expect(() => unpackCurve(Uint8Array.of())).toThrow(/damaged/);
  const later = packed.slice();
  later[0] = 2;
  expect(() => unpackCurve(later)).toThrow(/damaged/);
});

test('a curve reads the same while its run is live and when it has ended, every epoch there', () => {
  const store = temporaryStore();
  const run = queuedRun({ id: 'a' });
  store.insert([run], owner, 0);
  const running = { ...run, status: 'running' } as const;
  for (let epoch = 1; epoch <= 300; epoch++)
    store.recordEpochs(running, owner, [{ figures: epochFigures(epoch), snapshots: [] }]);
  const live = METRICS.map((metric) => store.series('a', metric));
  store.end({ ...run, status: 'finished' }, owner, [], []);
  expect(METRICS.map((metric) => store.series('a', metric))).toEqual(live);

  const [loss] = live;
  expect(loss).toMatchObject({ run: 'a', metric: 'training.loss' });
  expect(loss!.epochs).toEqual(Uint32Array.from({ length: 300 }, (_, index) => index + 1));
  // As epochFigures makes it: 1 / epoch.
  expect(loss!.values).toEqual(Float64Array.from({ length: 300 }, (_, index) => 1 / (index + 1)));
});

test('losses that are NaN or infinite stay so, live and packed', () => {
  const store = temporaryStore();
  const run = queuedRun({ id: 'a' });
  store.insert([run], owner, 0);
  const losses = [NaN, Infinity, -Infinity, 0.25];
  losses.forEach((loss, index) =>
    store.recordEpochs(run, owner, [
      {
        figures: epochFigures(index + 1, { training: { loss, accuracy: 0 }, dev: { loss, accuracy: 0 } }),
        snapshots: [],
      },
    ]),
  );
  expect([...store.series('a', 'dev.loss').values]).toEqual(losses);
  store.end({ ...run, status: 'failed' }, owner, [], []);
  expect([...store.series('a', 'dev.loss').values]).toEqual(losses);
});

test('a metric that was never taken is an empty curve, and an unknown run a mistake', () => {
  const store = temporaryStore();
  const run = queuedRun({ id: 'a' });
  store.insert([run], owner, 0);
  store.recordEpochs(run, owner, [{ figures: epochFigures(1, { dev: null }), snapshots: [] }]);
  expect(store.series('a', 'dev.loss').epochs).toHaveLength(0);
  expect(() => store.series('b', 'dev.loss')).toThrow(/no run with the id b/);
});

test('a run that goes on after it was packed keeps its earlier epochs, and the later figures of those done again', () => {
  const database = openDatabase(temporaryStoreFile());
  onTestFinished(() => {
    database.close();
  });
  database.exec(
    "INSERT INTO runs (number, id, name, status, launch_group, dataset, created_at, epochs, record) VALUES (1, 'a', 'a', 'running', 'g', 'd', '', 0, '{}')",
  );
  const series = openSeriesTable(database);
  for (const epoch of [1, 2, 3]) series.append(1, epochFigures(epoch));
  series.packRun(1);
  for (const epoch of [3, 4]) series.append(1, epochFigures(epoch, { elapsed: 7 }));
  const expected = { epochs: Uint32Array.of(1, 2, 3, 4), values: Float64Array.of(10, 20, 7, 7) };
  expect(series.read(1, 'elapsed')).toEqual(expected);
  series.packRun(1);
  expect(series.read(1, 'elapsed')).toEqual(expected);
  expect(database.prepare('SELECT count(*) FROM points').pluck().get()).toBe(0);
});

test('curves are found by their key and come in order without sorting', () => {
  const database = openDatabase(temporaryStoreFile());
  onTestFinished(() => {
    database.close();
  });
  function planOf(sql: string, ...values: readonly unknown[]): string {
    return JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values));
  }
  const points = planOf(SELECT_POINTS, 1, 'dev.loss', 0);
  expect(points).toContain('SEARCH points USING PRIMARY KEY (run=? AND metric=? AND epoch>?)');
  expect(points).not.toContain('TEMP B-TREE');
  const curve = planOf(SELECT_CURVE, 1, 'dev.loss');
  expect(curve).toContain('SEARCH curves USING INDEX');
  expect(curve).toContain('(run=? AND metric=?)');
});
