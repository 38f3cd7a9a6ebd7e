import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { NO_OTHER_MACHINE, onOtherMachine } from '../../support/other-machine.ts';
import { processesOfHome } from '../../support/processes-of-home.ts';
import { serveWorkbench } from '../../support/served-workbench.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

if (NO_OTHER_MACHINE !== undefined) console.log(`skipped: ${NO_OTHER_MACHINE}`);

const EPOCHS = 200;
const SHORT = 30;
const HOUR_MS = 3_600_000;
const PATIENCE = { timeout: 280_000, interval: 50 };

const CONFIG = RunConfig.parse({
  dataset: 'colors',
  resize: { width: 16, height: 16 },
  layers: [8],
  backend: 'native',
  maxMinibatchSize: 10,
  nbrEpochs: EPOCHS,
  displaySamples: 0,
});

test.skipIf(NO_OTHER_MACHINE !== undefined)(
  'a host that was silent for so long that another one took its run: it ends its process, says so, and writes nothing more',
  async () => {
    const home = temporaryFolder();
    const bench = await serveWorkbench(home);
    const { client } = bench;
    const [launched] = await client.call('launch', { configs: [CONFIG], jobs: 1 });
    const id = launched?.id ?? '';
    const ended = new Promise<RunRecord>((resolve) => {
      client.follow('events', {}, (event) => {
        if (event.kind === 'ended') resolve(event.run);
      });
    });
    await vi.waitFor(async () => {
      expect((await client.call('run', { run: id })).epochs).toBeGreaterThan(5);
    }, PATIENCE);
    const stopped = processesOfHome(home).map(({ pid }) => pid);
    await stoppedBetweenWrites(home, stopped);

    const continued = await onOtherMachine(['continue', id, '--json'], { home });
    expect(continued.code, continued.err).toBe(0);
    const there = RunRecord.parse(JSON.parse(continued.out));
    expect(there).toMatchObject({ id, status: 'finished', epochs: EPOCHS });

    for (const pid of stopped) process.kill(pid, 'SIGCONT');
    expect(await ended).toMatchObject({
      id,
      status: 'interrupted',
      reason: expect.stringContaining('Another process has it now') as string,
    });
    await vi.waitFor(() => {
      const programs = processesOfHome(home).map(({ program }) => program);
      expect(programs).not.toContain('training-process.js');
    }, PATIENCE);
    const { weightsSha256, status, epochs } = await client.call('run', { run: id });
    expect({ weightsSha256, status, epochs }).toEqual({
      weightsSha256: there.weightsSha256,
      status: 'finished',
      epochs: EPOCHS,
    });
    const [curve] = await client.call('series', { runs: [id], metrics: ['training.loss'] });
    expect([...(curve?.epochs ?? [])]).toEqual(Array.from({ length: EPOCHS }, (_, index) => index + 1));
    await bench.close();

    const quiet = temporaryFolder();
    const undisturbed = await command(
      [
        ...['train', '--dataset=colors', '--resize=16,16', '--layers=8', '--backend=native'],
        ...['--max-minibatch-size=10', `--nbr-epochs=${EPOCHS}`, '--display-samples=0', '--json'],
      ],
      { home: quiet },
    );
    expect(weightsSha256).toBe(RunRecord.parse(JSON.parse(undisturbed.out)).weightsSha256);
  },
  300_000,
);

/** Three runs, of which one is under way when their host is killed. */
async function killedHost(home: string): Promise<readonly string[]> {
  const bench = await serveWorkbench(home);
  const configs = [0, 1, 2].map((modelSeed) => ({ ...CONFIG, modelSeed, nbrEpochs: SHORT }));
  const runs = await bench.client.call('launch', { configs, jobs: 1 });
  await vi.waitFor(async () => {
    expect((await bench.client.call('run', { run: runs[0]?.id ?? '' })).epochs).toBeGreaterThan(0);
  }, PATIENCE);
  bench.client.close();
  for (const { pid, program } of processesOfHome(home))
    if (program === 'cli.js') process.kill(pid, 'SIGKILL');
  await expect.poll(() => processesOfHome(home), { timeout: 60_000 }).toEqual([]);
  return runs.map(({ id }) => id);
}

function statuses(rows: readonly { id: string; status: string; epochs: number }[], ids: readonly string[]) {
  return ids.map((id) => {
    const { status, epochs } = rows.find((row) => row.id === id) ?? {};
    return { status, epochs };
  });
}

