import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

test('the count is that of the system, and null where there is none', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'vmstat');
  writeFileSync(file, 'pgfault 7\noom_kill 12\noom_killer 9\n');
  expect(memoryKills(file)).toBe(12);
  writeFileSync(file, 'pgfault 7\n');
  expect(memoryKills(file)).toBeNull();
  expect(memoryKills(join(folder, 'absent'))).toBeNull();
});
