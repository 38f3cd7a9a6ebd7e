// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds between two looks at a lock that another process holds. */
const LOOK_MS = 200;

/** Milliseconds between two signs of life of a lock's owner. */
const SIGN_OF_LIFE_MS = 2000;

/**
 * Looks in a row without a sign of life after which an owner counts as dead: half a minute. Its process id says it
 * sooner, unless another process has been given the same id since.
 */
const PATIENCE = 150;

/** @typedef {{ token: string, pid: number, seenMs: number }} Owner */

/**
 * Does something while no other process does it for the same project. A lock whose owner has died is taken over.
 * @param {string} root
 * @param {(line: string) => void} say
 * @param {() => Promise<void>} action
 * @param {{ folder?: string, pause?: () => Promise<unknown> }} [options] the folder that locks lie in, and what passes
 * the time between two looks
 */
export async function withLock(root, say, action, options = {}) {
  const { folder = tmpdir(), pause = () => wait(LOOK_MS) } = options;
  const lock = lockFolder(root, folder);
  const token = randomUUID();
  /** @type {Owner | undefined} */
  let before;
  let looks = 0;
  let told = false;
  while (!take(lock, token)) {
    const owner = ownerOf(lock);
    if (owner === undefined) continue;
    looks = owner.token === before?.token && owner.seenMs === before.seenMs ? looks + 1 : 0;
    before = owner;
    if (isGone(owner.pid) || looks >= PATIENCE) {
      release(lock, owner.token);
      continue;
    }
    if (!told) say('Another command is setting this up; waiting for it…');
    told = true;
    await pause();
  }
  const signsOfLife = setInterval(() => showLife(lock), SIGN_OF_LIFE_MS);
  try {
    await action();
  } finally {
    clearInterval(signsOfLife);
    release(lock, token);
  }
}

/**
 * Where the lock of a project lies.
 * @param {string} root
 * @param {string} folder
 */
export function lockFolder(root, folder = tmpdir()) {
  return join(folder, `layerbench-setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
}

/**
 * Whether the lock could be taken. It comes to be with its owner's name in it, by one rename: nobody ever sees one
 * without an owner.
 * @param {string} lock
 * @param {string} token what tells this owner from every other
 */
function take(lock, token) {
  const prepared = mkdtempSync(`${lock}-`);
  try {
    writeFileSync(join(prepared, 'owner'), JSON.stringify({ token, pid: process.pid }));
    renameSync(prepared, lock);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (existsSync(lock)) return false;
    // Its owner may have let go of it since.
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) return false;
    throw error;
  }
}

/**
 * Removes a lock, if it still is that owner's.
 * @param {string} lock
 * @param {string} token
 */
function release(lock, token) {
  const removed = mkdtempSync(`${lock}-`);
  const moved = join(removed, 'lock');
  try {
    renameSync(lock, moved);
    // Another process may have removed a dead owner's lock and taken its own a moment ago.
    if (ownerOf(moved)?.token !== token) renameSync(moved, lock);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM')) throw error;
  } finally {
    rmSync(removed, { recursive: true, force: true });
  }
}

/**
 * @param {string} lock
 * @returns {Owner | undefined} undefined where there is no lock
 */
function ownerOf(lock) {
  const file = join(lock, 'owner');
  const found = statSync(file, { throwIfNoEntry: false }) ?? statSync(lock, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const seenMs = found.mtimeMs;
  try {
    const { token, pid } = JSON.parse(readFileSync(file, 'utf8'));
    return { token: String(token), pid: Number(pid), seenMs };
  } catch {
    return { token: '', pid: NaN, seenMs };
  }
}

/** @param {string} lock */
function showLife(lock) {
  const now = new Date();
  try {
    utimesSync(join(lock, 'owner'), now, now);
  } catch {
    // Taken from a process that was asleep for long: it ends as it would have.
  }
}

/**
 * Whether no process has this id.
 * @param {number} pid
 */
function isGone(pid) {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}

/**
 * @param {unknown} error
 * @param {...string} codes
 */
function hasCode(error, ...codes) {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
