// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds between two looks at a lock that another process holds. */
const LOOK_MS = 200;

/**
 * Does something while no other process does it for the same project. A lock whose owner has died is taken over.
 * @param {string} root
 * @param {(line: string) => void} say
 * @param {() => Promise<void>} action
 */
export async function withLock(root, say, action) {
  const folder = join(
    tmpdir(),
    `layerbench-setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
  );
  let told = false;
  while (!take(folder)) {
    if (!told) say('Another command is setting this up; waiting for it…');
    told = true;
    await wait(LOOK_MS);
  }
  try {
    await action();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
export function take(folder) {
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    if (ownerIsDead(folder)) rmSync(folder, { recursive: true, force: true });
    return false;
  }
}

/** @param {string} folder */
function ownerIsDead(folder) {
  let pid;
  try {
    pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  } catch {
    // Taken this moment, its owner not written yet.
    return false;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
