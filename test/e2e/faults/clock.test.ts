import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { command, jsonLines } from '../../support/command.ts';
import { processesOfHome } from '../../support/processes-of-home.ts';
import { type ServedWorkbench, serveWorkbench } from '../../support/served-workbench.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const EPOCHS = 150;
const HOUR_MS = 3_600_000;
const PATIENCE = { timeout: 120_000, interval: 50 };

const CONFIG = RunConfig.parse({
  dataset: 'colors',
  resize: { width: 16, height: 16 },
  layers: [8],
  backend: 'native',
  maxMinibatchSize: 10,
  nbrEpochs: EPOCHS,
  displaySamples: 0,
});

async function launched({ client }: ServedWorkbench): Promise<string> {
  const [run] = await client.call('launch', { configs: [CONFIG], jobs: 1 });
  const id = run?.id ?? '';
  await vi.waitFor(async () => {
    expect((await client.call('run', { run: id })).epochs).toBeGreaterThan(0);
  }, PATIENCE);
  return id;
}

/** Every epoch of the run, once, and the weights of one that nothing happened to. */
async function expectWhole({ client }: ServedWorkbench, id: string): Promise<void> {
  await vi.waitFor(async () => {
    expect((await client.call('run', { run: id })).status).not.toBe('running');
  }, PATIENCE);
  const run = await client.call('run', { run: id });
  expect(run).toMatchObject({ status: 'finished', epochs: EPOCHS });
  const [curve] = await client.call('series', { runs: [id], metrics: ['training.loss'] });
  expect([...(curve?.epochs ?? [])]).toEqual(Array.from({ length: EPOCHS }, (_, index) => index + 1));
  const quiet = await serveWorkbench(temporaryFolder());
  const [other] = await quiet.client.call('launch', { configs: [CONFIG], jobs: 1 });
  await vi.waitFor(async () => {
    const { weightsSha256 } = await quiet.client.call('run', { run: other?.id ?? '' });
    expect(weightsSha256).toBe(run.weightsSha256);
  }, PATIENCE);
  await quiet.close();
}

/** What another terminal sees of the runs, which marks those of dead owners. */
async function seenElsewhere(home: string): Promise<unknown[]> {
  const { code, out, err } = await command(['runs', '--json'], { home });
  expect(code, err).toBe(0);
  return jsonLines(out);
}

test.skipIf(process.platform !== 'linux')(
  'a machine that slept for an hour: nobody takes the run for dead, and it goes on',
  async () => {
    const home = temporaryFolder();
    const bench = await serveWorkbench(home);
    const id = await launched(bench);
    function signal(name: NodeJS.Signals): void {
      for (const { pid } of processesOfHome(home)) process.kill(pid, name);
    }
    const database = new Database(join(home, 'layerbench.sqlite'), { timeout: 0 });
    await vi.waitFor(() => {
      signal('SIGSTOP');
      try {
        // The last sign of life is an hour old. In the middle of a transaction it is tried again.
        database.prepare('UPDATE owners SET heartbeat_ms = heartbeat_ms - ?').run(HOUR_MS);
      } catch (error) {
        signal('SIGCONT');
        throw error;
      }
    }, PATIENCE);
    database.close();
    const rows = await seenElsewhere(home);
    signal('SIGCONT');
    expect(rows).toEqual([expect.objectContaining({ id, status: 'running' })]);
    await expectWhole(bench, id);
    await bench.close();
  },
  300_000,
);

test('a clock that jumps: nobody takes the run for dead, and nothing takes an hour', async () => {
  const home = temporaryFolder();
  const clock = pathToFileURL(join(import.meta.dirname, '../../support/jumping-clock.ts')).href;
  const begun = performance.now();
  const bench = await serveWorkbench(home, { NODE_OPTIONS: `--import=${clock}` });
  const id = await launched(bench);
  expect(await seenElsewhere(home)).toEqual([expect.objectContaining({ id })]);
  await expectWhole(bench, id);
  const { timings } = await bench.client.call('run', { run: id });
  const took = performance.now() - begun;
  expect(timings?.total).toBeGreaterThan(0);
  for (const ms of Object.values(timings ?? {})) {
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThan(took);
  }
  await bench.close();
}, 300_000);
