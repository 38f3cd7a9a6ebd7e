import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a name holds that is written by a process which may die: `<pid>-<uuid>`. */
const WRITER = /(\d+)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** A mark for the name of something unfinished: it says which process writes it, and is like no other. */
export function writerMark(): string {
  return `${process.pid}-${randomUUID()}`;
}

/**
 * Removes what processes that are dead have left unfinished in a folder. What a living one of the same number may be
 * writing stays.
 * @param isUnfinished whether a name is that of something unfinished.
 */
export async function removeLeftovers(
  folder: string,
  isUnfinished: (name: string) => boolean,
): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isUnfinished)) {
    const pid = WRITER.exec(name)?.[1];
    if (pid !== undefined && !livesHere(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether a process of this number lives on this machine. */
export function livesHere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user cannot be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
