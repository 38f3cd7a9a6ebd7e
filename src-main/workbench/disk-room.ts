import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks at a disk, at first and at most. */
const LOOK_MS = 500;
const MOST_LOOK_MS = 30_000;

/**
 * Resolves once the disk of a folder has room, but never before a first pause: what has just been refused is not asked
 * for again at once.
 * @param bytes that are wanted. @param refusals how often a disk that had the room has refused all the same: the more
 * often, the longer the pause.
 * @throws AbortError once the signal says that nobody waits any more.
 */
export async function untilRoom(
  folder: string,
  bytes: number,
  refusals: number,
  signal: AbortSignal,
): Promise<void> {
  const pause = Math.min(MOST_LOOK_MS, LOOK_MS * 2 ** refusals);
  for (;;) {
    await delay(pause, undefined, { signal });
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize >= bytes) return;
  }
}
