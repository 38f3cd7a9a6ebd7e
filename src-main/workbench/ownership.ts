import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { HeldRun, Owner } from '../store/store.ts';
import { processIdentity } from './process-identity.ts';

/** Milliseconds between two signs of life of an owner. */
export const HEARTBEAT_MS = 1000;

/** Milliseconds without a sign of life after which an owner counts as dead, where nothing surer can be known. */
export const SILENCE_MS = 60_000;

/** This process as an owner of runs. */
export function newOwner(): Owner {
  return { host: hostname(), pid: process.pid, process: processIdentity(process.pid), token: randomUUID() };
}

/** What can be asked about the processes of this machine. */
export interface Processes {
  readonly lives: (pid: number) => boolean;
  readonly identity: (pid: number) => string | null;
}

/**
 * Whether whoever holds a run is dead. On this machine the process itself is asked after, so that a sleeping machine
 * loses nothing; of another machine, and where a process of the same id may be a later one, only the silence is known.
 */
export function ownerIsDead(
  held: HeldRun,
  here: Owner,
  nowMs: number,
  processes: Processes = { lives: livesHere, identity: processIdentity },
): boolean {
  if (held.owner.token === here.token) return false;
  const isSilent = nowMs - held.heartbeatMs > SILENCE_MS;
  if (held.owner.host !== here.host) return isSilent;
  if (held.owner.pid === here.pid || !processes.lives(held.owner.pid)) return true;
  const identity = processes.identity(held.owner.pid);
  return identity === null || held.owner.process === null ? isSilent : identity !== held.owner.process;
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
