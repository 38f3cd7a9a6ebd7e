import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { livesHere, removeLeftovers } from './leftovers.ts';
import { readPreparedFoot } from './prepared.ts';

const ENDING = '.prepared';

/**
 * How long, in ms, a file counts as in use after its user asked for it: its user is a process that lives and will
 * read it whole at the start of its training.
 */
const IN_USE_MS = 10 * 60_000;

/** Absolute path of the prepared file of a key. */
export async function preparedPath(cacheFolder: string, key: string): Promise<string> {
  const folder = join(cacheFolder, 'prepared');
  await mkdir(folder, { recursive: true });
  return join(folder, `${key}${ENDING}`);
}

/** What a file in the cache holds, marked as used now; undefined where it is not there or damaged. */
export async function findPrepared(
  file: string,
): Promise<Awaited<ReturnType<typeof readPreparedFoot>> | undefined> {
  try {
    const foot = await readPreparedFoot(file);
    const now = new Date();
    await utimes(file, now, now);
    return foot;
  } catch {
    return undefined;
  }
}

/** Marks a file as in use by a process, until that ends or some minutes have gone by. */
export async function markInUse(file: string, pid: number): Promise<void> {
  await writeFile(`${file}.${pid}.used`, '');
}

/**
 * Removes prepared files, the longest unused first, until they are within the limit. One in use is never removed,
 * nor the one that is kept. What dead processes have left unfinished goes first.
 * @param keep absolute path of a file.
 */
export async function boundCache(cacheFolder: string, maxBytes: number, keep: string): Promise<void> {
  const folder = join(cacheFolder, 'prepared');
  await removeLeftovers(folder, (name) => name.endsWith('.part'));
  const names = await readdir(folder);
  const used = await filesInUse(folder, names);
  const files: { path: string; bytes: number; usedMs: number }[] = [];
  for (const name of names.filter((one) => one.endsWith(ENDING))) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) files.push({ path, bytes: found.size, usedMs: found.mtimeMs });
  }
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of files.sort((one, other) => one.usedMs - other.usedMs)) {
    if (total <= maxBytes) return;
    if (path === keep || used.has(basename(path))) continue;
    await rm(path, { force: true });
    total -= bytes;
  }
}

async function filesInUse(folder: string, names: readonly string[]): Promise<Set<string>> {
  const used = new Set<string>();
  for (const name of names) {
    const mark = /^(.+)\.(\d+)\.used$/.exec(name);
    if (mark?.[1] === undefined) continue;
    const path = join(folder, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => Infinity,
    );
    if (age < IN_USE_MS && livesHere(Number(mark[2]))) used.add(mark[1]);
    else await rm(path, { force: true });
  }
  return used;
}
