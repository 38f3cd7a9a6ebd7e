import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { HeldRun, Owner } from '../store/store.ts';

/** Milliseconds between two signs of life of an owner. */
export const HEARTBEAT_MS = 1000;

/** Milliseconds without a sign of life after which an owner on another machine counts as dead. */
export const SILENCE_MS = 60_000;

/** This process as an owner of runs. */
export function newOwner(): Owner {
  return { host: hostname(), pid: process.pid, token: randomUUID() };
}

/**
 * Whether whoever holds a run is dead. On this machine the process itself is asked after, so that a sleeping machine
 * loses nothing; of another machine only the silence is known.
 */
export function ownerIsDead(
  held: HeldRun,
  here: Owner,
  nowMs: number,
  processLives: (pid: number) => boolean = livesHere,
): boolean {
  if (held.owner.token === here.token) return false;
  if (held.owner.host !== here.host) return nowMs - held.heartbeatMs > SILENCE_MS;
  return held.owner.pid === here.pid || !processLives(held.owner.pid);
}

function livesHere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user cannot be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
