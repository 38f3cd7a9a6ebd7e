import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeLeftovers, writerMark } from '../../../src-main/data/leftovers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('what a dead process has left unfinished goes; what a living one writes stays, and so does all that is whole', async () => {
  const folder = temporaryFolder();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const own = writerMark();
  const gone = own.replace(/^\d+/, String(dead));
  for (const name of [`a.prepared.${own}.part`, `a.prepared.${gone}.part`, 'a.prepared', 'notes.part'])
    writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, `.drawing-${gone}`, 'class'), { recursive: true });
  await removeLeftovers(folder, (name) => name.endsWith('.part') || name.startsWith('.drawing-'));
  expect(readdirSync(folder).sort()).toEqual(['a.prepared', `a.prepared.${own}.part`, 'notes.part']);
  await removeLeftovers(join(folder, 'absent'), () => true);
});
