import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../src-main/store/database.ts';
import {
  SELECT_HELD,
  SELECT_STOP_REQUESTS,
  SORT_COLUMNS,
  type SortColumn,
  listQuery,
  openRunTable,
} from '../../../src-main/store/runs.ts';
import type { Store } from '../../../src-main/store/store.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import {
  type BestFigures,
  type EpochSummary,
  NO_BESTS,
  type RunRecord,
} from '../../../src-preload/contract/run.ts';
import { ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStore, temporaryStoreFile } from '../../support/store/temporary-store.ts';

const owner = ownerNamed('owner');

function summary(devAccuracy: number, loss = 1): EpochSummary {
  return {
    epoch: 1,
    training: { loss, accuracy: 0.9 },
    dev: { loss, accuracy: devAccuracy },
  };
}

function storeWith(...runs: (Partial<RunRecord> & Pick<RunRecord, 'id'>)[]): Store {
  const store = temporaryStore();
  store.insert(runs.map(queuedRun), owner, 1000);
  return store;
}

test('a run comes back as it was written, whatever it holds', () => {
  const run: RunRecord = {
    id: 'abc',
    name: 'été "quoted"',
    status: 'queued',
    group: 'g',
    config: { ...defaultConfig(), layers: [10, 5], trackLayer: [{ parameter: 'L0_Dense_W', units: 8 }] },
    backend: { name: 'native', library: 'libtensorflow 1.15.0', reason: 'The fastest.' },
    classes: ['0', '1'],
    inputShape: [16, 16, 1],
    layers: [
      {
        name: 'L0_Dense',
        outputShape: [10],
        parameters: [{ name: 'L0_Dense_W', shape: [256, 10], count: 2560 }],
      },
    ],
    parameters: 2560,
    samples: { training: 593, dev: 132, test: 123 },
    paramsPerSample: 4.317,
    epochs: 2,
    last: summary(0.5, NaN),
    best: summary(0.75, Infinity),
    bests: { ...NO_BESTS, devAccuracy: { epoch: 2, value: 0.75 } },
    final: { training: { loss: -Infinity, accuracy: 1 }, dev: null },
    test: { loss: 0.5, accuracy: 0.5 },
    earlyStopEpoch: 12,
    avoidableBias: 0.25,
    variance: -0.1,
    timings: {
      preparing: 1,
      starting: 2,
      augmenting: 3,
      stepping: 4,
      evaluating: 5,
      reading: 6,
      reporting: 7,
      total: 28.5,
    },
    peakMemoryBytes: 5e9,
    unreadable: [{ path: '0/broken.png', reason: 'it is cut off' }],
    evidence: {
      units: [{ layer: 'L3_Relu', units: 10, images: 512, dead: 2, saturated: 0 }],
      looks: {
        training: {
          images: 400,
          brightness: { mean: 0.5, sd: 0.1 },
          contrast: { mean: 0.2, sd: 0.05 },
          detail: { mean: 0.1, sd: 0.01 },
        },
        dev: {
          images: 132,
          brightness: { mean: 0.5, sd: 0.1 },
          contrast: { mean: 0.2, sd: 0.05 },
          detail: { mean: 0.05, sd: 0.01 },
        },
      },
    },
    weightsSha256: 'ff',
    versions: { app: '1', node: '24', tfjs: '4', library: 'x', sharp: '0.35', platform: 'linux-x64' },
    preparation: { decoded: 0, images: 848, datasetFingerprint: 'f', preparedKey: 'k' },
    datasetFolder: '/data/numbers',
    notices: ['The loss is NaN.'],
    reason: null,
    tags: [],
    note: '',
    starred: false,
    trashedAt: null,
    owner: null,
    createdAt: '2026-01-02T03:04:05.000Z',
    startedAt: null,
    endedAt: null,
  };
  const store = storeWith(run);
  expect(store.run('abc')).toEqual(run);
  expect(store.run('ab')).toBeUndefined();
});

test('a run names who runs it while it runs, and nobody once it has ended', () => {
  const store = storeWith({ id: 'a' });
  expect(store.find('a')).toMatchObject({ status: 'queued', owner: null });
  expect(store.claim('a', owner)).toBe(true);
  expect(store.find('a')).toMatchObject({ status: 'running', owner: { host: 'here', pid: process.pid } });
  store.end({ ...store.find('a'), status: 'finished' }, owner, [], []);
  expect(store.find('a')).toMatchObject({ status: 'finished', owner: null });
  expect(store.held()).toEqual([]);
});

test('a queued run is claimed once: by the one that holds it, or by the first to come where nobody does', () => {
  const store = storeWith({ id: 'a' });
  const other = ownerNamed('other');
  expect(store.claim('a', other)).toBe(false);
  expect(store.claim('a', owner)).toBe(true);
  expect(store.claim('a', owner)).toBe(false);

  store.insert([queuedRun({ id: 'b' })], null, 1000);
  expect(store.held().map(({ id }) => id)).toEqual(['a']);
  expect(store.claim('b', other, 2000)).toBe(true);
  expect(store.claim('b', owner)).toBe(false);
  expect(store.held().find(({ id }) => id === 'b')).toEqual({
    id: 'b',
    status: 'running',
    owner: other,
    heartbeatMs: 2000,
  });
});

