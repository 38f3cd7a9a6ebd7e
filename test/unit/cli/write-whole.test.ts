import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from '../../../src-main/cli/write-whole.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a file takes the place of the one before, and nothing else is left', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.csv'), 'old');
  expect(await writeWhole(join(folder, 'a.csv'), 'new')).toBe(join(folder, 'a.csv'));
  expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['a.csv']);
});

test('a folder that is not there is named, and so is a folder in the place of the file', async () => {
  const folder = temporaryFolder();
  const absent = join(folder, 'absent', 'a.png');
  await expect(writeWhole(absent, '')).rejects.toThrow(
    new UserError(`${absent} cannot be written: there is no folder ${join(folder, 'absent')}.`),
  );
  const taken = join(folder, 'taken.png');
  mkdirSync(taken);
  await expect(writeWhole(taken, '')).rejects.toThrow(
    new UserError(`${taken} cannot be written: it is a folder.`),
  );
  expect(readdirSync(folder)).toEqual(['taken.png']);
});
