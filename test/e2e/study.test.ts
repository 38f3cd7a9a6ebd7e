import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src-main/store/store.ts';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { processesOfHome } from '../support/processes-of-home.ts';
import { serveWorkbench } from '../support/served-workbench.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function homeWithNumbers(perClass = 10): Promise<string> {
  const home = temporaryFolder();
  await command(['datasets', 'create', 'numbers', '--name', 'numbers', '--per-class', String(perClass)], {
    home,
  });
  return home;
}

async function runsOf(home: string): Promise<RunRecord[]> {
  return jsonLines((await command(['runs', '--json'], { home })).out).map((line) => RunRecord.parse(line));
}

test('parts of the study are trained, judged and written down, and trained once', async () => {
  const home = await homeWithNumbers();
  const out = join(home, 'report');
  const first = await command(['study', '--only=K,grayscale', '--epochs=3', '--seeds=2', `--out=${out}`], {
    home,
  });
  expect(first.err).not.toMatch(/Error/);
  expect(first.code).toBe(0);
  // K and two experiments, two seeds each.
  expect(first.err).toMatch(/2 parts of the study, 6 runs: 0 in the store, 6 to be trained/);
  expect(first.out).toMatch(/Findings confirmed: \d of 2\. Not confirmed: \d\. The opposite found: \d\./);
  expect(first.out).toMatch(/2 seeds stand behind every figure/);
  expect(first.out).toMatch(/cut short after 3 epochs/);
  expect(first.out).toMatch(/Data set: numbers, 100 images, fingerprint [0-9a-f]{12}\./);
  expect(first.out).toMatch(/It took [\d.]+ \w+.*: 6 runs trained, 0 found in the store\./);
  expect(readdirSync(out).sort()).toEqual([
    'K-accuracy.png',
    'K-loss.png',
    'K-parameters.png',
    'figures.csv',
    'grayscale-accuracy.png',
    'grayscale-loss.png',
    'report.html',
    'report.md',
  ]);
  const report = readFileSync(join(out, 'report.md'), 'utf8');
  // In the study's own order, whatever the order asked for.
  expect(report.indexOf('### grayscale')).toBeLessThan(report.indexOf('### K'));
  // Ours over both seeds, and below it what the study prints.
  expect(report).toMatch(/\| Colour \| here \| 30,860 \| [\d.]+ \| [\d.]+ ± [\d.]+ \| [\d.]+% ± [\d.]+% \|/);
  expect(report).toMatch(
    /\| \| _study_ \| _30,860_ \| _52_ \| _1\.64_ \| _46\.0%_ \| _2\.39_ \| _17\.0%_ \| _82_ \|/,
  );
  expect(report).toContain('![Parameters of K](K-parameters.png)');
  expect(readFileSync(join(out, 'report.html'), 'utf8').match(/<img alt=/g)).toHaveLength(5);
  const [head = '', ...rows] = readFileSync(join(out, 'figures.csv'), 'utf8').trim().split('\n');
  expect(head).toMatch(/^part,experiment,run,model_seed,dataset_seed,parameters,.*,study_variance$/);
  expect(rows).toHaveLength(6);
  const runs = await runsOf(home);
  // The seeds that they were trained with, and runs that can be looked up.
  expect(rows.map((row) => row.split(',').slice(0, 4).join(' ')).sort()).toEqual(
    runs
      .map(({ id, name, config }) => {
        const experiment = name.replace(/_\d$/, '');
        return `${experiment === 'K' ? 'K' : 'grayscale'} ${experiment} ${id} ${config.modelSeed}`;
      })
      .sort(),
  );

  const second = await command(['study', '--only=grayscale,minmax', '--epochs=3', `--out=${out}`], { home });
  expect(second.err).toMatch(/2 parts of the study, 3 runs: 2 in the store, 1 to be trained/);
  expect(second.out).toMatch(/1 run trained, 2 found in the store/);

  const unknown = await command(['study', '--only=Z'], { home });
  expect(unknown.code).toBe(2);
  expect(unknown.err).toMatch(/The study has no part Z\. Those that it has: A, B, C/);
});

test('runs on other images are not taken for those of the study', async () => {
  const home = await homeWithNumbers();
  const args = ['study', '--only=grayscale', '--epochs=1', `--out=${join(home, 'report')}`];
  expect((await command(args, { home })).code).toBe(0);
  const folder = join(home, 'datasets', 'numbers');
  const [first = ''] = readdirSync(folder);
  rmSync(join(folder, first, readdirSync(join(folder, first))[0] ?? ''));
  const again = await command(args, { home });
  expect(again.err).toMatch(/2 runs: 0 in the store, 2 to be trained/);
  expect(again.out).toMatch(/numbers, 99 images/);
});