test('only its owner writes a run, and none of what another writes is left', () => {
  const store = storeWith({ id: 'a' });
  const other = ownerNamed('other');
  expect(store.update({ ...store.find('a'), epochs: 7 }, other)).toBe(false);
  expect(store.end({ ...store.find('a'), status: 'finished' }, other, [], [])).toBe(false);
  expect(store.find('a')).toMatchObject({ status: 'queued', epochs: 0 });
  expect(store.update({ ...store.find('a'), epochs: 7 }, owner)).toBe(true);
  expect(store.find('a').epochs).toBe(7);
});

test('a heartbeat is seen by others, and brings the requests to stop', () => {
  const store = storeWith({ id: 'a' }, { id: 'b' });
  expect(store.heartbeat(owner, 5000)).toEqual({ held: ['a', 'b'], stop: [] });
  expect(store.held().map(({ heartbeatMs }) => heartbeatMs)).toEqual([5000, 5000]);
  expect(store.requestStop('b')).toBe(true);
  expect(store.heartbeat(ownerNamed('other'), 6000)).toEqual({ held: [], stop: [] });
  expect(store.heartbeat(owner, 6000).stop).toEqual(['b']);
  store.update({ ...store.find('b'), status: 'stopped' }, owner);
  expect(store.heartbeat(owner, 7000)).toEqual({ held: ['a'], stop: [] });
  expect(store.requestStop('b')).toBe(false);
  expect(store.requestStop('nowhere')).toBe(false);
});

test('a run of an owner that died is taken by one only, and is then out of the other hands', () => {
  const store = storeWith({ id: 'a' });
  store.claim('a', owner);
  const [held] = store.held();
  const [first, second] = [ownerNamed('first'), ownerNamed('second')];
  expect(store.take(held!, first)).toBe(true);
  expect(store.take(held!, second)).toBe(false);
  expect(store.update(store.find('a'), owner)).toBe(false);
  expect(store.end({ ...store.find('a'), status: 'interrupted' }, first, [], [])).toBe(true);
  expect(store.find('a').status).toBe('interrupted');
});

test('a run is found by id, by the newest of its name, by a beginning of its id, and as the last', () => {
  const store = storeWith(
    { id: 'abcd', name: 'K' },
    { id: 'abxy', name: 'K' },
    { id: 'mnop', name: 'abcd' },
    { id: 'qrst', name: 'C' },
  );
  expect(store.find('abcd').id).toBe('abcd');
  expect(store.find('K').id).toBe('abxy');
  expect(store.find('abc').id).toBe('abcd');
  expect(store.find('q').id).toBe('qrst');
  expect(store.find('last').id).toBe('qrst');
});

test('a reference that means no run, or several, is answered with what is near it', () => {
  const store = storeWith(
    { id: 'abcd2345', name: 'with noise' },
    { id: 'abxy2345', name: 'with rotation' },
    { id: 'mnop2345', name: 'plain' },
  );
  expect(() => store.find('ab')).toThrow(UserError);
  expect(() => store.find('ab')).toThrow(
    'ab is the beginning of more than one run: abcd2345 (with noise), abxy2345 (with rotation). Give more of its id.',
  );
  expect(() => store.find('with noize')).toThrow(UserError);
  expect(() => store.find('with noize')).toThrow(/no run with noize\. Near it: abcd2345 \(with noise\)\./);
  expect(() => store.find('ROTATION')).toThrow(/Near it: abxy2345 \(with rotation\)\./);
  expect(() => store.find('mnop2346')).toThrow(/Near it: mnop2345 \(plain\)\./);
  expect(() => store.find('zzz')).toThrow(
    /The newest: mnop2345 \(plain\), abxy2345 \(with rotation\), abcd2345 \(with noise\)\./,
  );
  expect(() => store.find('')).toThrow(UserError);
});

test('where there is no run yet, the answer says how to start one', () => {
  const store = temporaryStore();
  for (const reference of ['last', 'K'])
    expect(() => store.find(reference)).toThrow(/Start one with: layerbench train/);
});

test('runs are listed newest first, or filtered by status, name, group and data set together', () => {
  const colors = { ...defaultConfig(), dataset: 'colors' };
  const store = storeWith(
    { id: 'a', name: 'Été', group: 'g' },
    { id: 'b', name: 'hiver', status: 'failed', config: colors },
    { id: 'c', name: 'été 2', status: 'finished', config: colors, group: 'g' },
  );
  function ids(filter?: Parameters<Store['runs']>[0]): string[] {
    return store.runs(filter).map(({ id }) => id);
  }
  expect(ids()).toEqual(['c', 'b', 'a']);
  expect(ids({ limit: 2 })).toEqual(['c', 'b']);
  expect(ids({ descending: false })).toEqual(['a', 'b', 'c']);
  expect(ids({ name: 'ÉT' })).toEqual(['c', 'a']);
  expect(ids({ status: ['failed', 'finished'] })).toEqual(['c', 'b']);
  expect(ids({ status: [] })).toEqual(['c', 'b', 'a']);
  expect(ids({ dataset: 'colors' })).toEqual(['c', 'b']);
  expect(ids({ group: 'g' })).toEqual(['c', 'a']);
  expect(ids({ group: 'g', dataset: 'colors', status: ['finished'], name: '2' })).toEqual(['c']);
});

