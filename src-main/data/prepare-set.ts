import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { DataFolders, DataIdentity, PreparedSet } from '../../src-preload/contract/data-process.ts';
import type {
  DatasetSummary,
  InputShape,
  PartCounts,
  UnreadableImage,
} from '../../src-preload/contract/dataset.ts';
import { type DiskFault, diskFault, diskFaultWords } from '../../src-preload/contract/disk-fault.ts';
import { NeedsRoom, UserError } from '../../src-preload/contract/errors.ts';
import { bytesText, counted, shapeText } from '../../src-preload/contract/figure-text.ts';
import type { Part } from '../../src-preload/contract/snapshot.ts';
import { contentHashes, fingerprint, sha256 } from './content-hashes.ts';
import { inOrder } from './in-order.ts';
import { partition } from './partition.ts';
import { openPreparationPool } from './preparation-pool.ts';
import { PART_ORDER, writePrepared } from './prepared.ts';
import { boundCache, findPrepared, markInUse, preparedPath } from './prepared-cache.ts';
import type { ImageList } from './sources/image-list.ts';
import { createTurns } from './turns.ts';
import { type SourceOptions, openSource } from './sources/source.ts';

/** At the writing of a file: of runs that start together one prepares. */
const turns = createTurns();

/** Raised when a step gives other pixels than before, so that files prepared the old way are not used. */
const PREPARATION_VERSION = 2;

/** `[height, width, channels]` of what a configuration prepares. */
export function inputShapeOf(config: RunConfig): InputShape {
  return [config.resize.height, config.resize.width, config.grayscale ? 1 : 3];
}

function bytesOfImage(config: RunConfig): number {
  const [height, width, channels] = inputShapeOf(config);
  return height * width * channels;
}

/** What a listed set is, and how it would be split. */
export function summarize(list: ImageList, config: RunConfig): DatasetSummary {
  const parts = partition(labelsOf(list), config.partitions, config.datasetSeed);
  const classes = list.classes.map((name) => ({ name, images: 0, parts: noImages() }));
  const total = noImages();
  for (const [index, image] of list.images.entries()) {
    const part = parts[index] ?? 'test';
    const summary = classes[image.label];
    if (summary === undefined) continue;
    summary.images++;
    summary.parts[part]++;
    total[part]++;
  }
  return {
    name: list.name,
    folder: list.folder,
    builtIn: list.builtIn,
    drawn: true,
    classes,
    images: list.images.length,
    bytes: list.images.reduce((sum, { bytes }) => sum + bytes, 0),
    parts: total,
  };
}

/**
 * Refuses a set whose images take more memory than there is once they are prepared: no training could hold them.
 * @param limit in bytes. @throws UserError with the figures, and what could be made smaller.
 */
export function checkFits(images: number, config: RunConfig, limit = memoryLimit()): void {
  const bytes = images * bytesOfImage(config);
  if (bytes <= limit) return;
  throw new UserError(
    `${counted(images, 'image')} of ${shapeText(inputShapeOf(config))} cannot fit: they take ${bytesText(bytes)} of memory, of ${bytesText(limit)} that there are. Take smaller ones with --resize, one channel with --grayscale, or fewer with --filter-dataset.`,
  );
}

/** Memory that this machine has in all, or that this process may have where that is less, in bytes. */
function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** The part of each image of a list. */
export function partsOf(list: ImageList, config: RunConfig): Part[] {
  return partition(labelsOf(list), config.partitions, config.datasetSeed);
}

function labelsOf(list: ImageList): number[] {
  return list.images.map(({ label }) => label);
}

function noImages(): PartCounts {
  return { training: 0, dev: 0, test: 0 };
}

/**
 * Prepares a configuration's images, or finds them prepared. The file is marked as in use by `userPid`.
 * @throws UserError for a set that nobody could train on.
 */
export async function prepareSet(
  config: RunConfig,
  folders: DataFolders,
  userPid: number,
  options: SourceOptions = {},
): Promise<PreparedSet> {
  const begun = performance.now();
  const list = await openSource(config, folders, options);
  checkFits(list.images.length, config);
  const datasetFingerprint = fingerprint(list, await contentHashes(list, folders.cache));
  const preparedKey = keyOf(config, datasetFingerprint);
  const { file, foot, decoded } = await againWhereEmptied(folders.cache, async () => {
    const place = await preparedPath(folders.cache, preparedKey);
    const found = await turns.take(place, async () => {
      const before = await findPrepared(place);
      if (before !== undefined) return { foot: before, decoded: 0 };
      const images = list.images.length;
      const bytes = BESIDE_ALL + images * (bytesOfImage(config) + BESIDE_IMAGE);
      const count = await writeWithSpace(() => writeSet(list, config, place, options), folders, place, bytes);
      const written = await findPrepared(place);
      if (written === undefined) throw new Error(`${place} could not be read after it was written.`);
      return { foot: written, decoded: count };
    });
    await markInUse(place, userPid);
    await boundCache(folders.cache, folders.cacheMaxBytes, place);
    return { file: place, ...found };
  });
  const samples: PartCounts = {
    training: foot.parts.training.count,
    dev: foot.parts.dev.count,
    test: foot.parts.test.count,
  };
  return {
    file,
    datasetFolder: list.folder,
    datasetFingerprint,
    preparedKey,
    classes: foot.classes,
    inputShape: foot.inputShape,
    samples,
    unreadable: [...list.unreadable, ...foot.unreadable],
    decoded,
    images: samples.training + samples.dev + samples.test,
    ms: performance.now() - begun,
    sharpVersion: sharp.versions.sharp,
  };
}

