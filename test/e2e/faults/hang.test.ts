import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import { command } from '../../support/command.ts';
import { hangingFolder, NO_HANGING_FOLDER } from '../../support/hanging-folder.ts';
import { serveWorkbench } from '../../support/served-workbench.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

if (NO_HANGING_FOLDER !== undefined) console.log(`skipped: ${NO_HANGING_FOLDER}`);

const SMALL = { layers: [4], backend: 'native', nbrEpochs: 2, displaySamples: 0 };

const PATIENCE = { timeout: 120_000, interval: 100 };

test.skipIf(NO_HANGING_FOLDER !== undefined)(
  'images on a disk that does not answer: the run says so and can be stopped, and others train on',
  async () => {
    const bench = await serveWorkbench(temporaryFolder());
    const { client } = bench;
    const stuck = RunConfig.parse({ ...SMALL, dataset: join(hangingFolder(), 'shapes') });
    const [run] = await client.call('launch', { configs: [stuck], jobs: 2 });
    function runOf(one: { readonly id: string } | undefined): Promise<RunRecord> {
      return client.call('run', { run: one?.id ?? '' });
    }
    await vi.waitFor(async () => {
      expect((await runOf(run)).notices).toHaveLength(1);
    }, PATIENCE);
    const { notices, status } = await runOf(run);
    expect(notices).toEqual([
      expect.stringMatching(/the disk or the network that they lie on may not answer/),
    ]);
    expect(status).toBe('running');
    const [other] = await client.call('launch', {
      configs: [RunConfig.parse({ ...SMALL, dataset: 'colors', resize: { width: 8, height: 8 } })],
      jobs: 2,
    });
    await vi.waitFor(async () => {
      expect((await runOf(other)).status).toBe('finished');
    }, PATIENCE);
    await client.call('stop', { run: run?.id ?? '' });
    await vi.waitFor(async () => {
      expect((await runOf(run)).status).toBe('stopped');
    }, PATIENCE);
    await bench.close();
  },
  300_000,
);

test.skipIf(NO_HANGING_FOLDER !== undefined)(
  'a data folder on a disk that does not answer is told of in one sentence',
  async () => {
    const home = join(hangingFolder(), 'home');
    const { err } = await command(['runs'], { home });
    expect(err).toContain(`The data folder ${home} does not answer.`);
    expect(err).not.toMatch(/\n {4}at /);
  },
  60_000,
);
