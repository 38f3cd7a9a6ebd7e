import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freeCache } from '../../../src-main/workbench/free-cache.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const HOUR_S = 3600;

/** Beyond the largest id that Linux gives (2²²). */
const NO_PROCESS = 2 ** 22 + 1;

test('prepared files are freed but for those that a living process has just asked for', () => {
  const cache = temporaryFolder();
  const folder = join(cache, 'prepared');
  mkdirSync(folder);
  function write(name: string, ageSeconds = 0): void {
    writeFileSync(join(folder, name), new Uint8Array(name.endsWith('.prepared') ? 1000 : 0));
    const time = Date.now() / 1000 - ageSeconds;
    utimesSync(join(folder, name), time, time);
  }
  for (const name of ['now', 'earlier', 'dead', 'unmarked']) write(`${name}.prepared`);
  write(`now.prepared.${process.pid}.used`);
  write(`earlier.prepared.${process.pid}.used`, HOUR_S);
  write(`dead.prepared.${NO_PROCESS}.used`);
  expect(freeCache(cache)).toBe(3000);
  expect(readdirSync(folder).filter((name) => name.endsWith('.prepared'))).toEqual(['now.prepared']);
  expect(freeCache(cache)).toBe(0);
});

test('a cache that is not there has nothing to be freed', () => {
  expect(freeCache(join(temporaryFolder(), 'absent'))).toBe(0);
});
