import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import type { Prediction } from '../../../src-preload/contract/run.ts';
import { createClient } from '../../../src-preload/rpc/client.ts';
import { transportPair } from '../../../src-preload/rpc/in-process.ts';
import { serve } from '../../../src-preload/rpc/server.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { apiHandlers } from '../../../src-main/workbench/api-handlers.ts';
import { openHome } from '../../../src-main/workbench/home.ts';
import { openWorkbench } from '../../../src-main/workbench/workbench.ts';
import { ownerNamed } from '../../support/store/run-records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { noProcesses } from '../../support/workbench/no-processes.ts';

/** How many images of each kind: right with both, with the first alone, with the second alone, with neither. */
type Counts = readonly [both: number, first: number, second: number, neither: number];

/** A client of a workbench with two runs that have ended and were asked about the same dev images. */
function withTwoRuns(counts: Counts) {
  const home = openHome({ LAYERBENCH_HOME: temporaryFolder() });
  const entry = join(home.folder, 'none.js');
  const workbench = openWorkbench({
    home,
    host: noProcesses,
    entries: { data: entry, training: entry, logKeeper: entry, curveReader: entry },
    appVersion: '1',
  });
  onTestFinished(() => workbench.close());
  const runs = workbench.launch([RunConfig.parse({ expId: 'A' }), RunConfig.parse({ expId: 'B' })]);
  const store = openStore(home.database);
  const owner = ownerNamed('A');
  for (const [index, run] of runs.entries()) {
    const held = store.held().find(({ id }) => id === run.id);
    if (held !== undefined) store.take(held, owner);
    const predictions = counts.flatMap((count, kind) =>
      Array.from({ length: count }, (_, image): Prediction => ({
        path: `kind${kind}/${image}.png`,
        label: 3,
        predicted: kind === 0 || kind === index + 1 ? 3 : 1,
        probability: 0.5,
      })),
    );
    store.end({ ...run, status: 'finished' }, owner, [], predictions);
  }
  store.close();
  const [near, far] = transportPair();
  serve(far, apiHandlers(workbench));
  const client = createClient(near);
  const [first, second] = runs.map(({ id }) => id);
  return { client, first: first ?? '', second: second ?? '' };
}

test('two runs on the same dev images, through a door', async () => {
  const { client, first, second } = withTwoRuns([60, 2, 8, 30]);
  const compared = await client.call('compareOnImages', { first, second });
  expect(compared.images).toBe(100);
  expect(compared.accuracies).toEqual([0.62, 0.68]);
  expect(compared.difference).toBeCloseTo(0.06, 12);
  // Wilson's formula by hand.
  expect(compared.intervals[0]).toMatchObject({ level: 0.95 });
  expect(compared.intervals[0].low).toBeCloseTo(0.5221, 3);
  expect(compared.intervals[0].high).toBeCloseTo(0.709, 3);
  expect(compared.intervals[1].low).toBeCloseTo(0.5834, 3);
  expect(compared.intervals[1].high).toBeCloseTo(0.7633, 3);
  // McNemar: 2 · P(X ≤ 2), X binomial of 10 and a half.
  expect(compared.pValue).toBeCloseTo(112 / 1024, 10);
  expect(compared.onlyFirst).toEqual(['kind1/0.png', 'kind1/1.png']);
  expect(compared.onlySecond).toEqual(Array.from({ length: 8 }, (_, image) => `kind2/${image}.png`));
  // 0.06 ± 1.96 · √((0.1 − 0.06²) / 100), to the images that there are.
  expect(compared.interval?.low).toBeCloseTo(0, 1);
  expect(compared.interval?.high).toBeCloseTo(0.12, 1);
});

test('the other way round it is the other way round', async () => {
  const { client, first, second } = withTwoRuns([60, 2, 8, 30]);
  const compared = await client.call('compareOnImages', { first, second });
  const turned = await client.call('compareOnImages', { first: second, second: first });
  expect(turned.difference).toBeCloseTo(-compared.difference, 12);
  expect(turned.pValue).toBe(compared.pValue);
  expect(turned.onlyFirst).toEqual(compared.onlySecond);
  expect(turned.interval?.high).toBeCloseTo(-(compared.interval?.low ?? NaN), 1);
});

test('others are answered while many images are compared', async () => {
  const { client, first, second } = withTwoRuns([2000, 400, 500, 100]);
  const answered: string[] = [];
  await Promise.all([
    client.call('compareOnImages', { first, second }).then(({ images }) => answered.push(`${images} images`)),
    client.call('queue', {}).then(() => answered.push('the queue')),
  ]);
  expect(answered).toEqual(['the queue', '3000 images']);
});
