import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { join } from 'node:path';

const ENDLESS = ['--resize=8,8', '--layers=6', '--nbr-epochs=1000000', '--backend=native'];

/** A line of progress after an epoch that was kept. */
const AN_EPOCH = /epoch +\d+\//;

async function smallSet(): Promise<{ home: string; set: string }> {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 20, square: 20 });
  return { home, set };
}

async function lastRun(home: string): Promise<RunRecord> {
  return RunRecord.parse(JSON.parse((await command(['show', 'last', '--json'], { home })).out));
}

/** Lines of the loss curve: a head, then one an epoch. */
async function keptEpochs(home: string): Promise<number> {
  const file = join(home, 'loss.csv');
  await command(['export', 'last', '--chart', 'loss', '--out', file], { home });
  return readFileSync(file, 'utf8').trim().split('\n').length - 1;
}

/** Ids of living processes that work on a data folder. */
function processesOf(home: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`LAYERBENCH_HOME=${home}`);
      } catch {
        return false;
      }
    });
}

test('a second Ctrl-C ends a run at once, and every epoch that it told of is kept', async () => {
  const { home, set } = await smallSet();
  let sent = false;
  const ended = await command(['train', `--dataset=${set}`, ...ENDLESS, '--json'], {
    home,
    onError(text, signal) {
      if (sent || !AN_EPOCH.test(text)) return;
      sent = true;
      // Two of one kind that come together count as one.
      signal('SIGINT');
      signal('SIGTERM');
    },
  });
  // Which of two that come together is seen last, the system decides.
  expect([130, 143]).toContain(ended.code);
  const [run] = jsonLines(ended.out).map((line) => RunRecord.parse(line));
  expect(run?.status).toBe('interrupted');
  expect(run?.epochs).toBeGreaterThan(0);
  expect(await lastRun(home)).toEqual(run);
  expect(await keptEpochs(home)).toBe(run?.epochs);
});

test.skipIf(process.platform !== 'linux')(
  'after kill -9 the run is there as interrupted, with all its epochs, and no process is left',
  async () => {
    const { home, set } = await smallSet();
    const killed = await command(['train', `--dataset=${set}`, ...ENDLESS, '--json'], {
      home,
      onError(text, signal) {
        if (AN_EPOCH.test(text)) signal('SIGKILL');
      },
    });
    expect(killed.code).toBe(null);
    await expect.poll(() => processesOf(home), { timeout: 10_000 }).toEqual([]);
    const run = await lastRun(home);
    expect(run.status).toBe('interrupted');
    expect(run.reason).toMatch(/process that ran it ended/);
    expect(run.epochs).toBeGreaterThan(0);
    expect(await keptEpochs(home)).toBe(run.epochs);
  },
);

test('two terminals train on one data folder, and each sees the runs of the other', async () => {
  const { home, set } = await smallSet();
  let seen: Promise<RunRecord[]> | undefined;
  const other = command(['train', `--dataset=${set}`, ...ENDLESS, '--exp-id=endless', '--json'], {
    home,
    onError(text, signal) {
      if (seen !== undefined || !AN_EPOCH.test(text)) return;
      const short = ['--resize=8,8', '--layers=6', '--nbr-epochs=2', '--backend=native', '--exp-id=short'];
      seen = command(['train', `--dataset=${set}`, ...short, '--json'], { home })
        .then(() => command(['runs', '--json'], { home }))
        .then(({ out }) => jsonLines(out).map((line) => RunRecord.parse(line)))
        .finally(() => {
          signal('SIGINT');
        });
    },
  });
  expect((await other).code).toBe(130);
  expect((await seen)?.map(({ name, status }) => [name, status])).toEqual([
    ['short', 'finished'],
    ['endless', 'running'],
  ]);
  const after = jsonLines((await command(['runs', '--json'], { home })).out).map((line) =>
    RunRecord.parse(line),
  );
  expect(after.map(({ name, status }) => [name, status])).toEqual([
    ['short', 'finished'],
    ['endless', 'stopped'],
  ]);
});
