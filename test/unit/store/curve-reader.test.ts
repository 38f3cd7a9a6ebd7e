import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openCurveReader } from '../../../src-main/store/curve-reader.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { epochFigures, ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStoreFile } from '../../support/store/temporary-store.ts';

const WORKER = fileURLToPath(new URL('../../../src-main/store/curve-reader-worker.ts', import.meta.url));
const EPOCHS = 40;
const METRICS = ['training.loss', 'dev.loss'] as const;

/** A store with a run that goes on and one that has ended, and a reader of its curves. */
function open(worker: string) {
  const file = temporaryStoreFile();
  const store = openStore(file);
  const owner = ownerNamed('owner');
  const runs = ['live', 'ended'].map((id) => queuedRun({ id }));
  store.insert(runs, owner, 0);
  const epochs = Array.from({ length: EPOCHS }, (_, index) => ({
    figures: epochFigures(index + 1),
    snapshots: [],
  }));
  for (const run of runs) store.recordEpochs({ ...run, status: 'running' }, owner, epochs);
  store.end({ ...queuedRun({ id: 'ended' }), status: 'finished' }, owner, [], []);
  const readHere: string[] = [];
  const reader = openCurveReader(file, worker, (run, metric, after) => {
    readHere.push(run);
    return store.series(run, metric, after);
  });
  onTestFinished(async () => {
    await reader.close();
    store.close();
  });
  return { store, reader, readHere };
}

test.for([
  { where: 'on a thread', worker: WORKER },
  { where: 'on this thread where no other can be had', worker: `${WORKER}.absent` },
])('curves are read $where, those of runs that go on and of runs that have ended', async ({ worker }) => {
  const { store, reader, readHere } = open(worker);
  const read = await reader.read(['live', 'ended'], METRICS);
  expect(read).toEqual(
    ['live', 'ended'].flatMap((run) => METRICS.map((metric) => store.series(run, metric))),
  );
  const [later] = await reader.read(['live'], ['dev.loss'], 38);
  expect(later).toEqual({
    run: 'live',
    metric: 'dev.loss',
    epochs: Uint32Array.of(39, 40),
    values: Float64Array.of(2 / 39, 2 / 40),
  });
  const absent = reader.read(['live', 'nobody'], METRICS);
  await expect(absent).rejects.toThrow(UserError);
  await expect(absent).rejects.toThrow(/nobody/);
  expect(readHere.length > 0).toBe(worker !== WORKER);
});

test('what has been written is there to be read', async () => {
  const { store, reader } = open(WORKER);
  await reader.read(['live'], METRICS);
  for (let epoch = EPOCHS + 1; epoch <= EPOCHS + 20; epoch++) {
    store.recordEpochs({ ...queuedRun({ id: 'live' }), status: 'running' }, ownerNamed('owner'), [
      { figures: epochFigures(epoch), snapshots: [] },
    ]);
    const [curve] = await reader.read(['live'], ['training.loss'], EPOCHS);
    expect(curve?.epochs.at(-1)).toBe(epoch);
  }
});

test('whoever waits as the thread ends is answered all the same', async () => {
  const { store, reader } = open(WORKER);
  const reading = Array.from({ length: 20 }, () => reader.read(['live'], METRICS));
  await reader.close();
  const expected = METRICS.map((metric) => store.series('live', metric));
  for (const one of await Promise.all(reading)) expect(one).toEqual(expected);
});