const FINISHED = { status: 'finished', epochs: SHORT };

test.skipIf(process.platform !== 'linux')(
  'the queue of a host that was killed goes on by itself in those that are opened next, each run in one of them',
  async () => {
    const home = temporaryFolder();
    const ids = await killedHost(home);
    const elsewhere = await command(['runs', '--json'], { home });
    expect(
      statuses(
        jsonLines(elsewhere.out).map((row) => RunRecord.parse(row)),
        ids,
      ),
    ).toEqual([
      { status: 'interrupted', epochs: expect.any(Number) as number },
      { status: 'queued', epochs: 0 },
      { status: 'queued', epochs: 0 },
    ]);
    const benches = await Promise.all([serveWorkbench(home), serveWorkbench(home)]);
    const taken = await Promise.all(
      benches.map(async ({ client }) => {
        const { working, waiting } = await client.call('queue', {});
        return [...working, ...waiting];
      }),
    );
    const all = taken.flat();
    expect(new Set(all).size).toBe(all.length);
    await vi.waitFor(async () => {
      const rows = await benches[0].client.call('runs', {});
      expect(statuses(rows, ids.slice(1))).toEqual([FINISHED, FINISHED]);
    }, PATIENCE);
    expect((await benches[1].client.call('continueAll', {})).continued).toBe(1);
    expect((await benches[0].client.call('continueAll', {})).continued).toBe(0);
    await vi.waitFor(async () => {
      expect(statuses(await benches[0].client.call('runs', {}), ids)).toEqual([FINISHED, FINISHED, FINISHED]);
    }, PATIENCE);
    for (const bench of benches) await bench.close();
  },
  600_000,
);

test.skipIf(process.platform !== 'linux')(
  'continue --all in a terminal takes up what was interrupted and what never began, and says where there is nothing',
  async () => {
    const home = temporaryFolder();
    const ids = await killedHost(home);
    const all = await command(['continue', '--all', '--json'], { home });
    expect(all.code, all.err).toBe(0);
    expect(
      statuses(
        jsonLines(all.out).map((row) => RunRecord.parse(row)),
        ids,
      ),
    ).toEqual([FINISHED, FINISHED, FINISHED]);
    const nothing = await command(['continue', '--all'], { home });
    expect(nothing.code).toBe(0);
    expect(nothing.err).toContain('Nothing was interrupted, and nothing waits for a process that has died.');
    const neither = await command(['continue'], { home });
    expect(neither.code).toBe(2);
    expect(neither.err).toContain('continue takes either a run or --all.');
  },
  600_000,
);

test('a run that waits in a terminal is stopped at once by another one, and that terminal passes it over', async () => {
  const home = temporaryFolder();
  let stopping: Promise<unknown> | undefined;
  const trained = await command(
    [
      ...['train', '--dataset=colors', '--resize=16,16', '--layers=8', '--backend=native', '--json'],
      ...['--max-minibatch-size=1', '--display-samples=0', `--nbr-epochs=${SHORT}`, '--training-times=2'],
    ],
    {
      home,
      onError() {
        stopping ??= stopWaiting(home);
      },
    },
  );
  await stopping;
  const [first, second] = jsonLines(trained.out).map((row) => RunRecord.parse(row));
  expect(first).toMatchObject(FINISHED);
  expect(second).toMatchObject({
    status: 'stopped',
    epochs: 0,
    reason: 'It was stopped before it started.',
  });
}, 600_000);

/** Stops the run that waits, from a host of its own, and sees that it is stopped as soon as that has answered. */
async function stopWaiting(home: string): Promise<void> {
  const bench = await serveWorkbench(home);
  const waiting = (await bench.client.call('runs', {})).find(({ status }) => status === 'queued');
  await bench.client.call('stop', { run: waiting?.id ?? '' });
  expect((await bench.client.call('run', { run: waiting?.id ?? '' })).status).toBe('stopped');
  await bench.close();
}

/** Stops a host and its processes while none of them holds the store, and lets its last sign of life be an hour old. */
async function stoppedBetweenWrites(home: string, pids: readonly number[]): Promise<void> {
  const database = new Database(join(home, 'layerbench.sqlite'), { timeout: 0 });
  await vi.waitFor(() => {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      database.prepare('UPDATE owners SET heartbeat_ms = heartbeat_ms - ?').run(HOUR_MS);
    } catch (error) {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      throw error;
    }
  }, PATIENCE);
  database.close();
}
