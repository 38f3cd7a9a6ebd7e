import { readFileSync } from 'node:fs';
import { bytesText } from '../../src-preload/contract/figure-text.ts';

/** How often Linux has ended a process because memory ran out, since it was started; null where it does not say. */
export function memoryKills(file = '/proc/vmstat'): number | null {
  try {
    const found = /^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}

/**
 * Why a process ended that nobody here has ended, in a sentence: for want of memory, by somebody outside, or by itself.
 * @param how as its host says: `signal SIGKILL`, `exit code 134`
 * @param killsBefore `memoryKills()` when it was started; of now `killsAfter`
 */
export function whyEnded(
  name: string,
  how: string,
  {
    killsBefore,
    killsAfter,
    machineBytes,
  }: {
    readonly killsBefore: number | null;
    readonly killsAfter: number | null;
    readonly machineBytes: number;
  },
): string {
  if (how === 'signal SIGKILL') {
    if (killsBefore !== null && killsAfter !== null && killsAfter > killsBefore) {
      return `${name} was ended by the system because memory ran out (this machine has ${bytesText(machineBytes)}). Train fewer runs at once, or take a smaller minibatch, smaller images or fewer units.`;
    }
    return killsAfter === null
      ? `${name} was ended from outside (${how}): by somebody, or by the system because memory ran out.`
      : `${name} was ended from outside (${how}).`;
  }
  // What V8 and C++ libraries end with where an allocation fails.
  if (how === 'signal SIGABRT' || how === 'exit code 134') {
    return `${name} broke down (${how}), as it does where it gets no memory (this machine has ${bytesText(machineBytes)}), or where a library finds itself at fault.`;
  }
  return `${name} broke down (${how}).`;
}
