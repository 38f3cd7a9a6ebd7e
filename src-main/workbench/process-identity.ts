import { readFileSync } from 'node:fs';

/**
 * What tells a process from every later one that is given the same id: the boot of the machine and the moment of it,
 * in clock ticks, at which the process started (proc(5), field 22 of `stat`). Null where there is no such process, or
 * where the system does not say.
 */
export function processIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, second field, may hold spaces and brackets of its own.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return started === undefined ? null : `${boot}:${started}`;
  } catch {
    return null;
  }
}
