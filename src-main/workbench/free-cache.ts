import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diskFault } from '../../src-preload/contract/disk-fault.ts';
import { livesHere } from './ownership.ts';

/**
 * How long, in ms, a mark says that a file is in use: whoever asked for it reads it whole as its training begins. The
 * same as where the cache is kept within its limit.
 */
const IN_USE_MS = 10 * 60_000;

/**
 * Removes prepared files that no living process has just asked for: they can be prepared again, and what is to be
 * written instead cannot be had again. At once, because whoever needs the space waits for it.
 * @param cache absolute path of the cache folder.
 * @returns bytes freed.
 */
export function freeCache(cache: string): number {
  const folder = join(cache, 'prepared');
  let freed = 0;
  try {
    const names = readdirSync(folder);
    const used = new Set(names.flatMap((name) => fileInUse(folder, name) ?? []));
    for (const name of names) {
      if (!name.endsWith('.prepared') || used.has(name)) continue;
      const path = join(folder, name);
      const { size } = statSync(path);
      rmSync(path, { force: true });
      freed += size;
    }
  } catch (error) {
    // What cannot be freed leaves things as they are.
    if (diskFault(error) === undefined) throw error;
  }
  return freed;
}

/** The file that a mark says is in use; undefined of any other name, and of a mark that holds no more. */
function fileInUse(folder: string, name: string): string | undefined {
  const [, file, pid] = /^(.+)\.(\d+)\.used$/.exec(name) ?? [];
  if (file === undefined || !livesHere(Number(pid))) return undefined;
  const marked = statSync(join(folder, name), { throwIfNoEntry: false });
  return marked !== undefined && Date.now() - marked.mtimeMs < IN_USE_MS ? file : undefined;
}
