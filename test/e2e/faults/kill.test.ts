import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test, vi } from 'vitest';
import type { RunRow } from '../../../src-preload/contract/api.ts';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { browserPath, openKillableBrowser } from '../../support/page/browser.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { processesOfHome } from '../../support/processes-of-home.ts';
import { type ServedWorkbench, serveWorkbench } from '../../support/served-workbench.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** How often something is killed; a hundred times takes some minutes. */
const KILLS = Number(process.env['LAYERBENCH_KILLS'] ?? 8);

/** What can be killed. */
const VICTIMS = [
  'training-process.js',
  'training-process.js',
  'cli.js',
  'cli.js',
  'data-process.js',
  'page',
] as const;

const EPOCHS = 30;

const PATIENCE = { timeout: 120_000, interval: 50 };

/** Runs of a sweep: everything that has a state of its own, in steps so small that a run takes a second or two. */
function sweep(dataset: string): RunConfig[] {
  return [3, 5].flatMap((units) =>
    [0, 1].map((modelSeed) =>
      RunConfig.parse({
        dataset,
        resize: { width: 8, height: 8 },
        layers: [units],
        modelSeed,
        expId: `u${units}s${modelSeed}`,
        maxMinibatchSize: 1,
        nbrClones: 2,
        rotAngle: 15,
        noiseIntensity: 0.05,
        dropoutRate: 0.2,
        nbrEpochs: EPOCHS,
        backend: 'native',
        displaySamples: 0,
      }),
    ),
  );
}

/** A run whose images take long enough to be prepared that something can happen meanwhile. */
function large(dataset: string): RunConfig {
  return RunConfig.parse({
    dataset,
    resize: { width: 8, height: 8 },
    layers: [3],
    expId: 'large',
    nbrEpochs: 1,
    backend: 'native',
    displaySamples: 0,
  });
}

/** Follows a host's runs, and remembers the highest epoch that it has told of each. */
class Witness {
  readonly told = new Map<string, number>();
  private bench: ServedWorkbench | undefined;
  private epochs = 0;
  private wake: (() => void) | undefined;

  follow(bench: ServedWorkbench): void {
    this.bench = bench;
    bench.client.follow('events', {}, (event) => {
      if (event.kind === 'epochs') {
        for (const { epoch } of event.figures) this.saw(event.run, epoch);
      }
    });
  }

  private saw(run: string, epoch: number): void {
    this.told.set(run, Math.max(this.told.get(run) ?? 0, epoch));
    this.epochs++;
    this.wake?.();
  }

  /** Until so many more epochs were told of, or nothing is left to be done. */
  async epochsMore(wanted: number): Promise<void> {
    const until = this.epochs + wanted;
    while (this.epochs < until) {
      const queue = await this.bench?.client.call('queue', {});
      if (queue === undefined || queue.working.length + queue.waiting.length === 0) return;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, 200);
      });
    }
  }
}