test.skipIf(process.platform !== 'linux')(
  'a study that is killed goes on from where it was, and does nothing twice',
  async () => {
    const home = await homeWithNumbers();
    const args = [
      'study',
      '--only=grayscale,K',
      '--epochs=300',
      '--seeds=2',
      `--out=${join(home, 'report')}`,
    ];
    let isDue = false;
    const killed = await command(args, {
      home,
      onError(text, signal) {
        if (isDue || !/^1\/6 /m.test(text)) return;
        isDue = true;
        // One has finished; as soon as another is in its middle, with the rest waiting, all of it ends.
        const store = openStore(join(home, 'layerbench.sqlite'), { readonly: true });
        const looking = setInterval(() => {
          if (!store.runs({ status: ['running'] }).some(({ epochs }) => epochs > 0)) return;
          clearInterval(looking);
          store.close();
          signal('SIGKILL');
        }, 10);
      },
    });
    expect(killed.code).toBe(null);
    await expect.poll(() => processesOfHome(home), { timeout: 10_000 }).toEqual([]);
    const left = await runsOf(home);
    expect(left).toHaveLength(6);
    // What was running is cut off, what waited waits on.
    const cutOff = left.filter(({ status }) => status !== 'finished');
    expect(cutOff.length).toBeGreaterThan(2);
    expect(cutOff.some(({ epochs }) => epochs > 0)).toBe(true);

    const second = await command(args, { home });
    expect(second.code).toBe(0);
    const finished = left.length - cutOff.length;
    expect(second.err).toContain(
      `6 runs: ${finished} in the store, ${cutOff.length} cut off and to go on, 0 to be trained.`,
    );
    expect(second.out).toContain(
      `0 runs trained, ${cutOff.length} taken up again, ${finished} found in the store`,
    );
    const after = await runsOf(home);
    // The same runs, every one of them whole, none begun anew.
    expect(after.map(({ id }) => id).sort()).toEqual(left.map(({ id }) => id).sort());
    for (const run of after) {
      expect(run).toMatchObject({ status: 'finished', epochs: 300, reason: null });
      expect(run.createdAt).toBe(left.find(({ id }) => id === run.id)?.createdAt);
    }
    const third = await command(args, { home });
    expect(third.err).toMatch(/6 runs: 6 in the store, 0 to be trained/);
    expect(await runsOf(home)).toEqual(after);
  },
);

test('which layer moves is judged by the exact weights, from the first step on', async () => {
  const home = await homeWithNumbers();
  const out = join(home, 'report');
  const study = await command(['study', '--only=tracked', '--epochs=2', `--out=${out}`], { home });
  expect(study.code).toBe(0);
  const [run] = await runsOf(home);
  const workbench = await serveWorkbench(home);
  try {
    const curves = await workbench.client.call('series', {
      runs: [run?.id ?? ''],
      metrics: ['moved.L0_Dense_W', 'moved.L4_Dense_W'],
    });
    const [first = NaN, other = NaN] = curves.map(({ values }) => values.at(-1) ?? NaN);
    const times = first / other;
    expect(times).toBeGreaterThan(0);
    // The verdict and the figure that it rests on.
    const verdict = times > 3 ? 'confirmed' : times < 1 ? 'opposite' : 'not confirmed';
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain(
      `is above 3.00 times (contrary below 1.00 times): ${times.toPrecision(3)} times, ${verdict}.`,
    );
    expect(study.out).toMatch(new RegExp(`tracked +Which layers change +${verdict}`));
  } finally {
    await workbench.close();
  }
});

test('what another process has under way is waited for, not trained twice', async () => {
  const home = await homeWithNumbers();
  const workbench = await serveWorkbench(home);
  try {
    const wish = { only: ['grayscale'], seeds: 1, epochs: 400 };
    expect(await workbench.client.call('launchStudy', { ...wish, jobs: 1 })).toEqual({
      launched: 2,
      continued: 0,
    });
    // Asked for once more, nothing is queued.
    expect(await workbench.client.call('launchStudy', { ...wish, jobs: 1 })).toEqual({
      launched: 0,
      continued: 0,
    });
    expect(await workbench.client.call('study', wish)).toMatchObject({ wanted: 2, finished: 0, underWay: 2 });
    const study = await command(
      ['study', '--only=grayscale', '--epochs=400', `--out=${join(home, 'report')}`],
      { home },
    );
    expect(study.code).toBe(0);
    expect(study.err).toMatch(/2 runs: [01] in the store, [12] under way elsewhere, 0 to be trained/);
    expect(study.err).toMatch(/Waiting for [12] runs? that another process has under way/);
    expect(await runsOf(home)).toHaveLength(2);
    const report = await workbench.client.call('studyReport', wish);
    expect(report.markdown).toContain('### grayscale: Grayscale');
    expect(report.pictures.map(({ file }) => file)).toEqual(['grayscale-loss.png', 'grayscale-accuracy.png']);
    for (const { file } of report.pictures) expect(report.html).toContain(`src="${file}"`);
  } finally {
    await workbench.close();
  }
});