/** How often what is written into the cache may be removed under its writer's hands before that gives up. */
const EMPTIED = 3;

/** Does again what failed because somebody emptied the cache meanwhile, which is anybody's right. */
async function againWhereEmptied<Result>(cache: string, work: () => Promise<Result>): Promise<Result> {
  for (let times = 1; ; times++) {
    try {
      return await work();
    } catch (error) {
      const isEmptied = diskFault(error) === 'gone' && existsSync(dirname(cache));
      if (!isEmptied || times === EMPTIED) throw error;
    }
  }
}

/** What a listed set is now, whatever is made of it, and the library that would decode it. */
export async function identityOf(list: ImageList, folders: DataFolders): Promise<DataIdentity> {
  return {
    folder: list.folder,
    fingerprint: fingerprint(list, await contentHashes(list, folders.cache)),
    images: list.images.length,
    sharpVersion: sharp.versions.sharp,
  };
}

/** That images could not be prepared for what a disk refused, and what to do. */
export function unprepared(fault: DiskFault): string {
  return `The images could not be prepared: ${diskFaultWords(fault)}. ${fault === 'full' ? 'Free some space, or' : 'Look after the disk, or'} name another data folder with LAYERBENCH_HOME.`;
}

/**
 * Where the disk is full every other prepared file that is not in use makes room, and it is tried once more.
 * @param bytes that are written. @throws NeedsRoom where that was not enough, and the disk is large enough.
 */
async function writeWithSpace(
  write: () => Promise<number>,
  { cache }: DataFolders,
  file: string,
  bytes: number,
): Promise<number> {
  try {
    return await write();
  } catch (error) {
    if (diskFault(error) !== 'full') throw error;
    await boundCache(cache, 0, file);
  }
  try {
    return await write();
  } catch (error) {
    if (diskFault(error) === 'full' && !isQuota(error)) {
      const { blocks, bsize } = await statfs(cache);
      if (blocks * bsize > bytes) throw new NeedsRoom(unprepared('full'), bytes);
    }
    throw error;
  }
}

/** A user's own share of a disk is not told by how much room the disk has. */
function isQuota(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EDQUOT';
}

/** Bytes beside the pixels that a prepared file takes for each image, and for itself: names and places. */
const BESIDE_IMAGE = 200;
const BESIDE_ALL = 100_000;

function keyOf(config: RunConfig, datasetFingerprint: string): string {
  const { trim, resize, grayscale, minmaxNormalize, adaptiveInvert, partitions, datasetSeed } = config;
  return sha256(
    JSON.stringify([
      PREPARATION_VERSION,
      sharp.versions,
      datasetFingerprint,
      trim,
      [resize.width, resize.height],
      grayscale,
      minmaxNormalize,
      adaptiveInvert,
      [partitions.training, partitions.dev, partitions.test],
      datasetSeed,
    ]),
  ).slice(0, 40);
}

async function writeSet(
  list: ImageList,
  config: RunConfig,
  file: string,
  options: SourceOptions,
): Promise<number> {
  const parts = partsOf(list, config);
  const ordered = PART_ORDER.flatMap((part) =>
    list.images.flatMap((image, index) => (parts[index] === part ? [{ image, part }] : [])),
  );
  const writer = await writePrepared(file, inputShapeOf(config), list.classes);
  const { trim, resize, grayscale, minmaxNormalize, adaptiveInvert } = config;
  const steps = { trim, resize, grayscale, minmaxNormalize, adaptiveInvert };
  const pool = openPreparationPool(ordered.length, steps);
  const unreadable: UnreadableImage[] = [];
  const readable = new Set<number>();
  let trained = 0;
  let done = 0;
  try {
    const outcomes = inOrder(ordered, async ({ image, part }) => ({
      image,
      part,
      result: await pool.prepare(join(list.folder, image.path)),
    }));
    for await (const { image, part, result } of outcomes) {
      options.signal?.throwIfAborted();
      if ('reason' in result) {
        unreadable.push({ path: image.path, reason: result.reason });
      } else {
        readable.add(image.label);
        if (part === 'training') trained++;
        await writer.add(part, image.label, image.path, result.pixels.data);
      }
      options.onProgress?.({ what: 'preparing', done: ++done, total: ordered.length });
    }
    checkReadable(list, unreadable, readable, trained);
    await writer.finish(unreadable);
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    await pool.close();
  }
  return ordered.length;
}

function checkReadable(
  list: ImageList,
  unreadable: readonly UnreadableImage[],
  readable: ReadonlySet<number>,
  trained: number,
): void {
  const named = unreadable
    .slice(0, 3)
    .map(({ path, reason }) => `${path}: ${reason}`)
    .join(' ');
  if (readable.size === 0) throw new UserError(`No image of ${list.folder} can be read. ${named}`);
  const empty = list.classes.filter((_, label) => !readable.has(label));
  if (empty.length > 0) {
    throw new UserError(
      `No image of class ${empty.join(', ')} in ${list.folder} can be read. Mend or replace its images, or remove its folder. ${named}`,
    );
  }
  if (trained === 0) {
    throw new UserError(
      `No image of ${list.folder} falls into the training part. Add images, or raise its share with --partitions.`,
    );
  }
}