test.skipIf(process.platform !== 'linux')(
  `${KILLS} times something is killed in the middle of sweeps, and nothing that was told is lost`,
  async () => {
    const home = temporaryFolder();
    const set = join(home, 'shapes');
    await writeImageFolder(set, { round: 12, square: 12 });
    const crowd = join(home, 'crowd');
    await writeImageFolder(crowd, { round: 1500, square: 1500 });
    const random = xoroshiro128plus(2026);
    const whole = await unbroken([...sweep(set), large(crowd)]);
    const witness = new Witness();
    let bench = await serveWorkbench(home);
    witness.follow(bench);
    const killed = new Map<string, number>();
    for (let kill = 0; kill < KILLS; kill++) {
      const { working, waiting } = await bench.client.call('queue', {});
      if (working.length + waiting.length < 2) {
        await bench.client.call('launch', { configs: sweep(set), jobs: 2 });
      }
      await witness.epochsMore(uniformInt(random, 0, 3 * EPOCHS));
      await new Promise((resolve) => setTimeout(resolve, uniformInt(random, 0, 30)));
      const victim = VICTIMS[uniformInt(random, 0, VICTIMS.length - 1)] ?? 'cli.js';
      killed.set(victim, (killed.get(victim) ?? 0) + 1);
      if (victim === 'page') await killPage(bench);
      else if (victim === 'data-process.js') await killPreparation(bench, home, large(crowd));
      else killOne(home, victim);
      if (victim === 'cli.js') {
        bench.client.close();
        await expect.poll(() => processesOfHome(home), { timeout: 20_000 }).toEqual([]);
        bench = await serveWorkbench(home);
        witness.follow(bench);
      }
      await everythingIsThere(bench, witness);
    }
    console.log(`killed: ${[...killed].map(([name, times]) => `${name} ${times}×`).join(', ')}`);

    await goOnToTheEnd(bench);
    const runs = await allRuns(bench);
    for (const run of runs) {
      expect(run, run.reason ?? '').toMatchObject({ status: 'finished', epochs: run.config.nbrEpochs });
      expect(await resultOf(bench, run), run.name).toEqual(whole.get(nameOf(run)));
    }
    console.log(`${runs.length} runs, each to the curves and weights of one that nothing happened to`);
    await bench.close();
    const database = new Database(join(home, 'layerbench.sqlite'), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  },
  240_000 + KILLS * 60_000,
);

test.skipIf(process.platform !== 'linux' || browserPath === undefined)(
  'a browser that is killed while it watches takes no run with it',
  async () => {
    const home = temporaryFolder();
    const set = join(home, 'shapes');
    await writeImageFolder(set, { round: 12, square: 12 });
    const bench = await serveWorkbench(home);
    const [run] = await bench.client.call('launch', { configs: sweep(set).slice(0, 1), jobs: 1 });
    const { browser, kill } = await openKillableBrowser();
    const page = await (await browser.newContext()).newPage();
    await page.goto(bench.served.link);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(`location.hash = '#/runs/${run?.id ?? ''}'`);
    await page.getByRole('heading', { level: 1, name: 'u3s0' }).waitFor();
    kill();
    await goOnToTheEnd(bench);
    expect(await allRuns(bench)).toMatchObject([{ status: 'finished', epochs: EPOCHS }]);
    await bench.close();
  },
);

/** What a run came to: curves with their gaps where it has any, and weights. */
interface Result {
  readonly weights: string | null;
  readonly curves: readonly { readonly epochs: readonly number[]; readonly values: readonly number[] }[];
}

async function resultOf({ client }: ServedWorkbench, { id, weightsSha256 }: RunRow): Promise<Result> {
  const curves = await client.call('series', {
    runs: [id],
    metrics: ['training.loss', 'training.accuracy', 'dev.loss', 'dev.accuracy'],
  });
  return {
    weights: weightsSha256,
    curves: curves.map(({ epochs, values }) => ({ epochs: [...epochs], values: [...values] })),
  };
}

/** What each run of the sweep comes to where nobody disturbs it. */
async function unbroken(configs: readonly RunConfig[]): Promise<ReadonlyMap<string, Result>> {
  const bench = await serveWorkbench(temporaryFolder());
  await bench.client.call('launch', { configs: [...configs], jobs: 2 });
  await goOnToTheEnd(bench);
  const whole = new Map<string, Result>();
  for (const run of await allRuns(bench)) whole.set(nameOf(run), await resultOf(bench, run));
  await bench.close();
  return whole;
}

/** Kills one process of a program, where there is any. */
function killOne(home: string, victim: string): boolean {
  const found = processesOfHome(home).find(({ program }) => program === victim);
  if (found !== undefined) process.kill(found.pid, 'SIGKILL');
  return found !== undefined;
}

/** Kills a browser, or where there is none a connection, in the middle of what its page does. */
async function killPage(bench: ServedWorkbench): Promise<void> {
  if (browserPath === undefined) {
    const { client, socket } = await bench.connect();
    client.follow('events', {}, () => undefined);
    socket.terminate();
    return;
  }
  const { browser, kill } = await openKillableBrowser();
  const page = await (await browser.newContext()).newPage();
  await page.goto(bench.served.link);
  await page.getByRole('heading', { level: 1 }).waitFor();
  kill();
}

/** Kills the process that prepares images while it prepares those of one more run, of which nothing is there yet. */
async function killPreparation({ client }: ServedWorkbench, home: string, config: RunConfig): Promise<void> {
  let launched = '';
  const isPrepared = new Promise<void>((resolve) => {
    const leave = client.follow('events', {}, (event) => {
      if (event.kind !== 'preparing' || event.run !== launched || event.progress.done === 0) return;
      leave();
      killOne(home, 'data-process.js');
      resolve();
    });
  });
  rmSync(join(home, 'cache'), { recursive: true, force: true });
  const [run] = await client.call('launch', { configs: [config], jobs: 3 });
  launched = run?.id ?? '';
  await isPrepared;
  await vi.waitFor(async () => {
    const { status, reason } = await client.call('run', { run: launched });
    expect(status).toBe('interrupted');
    expect(reason).toMatch(/^The process that prepares images /);
  }, PATIENCE);
}

function nameOf({ config }: RunRow): string {
  return config.expId;
}

function allRuns({ client }: ServedWorkbench): Promise<RunRow[]> {
  return client.call('runs', {});
}

/** Every epoch that was told of is kept, as a row and as a curve; runs that nobody works on say why they ended. */
async function everythingIsThere(bench: ServedWorkbench, witness: Witness): Promise<void> {
  // What is told while the rows are read need not be in them.
  const told = new Map(witness.told);
  const runs = await allRuns(bench);
  for (const run of runs) {
    expect(run.epochs, run.name).toBeGreaterThanOrEqual(told.get(run.id) ?? 0);
    const how = `${run.name}: ${run.reason ?? ''}`;
    expect(['queued', 'running', 'finished', 'interrupted'], how).toContain(run.status);
    if (run.status === 'interrupted') expect(run.reason).toMatch(/ended/);
  }
  const still = runs.filter(({ endedAt }) => endedAt !== null).slice(0, 400);
  const losses = await bench.client.call('series', {
    runs: still.map(({ id }) => id),
    metrics: ['training.loss'],
  });
  expect(losses.map(({ epochs }) => epochs.length)).toEqual(still.map(({ epochs }) => epochs));
}

/** Waits for what is under way, and lets everything that was interrupted go on. */
async function goOnToTheEnd(bench: ServedWorkbench): Promise<void> {
  for (;;) {
    await expect
      .poll(
        async () => {
          const { working, waiting } = await bench.client.call('queue', {});
          return working.length + waiting.length;
        },
        { timeout: 600_000, interval: 100 },
      )
      .toBe(0);
    if ((await bench.client.call('continueAll', {})).continued === 0) return;
  }
}
