import { join } from 'node:path';
import Database from 'better-sqlite3';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import type { RunRow } from '../../../src-preload/contract/api.ts';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { browserPath, openKillableBrowser } from '../../support/page/browser.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { processesOfHome } from '../../support/processes-of-home.ts';
import { type ServedWorkbench, serveWorkbench } from '../../support/served-workbench.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** How often something is killed; a hundred times takes some minutes. */
const KILLS = Number(process.env['LAYERBENCH_KILLS'] ?? 8);

/** What can be killed: processes, or the way that a page has to its host. */
const VICTIMS = [
  'training-process.js',
  'training-process.js',
  'cli.js',
  'cli.js',
  'data-process.js',
  'page',
] as const;

const EPOCHS = 60;

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
    const random = xoroshiro128plus(2026);
    const whole = await unbroken(set);
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
      if (victim === 'page') {
        const { client, socket } = await bench.connect();
        client.follow('events', {}, () => undefined);
        socket.terminate();
      } else {
        for (const { pid, program } of processesOfHome(home)) {
          if (program === victim) {
            process.kill(pid, 'SIGKILL');
            break;
          }
        }
      }
      if (victim === 'cli.js') {
        bench.client.close();
        await expect.poll(() => processesOfHome(home), { timeout: 20_000 }).toEqual([]);
        bench = await serveWorkbench(home);
        witness.follow(bench);
      }
      await everythingIsThere(bench, witness, victim === 'cli.js');
    }
    console.log(`killed: ${[...killed].map(([name, times]) => `${name} ${times}×`).join(', ')}`);

    await goOnToTheEnd(bench);
    for (const run of await allRuns(bench)) {
      expect(run, run.reason ?? '').toMatchObject({ status: 'finished', epochs: EPOCHS });
      expect(run.weightsSha256, run.name).toBe(whole.get(nameOf(run)));
    }
    await bench.close();
    const database = new Database(join(home, 'layerbench.sqlite'), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  },
  60_000 + KILLS * 30_000,
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

/** The final weights of each run of the sweep where nobody disturbs it. */
async function unbroken(set: string): Promise<ReadonlyMap<string, string | null>> {
  const bench = await serveWorkbench(temporaryFolder());
  await bench.client.call('launch', { configs: sweep(set), jobs: 2 });
  await goOnToTheEnd(bench);
  const whole = new Map((await allRuns(bench)).map((run) => [nameOf(run), run.weightsSha256]));
  await bench.close();
  return whole;
}

function nameOf({ config }: RunRow): string {
  return config.expId;
}

function allRuns({ client }: ServedWorkbench): Promise<RunRow[]> {
  return client.call('runs', {});
}

/** Every epoch that was told of is kept, as a row and as a curve; runs that nobody works on say why they ended. */
async function everythingIsThere(
  bench: ServedWorkbench,
  witness: Witness,
  isNewHost: boolean,
): Promise<void> {
  // What is told while the rows are read need not be in them.
  const told = new Map(witness.told);
  const runs = await allRuns(bench);
  for (const run of runs) {
    expect(run.epochs, run.name).toBeGreaterThanOrEqual(told.get(run.id) ?? 0);
    if (isNewHost) expect(['finished', 'interrupted']).toContain(run.status);
    if (run.status === 'interrupted') expect(run.reason).toMatch(/ended/);
  }
  const still = runs.filter(({ status }) => status !== 'running').slice(0, 400);
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
        { timeout: 120_000, interval: 100 },
      )
      .toBe(0);
    const broken = (await allRuns(bench)).filter(({ status }) => status === 'interrupted');
    if (broken.length === 0) return;
    for (const { id } of broken) await bench.client.call('continueRun', { run: id });
  }
}