function bestDevAccuracy(value: number): BestFigures {
  return { ...NO_BESTS, devAccuracy: { epoch: 1, value } };
}

test('runs are sorted by a figure, those without it last either way', () => {
  const store = storeWith(
    { id: 'low', last: summary(0.25), bests: bestDevAccuracy(0.9), parameters: 30 },
    { id: 'none', parameters: null },
    { id: 'high', last: summary(0.75), bests: bestDevAccuracy(0.8), parameters: 10 },
  );
  function ids(sort: SortColumn, descending: boolean): string[] {
    return store.runs({ sort, descending }).map(({ id }) => id);
  }
  expect(ids('dev-accuracy', false)).toEqual(['low', 'high', 'none']);
  expect(ids('dev-accuracy', true)).toEqual(['high', 'low', 'none']);
  expect(ids('best-dev-accuracy', true)).toEqual(['low', 'high', 'none']);
  expect(ids('parameters', false)).toEqual(['high', 'low', 'none']);
  expect(ids('name', false)).toEqual(['low', 'none', 'high']);
});

test('a row whose record does not pass the schema is named', () => {
  const file = temporaryStoreFile();
  const store = temporaryStore(file);
  store.insert([queuedRun({ id: 'abc' })], owner, 0);
  const database = openDatabase(file);
  onTestFinished(() => {
    database.close();
  });
  database.exec(`UPDATE runs SET record = json_set(record, '$.epochs', -1)`);
  expect(() => store.runs()).toThrow(/run abc cannot be read: epochs/);
});

function planOf(sql: string, values: readonly (string | number)[]): string {
  const database = openDatabase(temporaryStoreFile());
  onTestFinished(() => {
    database.close();
  });
  openRunTable(database);
  return JSON.stringify(database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values));
}

test.each(
  Object.keys(SORT_COLUMNS).flatMap((sort) => [
    [sort, true],
    [sort, false],
  ]) as [SortColumn, boolean][],
)('the list sorted by %s (descending: %s) reads an index in order and sorts nothing', (sort, descending) => {
  const { sql, values } = listQuery({ sort, descending, limit: 100 });
  const plan = planOf(sql, values);
  expect(plan).not.toContain('TEMP B-TREE');
  expect(plan).toContain('SCAN runs');
});

test('the list of one launch, and of some statuses, is found by an index', () => {
  const group = listQuery({ group: 'g' });
  expect(planOf(group.sql, group.values)).toContain('runs_by_launch_group (launch_group=?)');
  const status = listQuery({ status: ['running'], limit: 10 });
  expect(planOf(status.sql, status.values)).toContain('runs_by_status (status=?)');
});

test('what a host does every second finds its runs by an index', () => {
  expect(planOf(SELECT_STOP_REQUESTS, ['token'])).toContain('runs_by_owner (owner_token=?)');
  expect(planOf(SELECT_HELD, [])).toMatch(/USING INDEX runs_by_(owner|status)/);
});

test('whoever holds a run is told with what tells its process from others', () => {
  const store = temporaryStore();
  store.insert([queuedRun({ id: 'a' })], owner, 5);
  expect(store.held()).toEqual([{ id: 'a', status: 'queued', owner, heartbeatMs: 5 }]);
});

test('an owner that holds nothing is forgotten after a day, one that holds a run never', () => {
  const file = temporaryStoreFile();
  const store = temporaryStore(file);
  store.insert([queuedRun({ id: 'a' })], owner, 0);
  store.heartbeat(ownerNamed('idle'), 0);
  store.heartbeat(ownerNamed('other'), 25 * 60 * 60 * 1000);
  const database = openDatabase(file);
  onTestFinished(() => {
    database.close();
  });
  expect(database.prepare('SELECT token FROM owners ORDER BY token').pluck().all()).toEqual([
    'other',
    'owner',
  ]);
});

test('a list is read on from where an earlier one ended, whatever was queued meanwhile', () => {
  const store = storeWith({ id: 'a' }, { id: 'b' }, { id: 'c' });
  expect(store.runs({ limit: 2 }).map(({ id }) => id)).toEqual(['c', 'b']);
  store.insert([queuedRun({ id: 'd' })], owner, 1000);
  expect(store.runs({ limit: 2, olderThan: 'b' }).map(({ id }) => id)).toEqual(['a']);
  expect(store.runs({ olderThan: 'a' })).toEqual([]);
});
