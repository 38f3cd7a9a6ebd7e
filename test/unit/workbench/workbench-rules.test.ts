import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheMaxBytes, openHome } from '../../../src-main/workbench/home.ts';
import { SILENCE_MS, newOwner, ownerIsDead } from '../../../src-main/workbench/ownership.ts';
import { processIdentity } from '../../../src-main/workbench/process-identity.ts';
import { workThrough } from '../../../src-main/workbench/queue.ts';
import { uniqueNames } from '../../../src-main/workbench/run-names.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a name given more than once gets _0, _1 and so on, passing over those that are taken', () => {
  expect(uniqueNames(['a', 'b', 'a'])).toEqual(['a_0', 'b', 'a_1']);
  expect(uniqueNames(['a', 'a_0', 'a'])).toEqual(['a_1', 'a_0', 'a_2']);
});

test('the size of the cache is read with and without a unit', () => {
  expect(cacheMaxBytes('1000')).toBe(1000);
  expect(cacheMaxBytes('500MB')).toBe(500e6);
  expect(cacheMaxBytes('1.5 gb')).toBe(1.5e9);
  expect(cacheMaxBytes(undefined)).toBeGreaterThan(1e9);
  expect(() => cacheMaxBytes('much')).toThrow(/LAYERBENCH_CACHE_MAX=much is no size/);
  expect(() => cacheMaxBytes('0')).toThrow(/above 0/);
});

test('LAYERBENCH_HOME names the data folder', () => {
  const folder = temporaryFolder();
  const home = openHome({ LAYERBENCH_HOME: folder });
  expect(home.folder).toBe(folder);
  expect(home.database.startsWith(folder)).toBe(true);
  const file = join(folder, 'layerbench.txt');
  writeFileSync(file, '');
  expect(() => openHome({ LAYERBENCH_HOME: join(file, 'below') })).toThrow(/LAYERBENCH_HOME/);
});

test('an owner of this machine is dead when its process is, one elsewhere after a silence', () => {
  const here = newOwner();
  const held = { id: 'x', status: 'running' as const, heartbeatMs: 0 };
  const other = { ...here, pid: here.pid + 1, token: 'other' };
  expect(ownerIsDead({ ...held, owner: here }, here, 1e15)).toBe(false);
  const alive = { lives: () => true, identity: () => here.process };
  const gone = { lives: () => false, identity: () => null };
  expect(ownerIsDead({ ...held, owner: other }, here, 1e15, alive)).toBe(false);
  expect(ownerIsDead({ ...held, owner: other }, here, 0, gone)).toBe(true);
  // A later process has the id of the owner's.
  expect(ownerIsDead({ ...held, owner: other }, here, 0, { ...alive, identity: () => 'later' })).toBe(true);
  // Where the system does not tell one process from another, only the silence is known.
  const untold = { ...alive, identity: () => null };
  expect(ownerIsDead({ ...held, owner: other }, here, SILENCE_MS, untold)).toBe(false);
  expect(ownerIsDead({ ...held, owner: other }, here, SILENCE_MS + 1, untold)).toBe(true);
  // The process of this id is this one, and it knows nothing of the run: the owner was an earlier one.
  expect(ownerIsDead({ ...held, owner: { ...here, token: 'earlier' } }, here, 0)).toBe(true);
  const elsewhere = { ...other, host: 'elsewhere' };
  expect(ownerIsDead({ ...held, owner: elsewhere }, here, SILENCE_MS, gone)).toBe(false);
  expect(ownerIsDead({ ...held, owner: elsewhere }, here, SILENCE_MS + 1, alive)).toBe(true);
});

test.skipIf(process.platform !== 'linux')('a process has one identity as long as it lives', () => {
  const identity = processIdentity(process.pid);
  expect(identity).toMatch(/^[\da-f-]{36}:\d+$/);
  expect(processIdentity(process.pid)).toBe(identity);
  expect(processIdentity(process.ppid)).not.toBe(identity);
  // Beyond the largest id that Linux gives (2²²).
  expect(processIdentity(2 ** 22 + 1)).toBe(null);
});

test('work goes on in order, so many at once, and gives results in the order of the items', async () => {
  let atOnce = 0;
  let most = 0;
  const begun: number[] = [];
  const results = await workThrough([3, 1, 2, 0], 2, async (item) => {
    begun.push(item);
    most = Math.max(most, ++atOnce);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    atOnce--;
    return item * 10;
  });
  expect(results).toEqual([30, 10, 20, 0]);
  expect(begun).toEqual([3, 1, 2, 0]);
  expect(most).toBe(2);
});
