import { createHash } from 'node:crypto';
import { open, readFile, rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RunConfig } from '../../src-preload/contract/config.ts';
import { InputShape } from '../../src-preload/contract/dataset.ts';
import type { EarlyStopping } from './early-stopping.ts';
import type { NamedValues } from './network/network.ts';
import { countOf } from './network/parameter.ts';

/*
 * A checkpoint: 8 bytes of magic, the length of the head (uint32, little endian), the head (JSON, filled with spaces
 * to a multiple of 4 bytes), then the numbers of all tensors as float32, little endian, in the order of the head.
 */
const MAGIC = 'LBCKPT01';
const START = MAGIC.length + 4;

/** Bytes of a disk that are left to the store, which can do without less than a checkpoint can. */
const ROOM_FOR_OTHERS = 2 ** 20;

const TensorHead = z.object({ name: z.string(), shape: z.array(z.int().min(1)) });
const Head = z.object({
  config: RunConfig,
  inputShape: InputShape,
  classes: z.array(z.string()).min(2),
  epoch: z.int().min(0),
  steps: z.int().min(0),
  weights: z.array(TensorHead),
  optimizer: z.array(TensorHead),
  elapsed: z.number().min(0).default(0),
  isUnstable: z.boolean().default(false),
  stopping: z
    .object({
      best: z.object({ epoch: z.int(), loss: z.number() }).nullable(),
      stopEpoch: z.int().nullable(),
    })
    .default({ best: null, stopEpoch: null }),
  bestEpoch: z.int().nullable().default(null),
  bestWeights: z.array(TensorHead).default([]),
});

/** The state of a run: enough to classify with it, and to train on from it. */
export interface Checkpoint {
  readonly config: RunConfig;
  readonly inputShape: InputShape;
  readonly classes: readonly string[];
  /** Epochs done. */
  readonly epoch: number;
  /** Steps that the optimizer has taken. */
  readonly steps: number;
  /** Parameters and running statistics, in the order of the layers. */
  readonly weights: readonly NamedValues[];
  /** What the optimizer remembers. */
  readonly optimizer: readonly NamedValues[];
  /** Milliseconds of training up to here. */
  readonly elapsed: number;
  /** Instability was found, and is looked for no more. */
  readonly isUnstable: boolean;
  readonly stopping: EarlyStopping;
  /** The epoch of the weights that early stopping would give back, and those weights; null and none where it keeps none. */
  readonly bestEpoch: number | null;
  readonly bestWeights: readonly NamedValues[];
}

/**
 * Writes a checkpoint. The file is there whole or not at all; one that was there is replaced.
 * @throws Error with the code of the disk's fault, `ENOSPC` already where it would leave the disk full
 */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const head: z.infer<typeof Head> = {
    ...checkpoint,
    classes: [...checkpoint.classes],
    weights: tensorHeads(checkpoint.weights),
    optimizer: tensorHeads(checkpoint.optimizer),
    bestWeights: tensorHeads(checkpoint.bestWeights),
  };
  const text = Buffer.from(JSON.stringify(head));
  const padded = Buffer.alloc(Math.ceil((START + text.length) / 4) * 4 - START, ' ');
  text.copy(padded);
  const start = Buffer.alloc(START);
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(padded.length, MAGIC.length);
  const tensors = [...checkpoint.weights, ...checkpoint.optimizer, ...checkpoint.bestWeights];
  const bytes = tensors.reduce((sum, { values }) => sum + values.byteLength, START + padded.length);
  await demandRoom(dirname(file), bytes + ROOM_FOR_OTHERS);
  const unfinished = `${file}.${process.pid}.part`;
  try {
    const handle = await open(unfinished, 'w');
    try {
      await handle.writeFile(start);
      await handle.writeFile(padded);
      for (const { values } of tensors) await handle.writeFile(bytesOf(values));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (thrown) {
    await rm(unfinished, { force: true });
    throw thrown;
  }
}

/** Filling a disk and giving way again would, in between, fail whoever else writes there. */
async function demandRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw Object.assign(new Error(`ENOSPC: ${folder} has no room for ${bytes} bytes.`), { code: 'ENOSPC' });
}

/** Reads a checkpoint back. @throws Error for a file that is damaged or something else */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  const bytes = await readFile(file);
  const damaged = new Error(`${file} is no checkpoint, or it is damaged.`);
  if (bytes.length < START || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw damaged;
  const headLength = bytes.readUInt32LE(MAGIC.length);
  let head: z.infer<typeof Head>;
  try {
    head = Head.parse(JSON.parse(bytes.toString('utf8', START, START + headLength)));
  } catch {
    throw damaged;
  }
  let position = START + headLength;
  function tensor({ name, shape }: z.infer<typeof TensorHead>): NamedValues {
    const count = countOf(shape);
    if (position + 4 * count > bytes.length) throw damaged;
    const values = new Float32Array(count);
    bytesOf(values).set(bytes.subarray(position, position + 4 * count));
    position += 4 * count;
    return { name, shape, values };
  }
  const checkpoint = {
    ...head,
    weights: head.weights.map(tensor),
    optimizer: head.optimizer.map(tensor),
    bestWeights: head.bestWeights.map(tensor),
  };
  if (position !== bytes.length) throw damaged;
  return checkpoint;
}

/** SHA-256, in hexadecimal, of the float32 numbers of all tensors in their order. */
export function weightsSha256(weights: readonly NamedValues[]): string {
  const hash = createHash('sha256');
  for (const { values } of weights) hash.update(bytesOf(values));
  return hash.digest('hex');
}

function tensorHeads(tensors: readonly NamedValues[]): z.infer<typeof TensorHead>[] {
  return tensors.map(({ name, shape }) => ({ name, shape: [...shape] }));
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
