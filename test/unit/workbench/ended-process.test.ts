import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryKills, whyEnded } from '../../../src-main/workbench/ended-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const machine = { machineBytes: 8e9 };

test('what the system ended for want of memory is told from what somebody ended, and from a crash', () => {
  expect(
    whyEnded('Its training process', 'signal SIGKILL', { ...machine, killsBefore: 3, killsAfter: 4 }),
  ).toMatch(
    /ended by the system because memory ran out \(this machine has 8\.0 GB\)\. Train fewer runs at once/,
  );
  expect(whyEnded('It', 'signal SIGKILL', { ...machine, killsBefore: 3, killsAfter: 3 })).toBe(
    'It was ended from outside (signal SIGKILL).',
  );
  expect(whyEnded('It', 'signal SIGKILL', { ...machine, killsBefore: null, killsAfter: null })).toContain(
    'by somebody, or by the system because memory ran out',
  );
  expect(whyEnded('It', 'signal SIGABRT', { ...machine, killsBefore: 3, killsAfter: 3 })).toContain(
    'gets no memory',
  );
  expect(whyEnded('It', 'signal SIGSEGV', { ...machine, killsBefore: 3, killsAfter: 3 })).toBe(
    'It broke down (signal SIGSEGV).',
  );
});

test('the count is that of the own control group where it tells, else of the system, and null where there is none', () => {
  const folder = temporaryFolder();
  const system = { proc: join(folder, 'proc'), cgroups: join(folder, 'cgroup') };
  function write(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  expect(memoryKills(system)).toBeNull();
  write('proc/vmstat', 'pgfault 7\noom_kill 12\noom_killer 9\n');
  expect(memoryKills(system)).toBe(12);
  write('proc/self/cgroup', '0::/user.slice/run\n');
  expect(memoryKills(system)).toBe(12);
  write('cgroup/user.slice/run/memory.events', 'low 0\noom 3\noom_kill 2\noom_group_kill 0\n');
  expect(memoryKills(system)).toBe(2);
  write('proc/self/cgroup', '5:cpu,memory:/box\n0::/\n');
  write('cgroup/memory/box/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 5\n');
  expect(memoryKills(system)).toBe(5);
});
