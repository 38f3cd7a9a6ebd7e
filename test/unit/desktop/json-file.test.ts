import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../../../src-main/desktop/json-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const Names = z.array(z.string());

test('what was written is read again, and nothing else is left', () => {
  const folder = join(temporaryFolder(), 'new');
  writeJsonFile(join(folder, 'names.json'), ['a']);
  writeJsonFile(join(folder, 'names.json'), ['b', 'c']);
  expect(readJsonFile(join(folder, 'names.json'), Names)).toEqual(['b', 'c']);
  expect(readdirSync(folder)).toEqual(['names.json']);
});

test.each(['', '{', '[1]', 'null'])('a file that holds %j says nothing', (text) => {
  const file = join(temporaryFolder(), 'names.json');
  writeFileSync(file, text);
  expect(readJsonFile(file, Names)).toBe(undefined);
  expect(readJsonFile(`${file}.gone`, Names)).toBe(undefined);
});

test('a place that cannot be written to is no reason to stop', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'kept');
  writeJsonFile(join(file, 'names.json'), ['a']);
  expect(readFileSync(file, 'utf8')).toBe('kept');
});
