import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Rung } from '../../src-preload/contract/training-process.ts';
import { RunPlan, RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SMALL = ['--resize=8,8', '--layers=6', '--nbr-epochs=3', '--learning-rate=0.01', '--backend=native'];

const RunLadder = z.looseObject({ ladder: z.array(Rung) });

async function smallSet(): Promise<{ home: string; set: string }> {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 20, square: 20 });
  return { home, set };
}

test('from a folder of images to kept, comparable runs', async () => {
  const { home, set } = await smallSet();
  const trained = await command(
    [
      'train',
      `--dataset=${set}`,
      ...SMALL,
      '--exp-id=one',
      '--track-layer=L0_Dense_W,3',
      '--json',
      '--experiment',
      `--dataset=${set}`,
      ...SMALL,
      '--exp-id=two',
      '--grayscale',
    ],
    { home },
  );
  expect(trained.err).not.toMatch(/Error/);
  expect(trained.code).toBe(0);
  const runs = jsonLines(trained.out).map((line) => RunRecord.parse(line));
  expect(runs.map(({ name, status, epochs }) => [name, status, epochs])).toEqual([
    ['one', 'finished', 3],
    ['two', 'finished', 3],
  ]);
  const [one, two] = runs;
  // 8×8×3 inputs, 6 units, 2 classes: 192·6 + 2·6 + 6·2 + 2·2 = 1180; grey: 64·6 + 12 + 12 + 4 = 412.
  expect([one?.parameters, two?.parameters]).toEqual([1180, 412]);
  // 20 images a class: 14 training, 3 dev, 3 test.
  expect(one?.samples).toEqual({ training: 28, dev: 6, test: 6 });
  expect(one?.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(one?.preparation?.decoded).toBe(40);

  const listed = await command(['runs', '--json', '--name', 'two'], { home });
  expect(jsonLines(listed.out).map((line) => RunRecord.parse(line).id)).toEqual([two?.id]);
  const shown = await command(['show', 'one', '--json'], { home });
  expect(RunRecord.parse(JSON.parse(shown.out))).toEqual(one);
  const compared = await command(['compare', 'one', 'two'], { home });
  expect(compared.out).toMatch(/Grayscale/);
  expect(compared.out).not.toMatch(/Hidden layers/);
  expect(compared.out).toMatch(/On the same dev images\n {2}Right of 6 images: one .*, two /);

  const again = await command(['rerun', 'one', '--verify'], { home });
  expect(again.out).toMatch(/bit for bit/);
  expect(again.code).toBe(0);
  const rerun = RunRecord.parse(JSON.parse((await command(['show', 'last', '--json'], { home })).out));
  expect(rerun.preparation?.decoded).toBe(0);
  expect(rerun.weightsSha256).toBe(one?.weightsSha256);

  for (const chart of ['loss', 'accuracy', 'confusion', 'weights']) {
    const png = join(home, `${chart}.png`);
    const exported = await command(
      ['export', 'one', '--chart', chart, '--out', png, '--width', '640', '--height', '480'],
      { home },
    );
    expect(exported.err).not.toMatch(/Error/);
    expect(exported.code).toBe(0);
    const { width, height } = await sharp(png).metadata();
    expect([width, height]).toEqual([640, 480]);
  }
  const svg = join(home, 'loss.svg');
  await command(['export', 'one', 'two', '--chart', 'loss', '--out', svg], { home });
  expect(await readFile(svg, 'utf8')).toMatch(/^<svg/);
  const csv = join(home, 'loss.csv');
  await command(['export', 'one', 'two', '--chart', 'loss', '--out', csv], { home });
  // A head, and three epochs of two runs.
  expect((await readFile(csv, 'utf8')).trim().split('\n')).toHaveLength(7);
});

test('the plan tells what would run and trains nothing', async () => {
  const { home, set } = await smallSet();
  const planned = await command(['train', `--dataset=${set}`, ...SMALL, '--plan', '--json'], { home });
  const [plan] = jsonLines(planned.out).map((line) => RunPlan.parse(line));
  expect(plan?.inputShape).toEqual([8, 8, 3]);
  expect(
    plan?.layers.flatMap(({ parameters }) => parameters.map(({ name, count }) => [name, count])),
  ).toEqual([
    ['L0_Dense_W', 1152],
    ['L2_BatchNormalization_Gamma', 6],
    ['L2_BatchNormalization_Beta', 6],
    ['L4_Dense_W', 12],
    ['L6_BatchNormalization_Gamma', 2],
    ['L6_BatchNormalization_Beta', 2],
  ]);
  expect(plan?.parameters).toBe(1180);
  expect(plan?.paramsPerSample).toBeCloseTo(1180 / 28);
  expect((await command(['runs', '--json'], { home })).out).toBe('');
});

test('runs that differ in their model seed alone', async () => {
  const { home, set } = await smallSet();
  const trained = await command(
    ['train', `--dataset=${set}`, ...SMALL, '--training-times=2', '--model-seed=5', '--json'],
    { home },
  );
  const runs = jsonLines(trained.out).map((line) => RunRecord.parse(line));
  expect(runs.map(({ name, config }) => [name, config.modelSeed])).toEqual([
    ['main_0', 5],
    ['main_1', 6],
  ]);
  expect(runs[0]?.weightsSha256).not.toBe(runs[1]?.weightsSha256);
});

test('Ctrl-C ends a run tidily and keeps it as stopped', async () => {
  const { home, set } = await smallSet();
  let sent = false;
  const stopped = await command(
    [
      'train',
      `--dataset=${set}`,
      '--resize=8,8',
      '--layers=6',
      '--nbr-epochs=1000000',
      '--backend=native',
      '--json',
    ],
    {
      home,
      onError(text, signal) {
        if (sent || !text.includes('epoch')) return;
        sent = true;
        signal('SIGINT');
      },
    },
  );
  expect(stopped.code).toBe(130);
  const [run] = jsonLines(stopped.out).map((line) => RunRecord.parse(line));
  expect(run?.status).toBe('stopped');
  expect(run?.epochs).toBeGreaterThan(0);
  expect(RunRecord.parse(JSON.parse((await command(['show', 'last', '--json'], { home })).out))).toEqual(run);
});

test.each<[string[], RegExp]>([
  [['--lerning-rate=1'], /--learning-rate/],
  [['--layers=10,x'], /--layers=10,x.*whole numbers/],
  [['--resize=0,5'], /--resize=0,5.*1 to 2048/],
  [['--partitions=0.5,0.1,0.1'], /--partitions.*sum to 1/],
  [['--learning-rate=-1'], /--learning-rate=-1.*above 0/],
  [['--early-stopping=stop', '--eval-dev=false'], /--early-stopping=stop.*--eval-dev=false/],
  [['--dataset=nombers'], /nombers.*numbers, colors/s],
  [['--track-layer=L9_Dense_W,2'], /L9_Dense_W.*L0_Dense_W/s],
  [['--track-layer=L0_Dense_W,200'], /L0_Dense_W/],
])('%j is for the user to mend', async (args, sentence) => {
  const { home, set } = await smallSet();
  const base = args.some((argument) => argument.startsWith('--dataset')) ? [] : [`--dataset=${set}`];
  const failed = await command(['train', ...base, ...args], { home });
  expect(failed.err).toMatch(sentence);
  expect(failed.err).not.toMatch(/\n {4}at /);
  expect(failed.code).toBe(2);
});

test('doctor tells what can train', async () => {
  const told = await command(['doctor', '--json'], { home: temporaryFolder() });
  expect(told.code).toBe(0);
  const ladder = RunLadder.parse(JSON.parse(told.out));
  expect(ladder.ladder.map(({ name }) => name)).toEqual(['cuda', 'webgpu', 'native', 'wasm', 'cpu']);
  expect(ladder.ladder.every(({ reason }) => reason.endsWith('.'))).toBe(true);
});
