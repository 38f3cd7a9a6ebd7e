import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forkHost } from '../../../src-main/workbench/fork-host.ts';
import { openHome } from '../../../src-main/workbench/home.ts';
import { openWorkbench, type Workbench } from '../../../src-main/workbench/workbench.ts';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const BUILT = join(import.meta.dirname, '../../../out/main');

/** A workbench in this process, so that what it tells is heard before it goes on, with its processes. */
async function openBench(): Promise<{ readonly workbench: Workbench; readonly config: RunConfig }> {
  const home = openHome({ LAYERBENCH_HOME: temporaryFolder() });
  const workbench = openWorkbench({
    home,
    host: forkHost,
    entries: {
      data: join(BUILT, 'data-process.js'),
      training: join(BUILT, 'training-process.js'),
      logKeeper: join(BUILT, 'log-keeper-worker.js'),
      curveReader: join(BUILT, 'curve-reader-worker.js'),
    },
    appVersion: '1',
  });
  onTestFinished(() => workbench.close());
  const dataset = join(home.folder, 'shapes');
  await writeImageFolder(dataset, { round: 12, square: 12 });
  return {
    workbench,
    config: RunConfig.parse({
      dataset,
      resize: { width: 8, height: 8 },
      layers: [4],
      nbrEpochs: 3,
      backend: 'native',
      displaySamples: 0,
    }),
  };
}

/** Empties the cache so many times when a run's images are prepared. @returns how often they were. */
async function trainWhileEmptied(times: number) {
  const { workbench, config } = await openBench();
  let prepared = 0;
  workbench.listen((event) => {
    if (event.kind !== 'prepared') return;
    prepared++;
    if (prepared <= times) rmSync(workbench.home.cache, { recursive: true, force: true });
  });
  const [run] = await workbench.work(workbench.launch([config]).map(({ id }) => id));
  return { run, prepared };
}

test('a run whose prepared images are removed before it reads them prepares them again', async () => {
  const { run, prepared } = await trainWhileEmptied(2);
  expect(run).toMatchObject({ status: 'finished', reason: null, epochs: 3 });
  expect(prepared).toBe(3);
});

test('it gives up where they are removed each time, and says what to do', async () => {
  const { run } = await trainWhileEmptied(Infinity);
  expect(run?.status).toBe('failed');
  expect(run?.reason).toMatch(/^Its prepared images were removed from .* 3 times .* Start it again once /);
});

test('images whose place is removed while they are prepared are prepared again', async () => {
  const { workbench, config } = await openBench();
  let isEmptied = false;
  workbench.listen((event) => {
    if (isEmptied || event.kind !== 'preparing' || event.progress.what !== 'preparing') return;
    isEmptied = true;
    rmSync(workbench.home.cache, { recursive: true, force: true });
  });
  const [run] = await workbench.work(workbench.launch([config]).map(({ id }) => id));
  expect(isEmptied).toBe(true);
  expect(run).toMatchObject({ status: 'finished', reason: null, epochs: 3 });
});
