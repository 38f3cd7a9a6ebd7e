import { existsSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { openStore } from '../../../src-main/store/store.ts';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, type CommandResult, jsonLines } from '../../support/command.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { serveWorkbench } from '../../support/served-workbench.ts';
import { NO_SMALL_DISK, smallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

if (NO_SMALL_DISK !== undefined) console.log(`skipped: ${NO_SMALL_DISK}`);

const PATIENCE = { timeout: 280_000, interval: 100 };

const SMALL = ['--layers=4', '--backend=native', '--display-samples=0', '--json'];

/** Twenty images of each of two classes, on a disk with room. */
async function images(): Promise<string> {
  const set = join(temporaryFolder(), 'shapes');
  await writeImageFolder(set, { round: 20, square: 20 });
  return set;
}

function runsOf({ out }: CommandResult): RunRecord[] {
  return jsonLines(out).map((line) => RunRecord.parse(line));
}

/** The curve of the training loss of the last run. */
function curveOf(home: string): unknown {
  const store = openStore(join(home, 'layerbench.sqlite'), { readonly: true });
  try {
    const { epochs, values } = store.series(store.find('last').id, 'training.loss');
    return { epochs, values };
  } finally {
    store.close();
  }
}

function leftovers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.part$|\.drawing-/.test(name),
  );
}

function isWhole(home: string): boolean {
  const database = new Database(join(home, 'layerbench.sqlite'), { readonly: true });
  try {
    return database.pragma('integrity_check', { simple: true }) === 'ok';
  } finally {
    database.close();
  }
}

/** Fills a disk but for so many bytes. */
function fill(folder: string, left: number): void {
  const file = join(folder, 'filling');
  const piece = new Uint8Array(65_536).fill(1);
  try {
    for (;;) {
      writeFileSync(file, piece, { flag: 'a' });
    }
  } catch {
    // Cut short rather than written anew: whoever else writes there may have been faster.
    truncateSync(file, Math.max(0, statSync(file).size - left));
  }
}

/** Keeps a disk full from `begin` to `end`, as somebody does who writes on it. */
function keepFull(folder: string): { begin(): void; end(): void } {
  let again: NodeJS.Timeout | undefined;
  let isOver = false;
  return {
    begin() {
      if (isOver || again !== undefined) return;
      fill(folder, 0);
      again = setInterval(fill, 5, folder, 0);
    },
    end() {
      isOver = true;
      clearInterval(again);
      rmSync(join(folder, 'filling'), { force: true });
    },
  };
}

