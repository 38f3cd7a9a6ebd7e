import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultConfig } from '../../../src-preload/contract/config.ts';
import {
  type Checkpoint,
  readCheckpoint,
  weightsSha256,
  writeCheckpoint,
} from '../../../src-main/training/checkpoint.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerbench-checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

const checkpoint: Checkpoint = {
  config: { ...defaultConfig(), dataset: 'Zähler' },
  inputShape: [1, 2, 1],
  classes: ['ä', 'b'],
  epoch: 7,
  steps: 14,
  weights: [
    { name: 'L0_Dense_W', shape: [2, 2], values: Float32Array.of(1, -0.5, NaN, 3e-39) },
    { name: 'L0_Dense_B', shape: [2], values: Float32Array.of(0.25, 4) },
  ],
  optimizer: [{ name: 'L0_Dense_B/FirstMoment', shape: [2], values: Float32Array.of(9, 8) }],
  elapsed: 12.5,
  isUnstable: true,
  stopping: { best: { epoch: 3, loss: 0.25 }, stopEpoch: null },
  bestEpoch: 3,
  bestWeights: [{ name: 'L0_Dense_B', shape: [2], values: Float32Array.of(7, NaN) }],
};

test('what is written is read back, bit for bit, and nothing else is left in the folder', async () => {
  const file = join(folder, 'final.checkpoint');
  await writeCheckpoint(file, { ...checkpoint, epoch: 1 });
  await writeCheckpoint(file, checkpoint);
  expect(await readCheckpoint(file)).toEqual(checkpoint);
  expect(await readdir(folder)).toEqual(['final.checkpoint']);
});

test('a file that is cut off, too long or something else is refused', async () => {
  const file = join(folder, 'final.checkpoint');
  await writeCheckpoint(file, checkpoint);
  const bytes = await readFile(file);
  for (const damaged of [
    bytes.subarray(0, bytes.length - 1),
    Buffer.concat([bytes, Buffer.of(0)]),
    bytes.subarray(0, 5),
    Buffer.from('something else altogether'),
  ]) {
    await writeFile(file, damaged);
    await expect(readCheckpoint(file)).rejects.toThrow('is no checkpoint, or it is damaged');
  }
});

test('writing into a folder that is not there fails and leaves nothing', async () => {
  await expect(writeCheckpoint(join(folder, 'absent', 'a.checkpoint'), checkpoint)).rejects.toThrow('ENOENT');
  expect(await readdir(folder)).toEqual([]);
});

test('the hash of weights is that of their float32 numbers in order', () => {
  // The four bytes of 1 as float32, little endian: 00 00 80 3f; printf '\x00\x00\x80\x3f' | sha256sum
  const one = { name: 'L0_Dense_W', shape: [1], values: Float32Array.of(1) };
  const two = { name: 'L0_Dense_B', shape: [1], values: Float32Array.of(2) };
  expect(weightsSha256([one])).toBe('e00e5eb9444182f352323374ef4e08ebcb784725fdd4fd612d7730540b3e0c8c');
  expect(weightsSha256([one, two])).not.toBe(weightsSha256([two, one]));
});
