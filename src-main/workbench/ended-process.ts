import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesText } from '../../src-preload/contract/figure-text.ts';

/** Where Linux tells of itself. */
export interface SystemFolders {
  readonly proc: string;
  readonly cgroups: string;
}

const LINUX: SystemFolders = { proc: '/proc', cgroups: '/sys/fs/cgroup' };

/**
 * How often Linux has ended a process because memory ran out: of the control group that this one and those that it
 * starts are of, where that tells (https://docs.kernel.org/admin-guide/cgroup-v2.html, memory.events; of version 1
 * memory.oom_control), else of the whole machine. Null where it does not say.
 */
export function memoryKills(system: SystemFolders = LINUX): number | null {
  const group = memoryGroup(system);
  return (group === null ? null : countIn(group)) ?? countIn(join(system.proc, 'vmstat'));
}

function countIn(file: string): number | null {
  try {
    const found = /^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}

/** The file in which the group of this process counts; lines of `/proc/self/cgroup` are `number:controllers:path`. */
function memoryGroup({ proc, cgroups }: SystemFolders): string | null {
  try {
    const lines = readFileSync(join(proc, 'self/cgroup'), 'utf8').split('\n');
    const first = lines.find((line) => line.split(':')[1]?.split(',').includes('memory'));
    if (first !== undefined)
      return join(cgroups, 'memory', first.split(':').slice(2).join(':'), 'memory.oom_control');
    const second = lines.find((line) => line.startsWith('0::'));
    return second === undefined ? null : join(cgroups, second.slice('0::'.length), 'memory.events');
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
