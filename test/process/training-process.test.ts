import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { TrainingMessage } from '../../src-preload/contract/training-process.ts';
import { PART_ORDER, writePrepared } from '../../src-main/data/prepared.ts';
import { readCheckpoint, weightsSha256 } from '../../src-main/training/checkpoint.ts';
import { ladder, selectCompute } from '../../src-main/training/compute/select.ts';
import { smallConfig, smallSet, trainSmall } from '../support/training/small-set.ts';
import { startTrainingChild, type TrainingChild } from '../support/training/training-child.ts';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const WITH_VULKAN = existsSync(SWIFTSHADER)
  ? { VK_DRIVER_FILES: SWIFTSHADER, VK_ICD_FILENAMES: SWIFTSHADER }
  : {};

let folder = '';
let preparedFile = '';
let checkpointFile = '';
const children: TrainingChild[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerbench-training-'));
  preparedFile = join(folder, 'small.prepared');
  checkpointFile = join(folder, 'final.checkpoint');
  const { inputShape, classes, parts } = smallSet();
  const writer = await writePrepared(preparedFile, inputShape, classes);
  const features = inputShape[0] * inputShape[1] * inputShape[2];
  for (const name of PART_ORDER) {
    const { count, labels, paths, pixels } = parts[name];
    for (let image = 0; image < count; image++) {
      const own = pixels.subarray(image * features, (image + 1) * features);
      await writer.add(name, labels[image] ?? 0, paths[image] ?? '', own);
    }
  }
  await writer.finish([]);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

function start(env: NodeJS.ProcessEnv = {}, leadsSession = false): TrainingChild {
  const child = startTrainingChild(env, leadsSession);
  children.push(child);
  return child;
}

function train(child: TrainingChild, changes: Partial<RunConfig> = {}): void {
  child.send({ kind: 'train', config: smallConfig(changes), preparedFile, checkpointFile });
}

/** What of a run must be the same when it is trained again. */
function result(messages: readonly TrainingMessage[]): unknown[] {
  return messages.flatMap((message): unknown[] => {
    if (message.kind === 'epoch') {
      return [[message.figures.training, message.figures.dev, message.snapshots]];
    }
    if (message.kind !== 'done') return [];
    return [[message.final, message.weightsSha256, message.devPredictions, message.snapshots]];
  });
}

/** The priority that Linux gives to the session of a process as a whole; null where it tells sessions not apart. */
function sessionPriority(pid: number | 'self'): number | null {
  const file = `/proc/${pid}/autogroup`;
  if (!existsSync(file)) return null;
  return Number(/nice (-?\d+)/.exec(readFileSync(file, 'latin1'))?.[1]);
}

describe.skipIf(process.platform === 'win32')(
  'a training gives way to whatever else the machine does',
  () => {
    const { PRIORITY_BELOW_NORMAL } = constants.priority;

    test('with its whole session, where that is its own', async () => {
      const child = start({}, true);
      train(child, { backend: 'cpu' });
      await child.next('started');
      expect(getPriority(child.pid)).toBe(PRIORITY_BELOW_NORMAL);
      const priority = sessionPriority(child.pid);
      if (priority !== null) expect(priority).toBe(PRIORITY_BELOW_NORMAL);
    });

    test('alone, where others are in its session', async () => {
      const child = start();
      train(child, { backend: 'cpu' });
      await child.next('started');
      expect(getPriority(child.pid)).toBe(PRIORITY_BELOW_NORMAL);
      expect(sessionPriority('self')).not.toBe(PRIORITY_BELOW_NORMAL);
    });
  },
);

describe('a run', () => {
  test('tells of its start, every epoch and its end, and keeps its final state', async () => {
    const child = start();
    train(child, { backend: 'cpu', trackLayer: [{ parameter: 'L0_Dense_W', units: 2 }] });
    const started = await child.next('started', 'failed');
    expect(started).toMatchObject({
      backend: { name: 'cpu' },
      // 16 × 6 + 12, 6 × 5 + 10, 5 × 3 + 6
      network: { parameters: 169 },
      samples: { training: 23, dev: 9, test: 8 },
    });
    const done = await child.next('done', 'failed');
    if (done.kind !== 'done') throw new Error(done.error.message);
    const epochs = child.messages.flatMap((message) =>
      message.kind === 'epoch' ? [message.figures.epoch] : [],
    );
    expect(epochs).toEqual([1, 2, 3, 4, 5]);
    // The same as every backend gives for this network.
    expect(done.final?.dev?.loss).toBeCloseTo(0.985737, 4);
    expect(done.peakMemoryBytes).toBeGreaterThan(10e6);
    const checkpoint = await readCheckpoint(checkpointFile);
    expect(weightsSha256(checkpoint.weights)).toBe(done.weightsSha256);
    expect(checkpoint.classes).toEqual(['class0', 'class1', 'class2']);
  });

  test('ends at the next minibatch when it is asked to, keeping what it has', async () => {
    const child = start();
    train(child, { backend: 'cpu', nbrEpochs: 1_000_000 });
    await child.next('epoch');
    child.send({ kind: 'stop' });
    const done = await child.next('done', 'failed');
    expect(done).toMatchObject({ kind: 'done', outcome: 'stopped' });
    const epochs = child.messages.filter((message) => message.kind === 'epoch').length;
    expect(done).toMatchObject({ reason: `Stopped on request after ${epochs} of 1000000 epochs.` });
  });

  test('fails with a sentence for its user where the options do not fit', async () => {
    const child = start();
    train(child, { backend: 'cpu', trackLayer: [{ parameter: 'L9_Dense_W', units: 2 }] });
    const failed = await child.next('failed', 'done');
    expect(failed).toMatchObject({ kind: 'failed', error: { kind: 'user' } });
  });

  test('tells that there is nothing to train on, which its host can mend', async () => {
    const child = start();
    const absent = join(folder, 'absent.prepared');
    child.send({
      kind: 'train',
      config: smallConfig({ backend: 'cpu' }),
      preparedFile: absent,
      checkpointFile,
    });
    expect(await child.next('unprepared', 'failed', 'done')).toEqual({ kind: 'unprepared' });
  });

  test('is one to a process', async () => {
    const child = start();
    train(child, { backend: 'cpu', nbrEpochs: 1_000_000 });
    await child.next('epoch');
    train(child);
    const failed = await child.next('failed');
    expect(failed.error.message).toBe('One process trains one run.');
  });
});

describe('twice the same run gives the same figures, bit for bit, on', () => {
  test.for(['cpu', 'wasm', 'native', 'webgpu'] as const)('%s', async (backend, context) => {
    const rung = (await ladder()).find((one) => one.name === backend);
    const isThere = rung?.available === true || (backend === 'webgpu' && existsSync(SWIFTSHADER));
    if (!isThere) return context.skip(`no ${backend} here: ${rung?.reason ?? ''}`);
    const runs = [];
    for (let time = 0; time < 2; time++) {
      const child = start(backend === 'webgpu' ? WITH_VULKAN : {});
      train(child, {
        backend,
        layers: [6],
        dropoutRate: 0.2,
        noiseIntensity: 0.1,
        maxMinibatchSize: 12,
        nbrEpochs: 3,
        displaySamples: 1,
      });
      const ended = await child.next('done', 'failed');
      if (ended.kind === 'failed') throw new Error(ended.error.message);
      runs.push(result(child.messages));
      // Nobody but its host is to read what it says.
      expect(child.output()).toBe('');
      expect(await child.disconnect()).toBe(0);
    }
    expect(runs[0]).toHaveLength(4);
    expect(runs[1]).toEqual(runs[0]);
  });
});

test('images that are augmented ahead on other threads are those that one thread makes', async () => {
  const config = smallConfig({
    backend: 'cpu',
    nbrClones: 3,
    rotAngle: 20,
    noiseIntensity: 0.1,
    maxMinibatchSize: 30,
    displaySamples: 2,
    nbrEpochs: 4,
  });
  const { compute } = await selectCompute('cpu');
  const expected = await trainSmall(compute, config);
  const child = start();
  train(child, config);
  const done = await child.next('done', 'failed');
  if (done.kind === 'failed') throw new Error(done.error.message);
  expect(done.weightsSha256).toBe(expected.outcome.weightsSha256);
  const epochs = child.messages.flatMap((message) => (message.kind === 'epoch' ? [message] : []));
  expect(epochs.map(({ figures }) => figures.training)).toEqual(
    expected.epochs.map((figures) => figures.training),
  );
  expect(epochs.flatMap((epoch) => epoch.snapshots)).toEqual(expected.snapshots);
});

describe('questions', () => {
  test('are answered as often as they are asked, each by its number', async () => {
    const child = start();
    const inputShape: [number, number, 1] = [16, 16, 1];
    child.send({ kind: 'describe', id: 7, config: smallConfig({ layers: [16] }), inputShape, classes: 10 });
    // 256 × 16 + 32 + 16 × 10 + 20
    expect(await child.next('description')).toMatchObject({ id: 7, description: { parameters: 4308 } });
    child.send({
      kind: 'describe',
      id: 8,
      config: smallConfig({ trackLayer: [{ parameter: 'L1_Dropout_W', units: 1 }] }),
      inputShape,
      classes: 10,
    });
    expect(await child.next('requestError')).toMatchObject({
      id: 8,
      error: { kind: 'user', message: expect.stringContaining('There are L0_Dense_W, ') as string },
    });
    child.send({ kind: 'ladder', id: 9 });
    const reply = await child.next('ladderReply');
    expect(reply.id).toBe(9);
    expect(reply.rungs.map((rung) => rung.name)).toEqual(['cuda', 'webgpu', 'native', 'wasm', 'cpu']);
    expect(child.output()).toBe('');
  });

  test('that make no sense are refused with what is wrong with them', async () => {
    const child = start();
    child.send({ kind: 'train' });
    const failed = await child.next('failed');
    expect(failed.error.kind).toBe('user');
    expect(failed.error.message).toContain('preparedFile');
  });
});

describe('a process whose host is gone ends', () => {
  test('when it has nothing to do', async () => {
    const child = start();
    child.send({ kind: 'ladder', id: 1 });
    await child.next('ladderReply');
    expect(await child.disconnect()).toBe(0);
  });

  test('in the middle of a run', async () => {
    const child = start();
    train(child, { backend: 'wasm', nbrEpochs: 1_000_000 });
    await child.next('epoch');
    expect(await child.disconnect()).toBe(0);
  });
});
