import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const FIRST = '/sys/fs/cgroup/memory';
const SECOND = '/sys/fs/cgroup';

let groups = 0;

/** Why the memory of a process cannot be bounded here; undefined where it can. */
export const NO_MEMORY_GROUP = trial();

function trial(): string | undefined {
  if (process.platform !== 'linux') return 'memory is bounded with control groups, which are of Linux';
  try {
    rmdirSync(made('trial', 2 ** 30));
    return undefined;
  } catch {
    return 'no control group of memory may be made here';
  }
}

/** A group whose processes may have so many bytes together. */
function made(name: string, bytes: number): string {
  const isFirst = existsSync(join(FIRST, 'memory.limit_in_bytes'));
  const group = join(isFirst ? FIRST : SECOND, `layerbench-${name}-${process.pid}-${groups++}`);
  mkdirSync(group);
  try {
    writeFileSync(join(group, isFirst ? 'memory.limit_in_bytes' : 'memory.max'), String(bytes));
  } catch (error) {
    rmdirSync(group);
    throw error;
  }
  return group;
}

/** What a command is begun with so that it and all that it starts may have so many bytes of memory together. */
export function withMemory(bytes: number): readonly string[] {
  const group = made('test', bytes);
  onTestFinished(() => {
    // Whatever is left in it has been killed, but may take a moment to go.
    for (let times = 0; times < 200 && readFileSync(join(group, 'cgroup.procs'), 'utf8') !== ''; times++)
      execFileSync('sleep', ['0.05']);
    rmdirSync(group);
  });
  return ['sh', '-c', `echo $$ > ${group}/cgroup.procs && exec "$@"`, 'sh'];
}
