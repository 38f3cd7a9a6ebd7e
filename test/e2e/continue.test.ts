import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Everything that has a state of its own, in so many steps that a run takes some seconds. */
const RESTLESS = [
  ...['--resize=8,8', '--layers=6', '--max-minibatch-size=1', '--nbr-clones=2', '--rot-angle=15'],
  ...['--noise-intensity=0.05', '--dropout=0.2', '--weight-decay=0.01'],
];

async function lastRun(home: string, reference = 'last'): Promise<RunRecord> {
  return RunRecord.parse(JSON.parse((await command(['show', reference, '--json'], { home })).out));
}

/** Loss and accuracy of every epoch. */
async function curves(home: string, run: string): Promise<string[]> {
  const file = join(home, `${run}.csv`);
  await command(['export', run, '--chart', 'loss', '--out', file], { home });
  // Without the run's own id and name.
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(2).join(','));
}

describe.each([
  ['native', 1500],
  ['wasm', 400],
] as const)('on %s', (backend, epochs) => {
  test('a run that was killed goes on to the very figures and weights of one that was not', async () => {
    const home = temporaryFolder();
    const set = join(home, 'shapes');
    await writeImageFolder(set, { round: 16, square: 16 });
    const options = [...RESTLESS, `--nbr-epochs=${epochs}`, `--backend=${backend}`];
    const train = ['train', `--dataset=${set}`, ...options, '--json'];
    let folder: string | undefined;
    const killed = await command(train, {
      home,
      onError(_text, signal) {
        folder ??= runFolder(home);
        // A state has been kept, and the run is in the middle of what comes after it.
        if (folder !== undefined && existsSync(join(folder, 'last.checkpoint'))) signal('SIGKILL');
      },
    });
    expect(killed.code).toBe(null);
    const interrupted = await lastRun(home);
    expect(interrupted.status).toBe('interrupted');
    expect(interrupted.epochs).toBeLessThan(epochs);

    const continued = await command(['continue', interrupted.id, '--json'], { home });
    expect(continued.code).toBe(0);
    const [run] = jsonLines(continued.out).map((line) => RunRecord.parse(line));
    expect(run).toMatchObject({ id: interrupted.id, status: 'finished', epochs, reason: null });

    const unbroken = await command([...train, '--exp-id=unbroken'], { home });
    const [other] = jsonLines(unbroken.out).map((line) => RunRecord.parse(line));
    expect(run?.weightsSha256).toBe(other?.weightsSha256);
    expect(await curves(home, run?.id ?? '')).toEqual(await curves(home, other?.id ?? ''));
    expect(run?.best).toEqual(other?.best);
  }, 300_000);
});

test('a run whose state is damaged begins anew, and comes to the same end', async () => {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 10, square: 10 });
  // One backend: which is fastest while others work beside it is chance.
  const train = ['train', `--dataset=${set}`, '--resize=8,8', '--layers=4', '--backend=native', '--json'];
  await command([...train, '--nbr-epochs=5'], { home });
  const first = await lastRun(home);
  writeFileSync(join(home, 'runs', first.id, 'last.checkpoint'), 'damaged');
  const { code, out } = await command(['continue', first.id, '--epochs=12', '--json'], { home });
  expect(code).toBe(0);
  const [run] = jsonLines(out).map((line) => RunRecord.parse(line));
  expect(run?.epochs).toBe(12);
  expect(run?.notices.join(' ')).toContain('begins anew');
  await command([...train, '--nbr-epochs=12'], { home });
  expect(run?.weightsSha256).toBe((await lastRun(home)).weightsSha256);
});

test('what has nothing left to do says so', async () => {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 10, square: 10 });
  await command(['train', `--dataset=${set}`, '--resize=8,8', '--nbr-epochs=2'], { home });
  const { code, err } = await command(['continue', 'last'], { home });
  expect(code).toBe(2);
  expect(err).toContain('has all of its 2 epochs; say with --epochs how many it is to have in all');
});

/** The folder of the only run. */
function runFolder(home: string): string | undefined {
  const runs = join(home, 'runs');
  if (!existsSync(runs)) return undefined;
  const [only] = readdirSync(runs);
  return only === undefined ? undefined : join(runs, only);
}
