import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src-main/store/store.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { METRICS } from '../../../src-preload/contract/series.ts';
import { epochFigures, ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStore, temporaryStoreFile } from '../../support/store/temporary-store.ts';

const owner = ownerNamed('owner');

test('an epoch is written whole or not at all: its row, its figures and its snapshots', () => {
  const store = temporaryStore();
  const run = queuedRun({ id: 'a' });
  store.insert([run], owner, 0);
  // Two snapshots of one epoch, the second of which cannot be written.
  const units = {
    kind: 'units',
    epoch: 1,
    parameter: 'L0_Dense_W',
    scale: 1,
    count: 1,
    width: 1,
    height: 1,
    channels: 1,
    pixels: Uint8Array.of(1),
  } as const;
  const broken = { ...units, parameter: null as unknown as string };
  expect(() =>
    store.recordEpochs({ ...run, epochs: 1 }, owner, [
      { figures: epochFigures(1), snapshots: [units, broken] },
    ]),
  ).toThrow(/NOT NULL/);
  expect(store.find('a').epochs).toBe(0);
  expect(store.series('a', 'dev.loss').epochs).toHaveLength(0);
  expect(store.snapshots('a', 'units')).toEqual([]);
});

test('an epoch of a run that another has taken is not written', () => {
  const store = temporaryStore();
  const run = queuedRun({ id: 'a' });
  store.insert([run], owner, 0);
  expect(
    store.recordEpochs({ ...run, epochs: 1 }, ownerNamed('other'), [
      { figures: epochFigures(1), snapshots: [] },
    ]),
  ).toBe(false);
  expect(store.series('a', 'dev.loss').epochs).toHaveLength(0);
});

test('a store opened to be read gives what another writes, tells that it changed, and cannot write', () => {
  const file = temporaryStoreFile();
  const store = temporaryStore(file);
  const follower = openStore(file, { readonly: true });
  onTestFinished(() => {
    follower.close();
  });
  const before = follower.dataVersion();
  store.insert([queuedRun({ id: 'a' })], owner, 0);
  expect(follower.dataVersion()).not.toBe(before);
  expect(follower.find('last').id).toBe('a');
  expect(Object.keys(follower).sort()).toEqual([
    'changesAfter',
    'close',
    'dataVersion',
    'datasets',
    'figures',
    'find',
    'held',
    'metrics',
    'newestChange',
    'predictions',
    'preference',
    'run',
    'runs',
    'runsAfter',
    'series',
    'snapshotEpochs',
    'snapshots',
    'takeNotice',
  ]);
});

test('read-only, a store that is not there is a mistake of its reader', () => {
  expect(() => openStore(temporaryStoreFile(), { readonly: true })).toThrow(UserError);
});

test('of processes that claim the same queued runs at once, each run goes to one', async () => {
  const file = temporaryStoreFile();
  const store = temporaryStore(file);
  const ids = Array.from({ length: 60 }, (_, index) => `run${index}`);
  store.insert(
    ids.map((id) => queuedRun({ id })),
    null,
    0,
  );
  const script = new URL('../../support/store/claim-runs.ts', import.meta.url);
  const children = Array.from({ length: 3 }, () => fork(script, [file, ...ids]));
  onTestFinished(() => {
    for (const child of children) child.kill();
  });
  await Promise.all(children.map(async (child) => once(child, 'message')));
  const claims = await Promise.all(
    children.map(async (child) => {
      child.send('go');
      const [claimed] = (await once(child, 'message')) as [string[]];
      return { pid: child.pid, claimed };
    }),
  );
  expect(claims.flatMap(({ claimed }) => claimed).sort()).toEqual([...ids].sort());
  for (const { pid, claimed } of claims)
    for (const id of claimed) expect(store.find(id)).toMatchObject({ status: 'running', owner: { pid } });
});

test('a writer that is killed leaves a store that opens, with every epoch it had reported', async () => {
  const file = temporaryStoreFile();
  const before = openStore(file);
  before.insert([queuedRun({ id: 'a' })], null, 0);
  before.close();

  const script = fileURLToPath(new URL('../../support/store/record-epochs.ts', import.meta.url));
  const child = spawn(process.execPath, [script, file, 'a'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const reported: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    reported.push(Number(line));
    if (reported.length === 200) child.kill('SIGKILL');
  }
  expect((await exited)[1]).toBe('SIGKILL');

  const store = temporaryStore(file);
  const last = reported.at(-1)!;
  expect(last).toBeGreaterThanOrEqual(200);
  const run = store.find('a');
  // One more may have been kept than was told of.
  expect([last, last + 1]).toContain(run.epochs);
  for (const metric of METRICS)
    expect([...store.series('a', metric).epochs]).toEqual(
      Array.from({ length: run.epochs }, (_, index) => index + 1),
    );
  expect(store.series('a', 'dev.loss').values[last - 1]).toBe(2 / last);

  const [held] = store.held();
  expect(store.take(held!, owner)).toBe(true);
  expect(store.end({ ...run, status: 'interrupted' }, owner, [], [])).toBe(true);
  expect(store.series('a', 'dev.loss').epochs).toHaveLength(run.epochs);
});