describe.skipIf(NO_SMALL_DISK !== undefined)('a full disk', () => {
  test('prepared images that do not fit are told of in one sentence, leave nothing behind, and others train on', async () => {
    const set = await images();
    const { folder: home } = smallDisk(3_000_000);
    // 40 images of 200×200×3 are 4.8 MB.
    const large = await command(['train', `--dataset=${set}`, ...SMALL, '--resize=200,200'], { home });
    expect(large.code).toBe(2);
    const [failed] = runsOf(large);
    expect(failed?.status).toBe('failed');
    expect(failed?.reason).toBe(
      'The images could not be prepared: the disk is full. Free some space, or name another data folder with LAYERBENCH_HOME.',
    );
    expect(large.err).not.toMatch(/\n {4}at /);
    expect(leftovers(home)).toEqual([]);
    const small = await command(['train', `--dataset=${set}`, ...SMALL, '--resize=8,8', '--nbr-epochs=2'], {
      home,
    });
    expect(small.code).toBe(0);
    expect(isWhole(home)).toBe(true);
  });

  test('other prepared images make room first', async () => {
    const set = await images();
    const { folder: home } = smallDisk(4_000_000);
    // 40 images of 130×130×3 are 2 MB each time: one of the two has room.
    for (const seed of [1, 2]) {
      const trained = await command(
        [
          'train',
          `--dataset=${set}`,
          ...SMALL,
          '--resize=130,130',
          '--nbr-epochs=1',
          `--dataset-seed=${seed}`,
        ],
        { home },
      );
      expect(trained.code, trained.err).toBe(0);
    }
    const prepared = readdirSync(join(home, 'cache', 'prepared')).filter((name) =>
      name.endsWith('.prepared'),
    );
    expect(prepared).toHaveLength(1);
  });

  test('under a queue: nothing of it is given up, and it goes on by itself once there is room', async () => {
    const set = await images();
    const { folder: home } = smallDisk(8_000_000);
    const configs = [0, 1, 2, 3, 4, 5].map((modelSeed) =>
      RunConfig.parse({
        dataset: set,
        resize: { width: 8, height: 8 },
        layers: [4],
        backend: 'native',
        displaySamples: 0,
        nbrEpochs: 100,
        modelSeed,
        expId: `s${modelSeed}`,
      }),
    );
    const bench = await serveWorkbench(home);
    const { client } = bench;
    const said: string[] = [];
    const filling = keepFull(home);
    const waited = new Promise<void>((resolve) => {
      client.follow('events', {}, (event) => {
        if (event.kind === 'epochs') filling.begin();
        if (event.kind !== 'notice') return;
        said.push(event.message);
        if (event.message.includes('the disk is full')) resolve();
      });
    });
    await client.call('launch', { configs, jobs: 2 });
    await waited;
    const during = await client.call('queue', {});
    expect(during.working.length + during.waiting.length).toBeGreaterThan(0);
    expect((await client.call('runs', {})).filter(({ status }) => status === 'failed')).toEqual([]);
    filling.end();
    await vi.waitFor(async () => {
      const rows = await client.call('runs', {});
      expect(rows.map(({ status, epochs }) => ({ status, epochs }))).toEqual(
        configs.map(() => ({ status: 'finished', epochs: 100 })),
      );
    }, PATIENCE);
    await bench.close();
    expect(isWhole(home)).toBe(true);
  }, 300_000);

  test('of the store: the run says so, waits, and goes on to the figures of an undisturbed one once there is room', async () => {
    const set = await images();
    const { folder: home } = smallDisk(24_000_000);
    const train = ['train', `--dataset=${set}`, ...SMALL, '--resize=8,8', '--nbr-epochs=600'];
    const filling = keepFull(home);
    const full = await command(train, {
      home,
      onError(text) {
        if (/epoch +\d+\//.test(text)) filling.begin();
        if (text.includes('cannot be written: the disk is full')) filling.end();
      },
    });
    expect(full.code, full.err).toBe(0);
    expect(full.err).toMatch(
      /The store .*layerbench\.sqlite cannot be written: the disk is full\. Free some space.* It waits until then, and goes on by itself\./,
    );
    expect(full.err).toContain('The store can be written again: it goes on.');
    expect(full.err).not.toMatch(/\n {4}at /);
    const [run] = runsOf(full);
    expect(run).toMatchObject({ status: 'finished', epochs: 600 });
    expect(isWhole(home)).toBe(true);
    const quiet = temporaryFolder();
    const [undisturbed] = runsOf(await command(train, { home: quiet }));
    expect(run?.weightsSha256).toBe(undisturbed?.weightsSha256);
    expect(curveOf(home)).toEqual(curveOf(quiet));
  }, 300_000);

  test('of the store: Ctrl-C ends a run that waits, and what was kept of it goes on later', async () => {
    const set = await images();
    const { folder: home } = smallDisk(6_000_000);
    const train = ['train', `--dataset=${set}`, ...SMALL, '--resize=8,8', '--nbr-epochs=1000000'];
    const filling = keepFull(home);
    let signals = 0;
    const ended = await command(train, {
      home,
      onError(text, signal) {
        if (/epoch +\d+\//.test(text)) filling.begin();
        if (
          (signals === 0 && text.includes('It waits')) ||
          (signals === 1 && text.includes('Ctrl-C again'))
        ) {
          signals++;
          signal('SIGINT');
        }
      },
    });
    expect(ended.code).toBe(130);
    expect(ended.err).not.toMatch(/\n {4}at /);
    filling.end();
    expect(isWhole(home)).toBe(true);
    const shown = RunRecord.parse(JSON.parse((await command(['show', 'last', '--json'], { home })).out));
    expect(shown.status).toBe('interrupted');
    expect(shown.epochs).toBeGreaterThan(0);
    const continued = await command(['continue', shown.id, `--epochs=${shown.epochs + 5}`, '--json'], {
      home,
    });
    expect(continued.code, continued.err).toBe(0);
  }, 300_000);

  test('of a checkpoint: the run goes on to its end, and says what is not kept', async () => {
    const set = await images();
    const { folder: home } = smallDisk(12_000_000);
    // 192·20,000 weights are 15 MB.
    const trained = await command(
      [
        'train',
        `--dataset=${set}`,
        '--layers=20000',
        '--resize=8,8',
        '--nbr-epochs=2',
        '--backend=native',
        '--display-samples=0',
        '--json',
      ],
      { home },
    );
    expect(trained.code, trained.err).toBe(0);
    const [run] = runsOf(trained);
    expect(run?.status).toBe('finished');
    expect(run?.notices.join(' ')).toContain('could not be kept (the disk is full)');
    expect(run?.notices.join(' ')).toContain('The final weights could not be kept: the disk is full.');
    expect(leftovers(home)).toEqual([]);
  });

  test('of a checkpoint: prepared images that nobody uses make room for the final weights', async () => {
    const set = await images();
    // 40 images of 300×300×3 are 11 MB, and both states of a unit on them 6 MB. Those of 192·5,000 weights are 12 MB each.
    const { folder: home } = smallDisk(36_000_000);
    const large = await command(
      ['train', `--dataset=${set}`, ...SMALL.slice(1), '--layers=1', '--resize=300,300', '--nbr-epochs=1'],
      { home },
    );
    expect(large.code, large.err).toBe(0);
    const trained = await command(
      [
        ...['train', `--dataset=${set}`, '--layers=5000', '--resize=8,8', '--nbr-epochs=2'],
        ...['--backend=native', '--display-samples=0', '--json'],
      ],
      { home },
    );
    expect(trained.code, trained.err).toBe(0);
    const [run] = runsOf(trained);
    expect(run?.notices).toEqual([]);
    expect(readdirSync(join(home, 'runs', run?.id ?? '')).sort()).toEqual([
      'final.checkpoint',
      'last.checkpoint',
    ]);
    expect(leftovers(home)).toEqual([]);
  });

  test('of an export: one sentence, and no part of a file', async () => {
    const set = await images();
    const home = temporaryFolder();
    await command(['train', `--dataset=${set}`, ...SMALL, '--resize=8,8', '--nbr-epochs=3'], { home });
    const { folder } = smallDisk(65_536);
    fill(folder, 0);
    const file = join(folder, 'loss.png');
    const exported = await command(['export', 'last', '--chart=loss', `--out=${file}`], { home });
    expect(exported.code).toBe(2);
    expect(exported.err).toContain(`${file} cannot be written: the disk is full.`);
    expect(readdirSync(folder)).toEqual(['filling']);
  });
});

describe.skipIf(NO_SMALL_DISK !== undefined)('a data folder that nothing may be written to', () => {
  test('is told of in one sentence', async () => {
    const set = await images();
    const disk = smallDisk(6_000_000);
    const train = ['train', `--dataset=${set}`, ...SMALL, '--resize=8,8', '--nbr-epochs=2'];
    expect((await command(train, { home: disk.folder })).code).toBe(0);
    disk.setReadOnly(true);
    const refused = await command(train, { home: disk.folder });
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(
      /The store .* cannot be opened \(nothing may be written there\)\. Look after the folder, its disk and its permissions/,
    );
    expect(refused.err).not.toMatch(/\n {4}at /);
    disk.setReadOnly(false);
    expect((await command(train, { home: disk.folder })).code).toBe(0);
  });
});

test('a data folder that is removed while a run goes on ends it with a sentence, and the next run makes a new one', async () => {
  const set = await images();
  const home = join(temporaryFolder(), 'home');
  let isRemoved = false;
  const train = ['train', `--dataset=${set}`, ...SMALL, '--resize=8,8'];
  const ended = await command([...train, '--nbr-epochs=1000000'], {
    home,
    onError(text) {
      if (isRemoved || !/epoch +\d+\//.test(text)) return;
      isRemoved = true;
      rmSync(home, { recursive: true });
    },
  });
  expect(ended.code).not.toBe(0);
  const [run] = runsOf(ended);
  expect(run?.reason).toContain(`The data folder ${home} was removed while it ran`);
  expect(ended.err).not.toMatch(/\n {4}at /);
  expect((await command([...train, '--nbr-epochs=2'], { home })).code).toBe(0);
  expect(existsSync(join(home, 'layerbench.sqlite'))).toBe(true);
  expect(statSync(home).isDirectory()).toBe(true);
});
