import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { diskFault } from '../../src-preload/contract/disk-fault.ts';
import { inOrder } from './in-order.ts';
import { writerMark } from './leftovers.ts';
import type { ImageList, ListedImage } from './sources/image-list.ts';

const Known = z.record(
  z.string(),
  z.object({ bytes: z.number(), modifiedMs: z.number(), sha256: z.string() }),
);
type Known = z.infer<typeof Known>;

/**
 * A file changed within this many ms of being hashed may change again without its time telling (file systems count
 * in up to 2 s), so its hash is not remembered.
 */
const SETTLED_MS = 2500;

/**
 * SHA-256 of every file, in the order of the list; `null` for one that cannot be read. Hashes are remembered in the
 * cache folder by path, size and time of change, so that a data set that did not change is not read again.
 */
export async function contentHashes(list: ImageList, cacheFolder: string): Promise<(string | null)[]> {
  const folder = join(cacheFolder, 'contents');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${sha256(list.folder)}.json`);
  const known = await readKnown(file);
  const next: Known = {};
  const hashes: (string | null)[] = [];
  let changed = false;
  function remembered({ path, bytes, modifiedMs }: ListedImage): string | undefined {
    const before = known[path];
    return before?.bytes === bytes && before.modifiedMs === modifiedMs ? before.sha256 : undefined;
  }
  const found = inOrder(list.images, async (image) => remembered(image) ?? (await hashFile(list, image)));
  let index = 0;
  for await (const hash of found) {
    const image = list.images[index++];
    hashes.push(hash);
    if (image === undefined || hash === null) continue;
    const { path, bytes, modifiedMs } = image;
    const isNew = remembered(image) === undefined;
    if (isNew && Date.now() - modifiedMs < SETTLED_MS) continue;
    changed ||= isNew;
    next[path] = { bytes, modifiedMs, sha256: hash };
  }
  if (changed) {
    // Several calls of one process may write the same file at once.
    const unfinished = `${file}.${writerMark()}.part`;
    try {
      await writeFile(unfinished, JSON.stringify(next));
      await rename(unfinished, file);
    } catch (error) {
      // It only saves time: on a full disk it goes without.
      await rm(unfinished, { force: true });
      if (diskFault(error) === undefined) throw error;
    }
  }
  return hashes;
}

/** SHA-256 over paths and contents of a list: the same for the same images, wherever they lie. */
export function fingerprint(list: ImageList, hashes: readonly (string | null)[]): string {
  return sha256(JSON.stringify(list.images.map((image, index) => [image.path, hashes[index] ?? null])));
}

/** Files of more bytes are read piece by piece. */
const WHOLE_BYTES = 1_000_000;

/** In hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function hashFile(list: ImageList, image: ListedImage): Promise<string | null> {
  const file = join(list.folder, image.path);
  if (image.bytes <= WHOLE_BYTES) return readFile(file).then(sha256, () => null);
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file)) hash.update(z.instanceof(Buffer).parse(piece));
  } catch {
    return null;
  }
  return hash.digest('hex');
}

async function readKnown(file: string): Promise<Known> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return Known.parse(JSON.parse(text));
  } catch {
    // It only saves time: what cannot be used is made anew.
    return {};
  }
}
