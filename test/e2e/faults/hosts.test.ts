import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command } from '../../support/command.ts';
import { NO_OTHER_MACHINE, onOtherMachine } from '../../support/other-machine.ts';
import { processesOfHome } from '../../support/processes-of-home.ts';
import { serveWorkbench } from '../../support/served-workbench.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

if (NO_OTHER_MACHINE !== undefined) console.log(`skipped: ${NO_OTHER_MACHINE}`);

const EPOCHS = 200;
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
