import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { InputShape, UnreadableImage } from '../../src-preload/contract/dataset.ts';
import { diskFault } from '../../src-preload/contract/disk-fault.ts';
import { writerMark } from './leftovers.ts';
import type { Part } from '../../src-preload/contract/snapshot.ts';

/*
 * A prepared file: 8 bytes of magic, the place of the foot (float64, little endian), the pixels of the training, dev
 * and test part, then the foot, JSON. The foot comes last because how many images can be read is known only then.
 */
const MAGIC = 'LBPREP01';
const HEAD_BYTES = 16;

/** The parts in the order in which their pixels lie in the file. */
export const PART_ORDER = ['training', 'dev', 'test'] as const satisfies readonly Part[];

const FootPart = z.object({
  count: z.int().min(0),
  labels: z.array(z.int().min(0)),
  paths: z.array(z.string()),
});
const Foot = z.object({
  inputShape: InputShape,
  classes: z.array(z.string()).min(2),
  parts: z.object({ training: FootPart, dev: FootPart, test: FootPart }),
  unreadable: z.array(UnreadableImage),
});
type Foot = z.infer<typeof Foot>;

/** Images of one part. */
export interface PreparedPart {
  readonly count: number;
  /** `[count, height, width, channels]`, 0..255. */
  readonly pixels: Uint8Array;
  /** Class of each image, `[count]`. */
  readonly labels: Int32Array;
  /** Paths relative to the data set's folder, `[count]`. */
  readonly paths: readonly string[];
}

/** Everything that a training process needs of a data set. */
export interface Prepared {
  /** `[height, width, channels]` */
  readonly inputShape: InputShape;
  readonly classes: readonly string[];
  readonly parts: Readonly<Record<Part, PreparedPart>>;
  readonly unreadable: readonly UnreadableImage[];
}

/** Writes a prepared file image by image; it appears under its name whole, or not at all. */
export interface PreparedWriter {
  /** Images come part by part, in the order of `PART_ORDER`. */
  add(part: Part, label: number, path: string, pixels: Uint8Array): Promise<void>;
  finish(unreadable: readonly UnreadableImage[]): Promise<void>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

export async function writePrepared(
  file: string,
  inputShape: InputShape,
  classes: readonly string[],
): Promise<PreparedWriter> {
  // Several calls of one process may write the same file at once.
  const unfinished = `${file}.${writerMark()}.part`;
  const handle = await open(unfinished, 'w');
  const parts: Record<Part, { count: number; labels: number[]; paths: string[] }> = {
    training: { count: 0, labels: [], paths: [] },
    dev: { count: 0, labels: [], paths: [] },
    test: { count: 0, labels: [], paths: [] },
  };
  const size = inputShape[0] * inputShape[1] * inputShape[2];
  let position = HEAD_BYTES;
  let current = 0;
  return {
    async add(part, label, path, pixels) {
      const order = PART_ORDER.indexOf(part);
      if (order < current) throw new Error(`Images of ${part} came after those of a later part.`);
      if (pixels.length !== size) throw new Error(`${path} has ${pixels.length} values, not ${size}.`);
      current = order;
      const written = parts[part];
      written.count++;
      written.labels.push(label);
      written.paths.push(path);
      await writeAll(handle, pixels, position);
      position += size;
    },
    async finish(unreadable) {
      const foot: Foot = { inputShape, classes: [...classes], parts, unreadable: [...unreadable] };
      await writeAll(handle, new TextEncoder().encode(JSON.stringify(foot)), position);
      const head = new Uint8Array(HEAD_BYTES);
      head.set(new TextEncoder().encode(MAGIC));
      new DataView(head.buffer).setFloat64(8, position, true);
      await writeAll(handle, head, 0);
      await handle.sync();
      await handle.close();
      await rename(unfinished, file);
    },
    async abandon() {
      await handle.close();
      await rm(unfinished, { force: true });
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

/** Bytes that are read at once: the system reads no more than two thousand million. */
const PIECE_BYTES = 64 * 2 ** 20;

/** A prepared file is not there (any more): whoever keeps the cache may empty it at any time. */
export class PreparedGone extends Error {
  override readonly name = 'PreparedGone';
}

/**
 * Reads a prepared file whole, however large it is.
 * @throws PreparedGone, or Error for one that is damaged or something else.
 */
export async function readPrepared(file: string): Promise<Prepared> {
  const handle = await openPrepared(file);
  try {
    const foot = await footOfFile(handle);
    const size = foot.inputShape[0] * foot.inputShape[1] * foot.inputShape[2];
    let position = HEAD_BYTES;
    const parts: Partial<Record<Part, PreparedPart>> = {};
    for (const part of PART_ORDER) {
      const { count, labels, paths } = foot.parts[part];
      const pixels = new Uint8Array(count * size);
      await readAll(handle, pixels, position);
      position += pixels.length;
      parts[part] = { count, pixels, labels: Int32Array.from(labels), paths };
    }
    const { training, dev, test } = parts;
    if (training === undefined || dev === undefined || test === undefined)
      throw new Error('A part was not read.');
    const { inputShape, classes, unreadable } = foot;
    return { inputShape, classes, parts: { training, dev, test }, unreadable };
  } finally {
    await handle.close();
  }
}

/** What a prepared file holds, but for the pixels. @throws as `readPrepared` */
export async function readPreparedFoot(file: string): Promise<Foot> {
  const handle = await openPrepared(file);
  try {
    return await footOfFile(handle);
  } finally {
    await handle.close();
  }
}

async function openPrepared(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (error) {
    if (diskFault(error) === 'gone') throw new PreparedGone(`There is no ${file}.`, { cause: error });
    throw error;
  }
}

async function footOfFile(handle: FileHandle): Promise<Foot> {
  const { size } = await handle.stat();
  const head = new Uint8Array(HEAD_BYTES);
  await handle.read(head, 0, HEAD_BYTES, 0);
  const position = footPosition(head, size);
  const bytes = new Uint8Array(size - position);
  await readAll(handle, bytes, position);
  const foot = Foot.parse(JSON.parse(new TextDecoder().decode(bytes)));
  const images = foot.parts.training.count + foot.parts.dev.count + foot.parts.test.count;
  const [height, width, channels] = foot.inputShape;
  if (HEAD_BYTES + images * height * width * channels !== position)
    throw new Error('A prepared file is damaged.');
  return foot;
}

async function readAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const wanted = Math.min(PIECE_BYTES, bytes.length - done);
    const { bytesRead } = await handle.read(bytes, done, wanted, position + done);
    if (bytesRead === 0) throw new Error('A prepared file is cut off.');
    done += bytesRead;
  }
}

function footPosition(head: Uint8Array, size: number): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isOne = head.length === HEAD_BYTES && new TextDecoder().decode(head.subarray(0, 8)) === MAGIC;
  const position = isOne ? view.getFloat64(8, true) : NaN;
  if (!(position >= HEAD_BYTES && position < size))
    throw new Error('It is no prepared file, or it is damaged.');
  return position;
}
