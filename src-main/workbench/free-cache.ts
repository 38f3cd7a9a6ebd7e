import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diskFault } from '../../src-preload/contract/disk-fault.ts';

/**
 * Removes prepared files that no process has marked as in use: they can be prepared again, and what is to be written
 * instead cannot be had again. At once, because whoever needs the space waits for it.
 * @param cache absolute path of the cache folder.
 * @returns bytes freed.
 */
export function freeCache(cache: string): number {
  const folder = join(cache, 'prepared');
  let freed = 0;
  try {
    const names = readdirSync(folder);
    const marked = new Set(names.flatMap((name) => /^(.+)\.\d+\.used$/.exec(name)?.[1] ?? []));
    for (const name of names) {
      if (!name.endsWith('.prepared') || marked.has(name)) continue;
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
