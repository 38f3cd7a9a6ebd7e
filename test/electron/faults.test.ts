import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { RunConfig } from '../../src-preload/contract/config.ts';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { hangingFolder, NO_HANGING_FOLDER } from '../support/hanging-folder.ts';
import { browserPath, NO_BROWSER } from '../support/page/browser.ts';
import { processesOfHome } from '../support/processes-of-home.ts';
import { app, closeBrowser, dialog, windows } from './double/electron.ts';
import { callFrom, emptyPage, launch, startApplication } from './start-application.ts';

vi.mock('electron', () => import('./double/electron.ts'));

if (browserPath === undefined) console.log(`skipped: ${NO_BROWSER}`);

afterAll(closeBrowser);

const PATIENCE = { timeout: 120_000, interval: 100 };

const SMALL = { dataset: 'colors', resize: { width: 8, height: 8 }, layers: [4], backend: 'native' };

async function rowsSeenFrom(page: Parameters<typeof callFrom>[0]): Promise<RunRecord[]> {
  return (await callFrom(page, 'runs', {})) as RunRecord[];
}

test.skipIf(NO_HANGING_FOLDER !== undefined)(
  'a data folder that does not answer is told of in a sentence, and no window waits for it',
  async () => {
    const home = join(hangingFolder(), 'home');
    await launch(emptyPage(), home);
    expect(dialog.errors).toEqual([
      {
        title: 'Layerbench cannot start',
        content: `The data folder ${home} does not answer. Look after its disk or the network it lies on, or name another one with LAYERBENCH_HOME.`,
      },
    ]);
    expect(await app.ended).toEqual({ code: 2 });
    expect(windows.size).toBe(0);
  },
  60_000,
);

describe.skipIf(browserPath === undefined || process.platform !== 'linux')('a window and a terminal', () => {
  test('on one data folder: each sees the other one’s run, and either is worked on by one of them', async () => {
    const { page, home } = await startApplication();
    await callFrom(page, 'about', {});
    const inTerminal = command(
      [
        ...['train', '--dataset=colors', '--resize=8,8', '--layers=4', '--backend=native'],
        ...['--nbr-epochs=20', '--display-samples=0', '--json'],
      ],
      { home },
    );
    const launched = (await callFrom(page, 'launch', {
      configs: [RunConfig.parse({ ...SMALL, nbrEpochs: 20, expId: 'window' })],
      jobs: 1,
    })) as RunRecord[];
    const [trained] = jsonLines((await inTerminal).out).map((row) => RunRecord.parse(row));
    expect(trained).toMatchObject({ status: 'finished', epochs: 20 });
    await vi.waitFor(async () => {
      const rows = await rowsSeenFrom(page);
      expect(rows.map(({ id, status, epochs }) => ({ id, status, epochs }))).toEqual(
        expect.arrayContaining(
          [trained?.id, launched[0]?.id].map((id) => ({ id, status: 'finished', epochs: 20 })),
        ),
      );
      expect(rows).toHaveLength(2);
    }, PATIENCE);
  }, 300_000);

  test('a terminal that is killed: the window names its run interrupted, and goes on with what waited there', async () => {
    const { page, home } = await startApplication();
    await callFrom(page, 'about', {});
    const killed = await command(
      [
        ...['train', '--dataset=colors', '--resize=8,8', '--layers=4', '--backend=native', '--json'],
        ...['--nbr-epochs=1000', '--training-times=2', '--display-samples=0'],
      ],
      {
        home,
        onError(text, signal) {
          if (/epoch +\d+\//.test(text)) signal('SIGKILL');
        },
      },
    );
    expect(killed.code).toBeNull();
    await vi.waitFor(async () => {
      const rows = await rowsSeenFrom(page);
      expect(rows.map(({ status }) => status).sort()).toEqual(['interrupted', 'running']);
    }, PATIENCE);
    const [waiting] = (await rowsSeenFrom(page)).filter(({ status }) => status === 'running');
    await callFrom(page, 'stop', { run: waiting?.id ?? '' });
    await vi.waitFor(async () => {
      expect((await rowsSeenFrom(page)).map(({ status }) => status).sort()).toEqual([
        'interrupted',
        'stopped',
      ]);
    }, PATIENCE);
  }, 300_000);

  test('a host that dies under its window: its run is interrupted and goes on where somebody says so', async () => {
    const { page, home } = await startApplication();
    const launched = (await callFrom(page, 'launch', {
      configs: [RunConfig.parse({ ...SMALL, nbrEpochs: 300 })],
      jobs: 1,
    })) as RunRecord[];
    const run = launched[0]?.id ?? '';
    await vi.waitFor(async () => {
      expect(((await callFrom(page, 'run', { run })) as RunRecord).epochs).toBeGreaterThan(0);
    }, PATIENCE);
    for (const { pid, program } of processesOfHome(home))
      if (program === 'host.js') process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => {
      expect(processesOfHome(home).map(({ program }) => program)).not.toContain('training-process.js');
    }, PATIENCE);
    const continued = await command(['continue', '--all', '--json'], { home });
    expect(jsonLines(continued.out).map((row) => RunRecord.parse(row))).toMatchObject([
      { id: run, status: 'finished', epochs: 300 },
    ]);
  }, 300_000);
});
