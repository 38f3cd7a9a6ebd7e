import { mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentsHash, listingHash, stampIs, writeStamp } from '../../../resources/setup/stamp.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a stamp says what was written, and nothing before', () => {
  const file = join(temporaryFolder(), 'out', 'stamp');
  expect(stampIs(file, 'one')).toBe(false);
  writeStamp(file, 'one');
  expect(stampIs(file, 'one')).toBe(true);
  expect(stampIs(file, 'on')).toBe(false);
});

test('the hash of contents changes with any of the files, and with one that goes', () => {
  const folder = temporaryFolder();
  const files = [join(folder, 'a'), join(folder, 'b')];
  writeFileSync(files[0]!, 'a');
  writeFileSync(files[1]!, 'b');
  const before = contentsHash(files);
  expect(contentsHash(files)).toBe(before);
  writeFileSync(files[1]!, 'c');
  const changed = contentsHash(files);
  rmSync(files[1]!);
  expect(new Set([before, changed, contentsHash(files)]).size).toBe(3);
});

test('the hash of a listing changes when a file is changed, added, renamed or removed, and else does not', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'source/deep'), { recursive: true });
  const file = join(root, 'source/deep/file.ts');
  writeFileSync(file, 'text');
  writeFileSync(join(root, 'single.json'), '{}');
  function hash(): string {
    return listingHash(root, ['source', 'single.json', 'not-there']);
  }
  const seen = [hash()];
  expect(hash()).toBe(seen[0]);

  // The same size, another time of change.
  const { mtimeMs } = statSync(file);
  utimesSync(file, mtimeMs / 1000, mtimeMs / 1000 + 1);
  seen.push(hash());
  writeFileSync(join(root, 'source/other.ts'), 'text');
  seen.push(hash());
  writeFileSync(join(root, 'single.json'), '{ }');
  seen.push(hash());
  rmSync(file);
  seen.push(hash());
  expect(new Set(seen).size).toBe(seen.length);

  writeFileSync(join(root, 'outside.ts'), '');
  expect(hash()).toBe(seen.at(-1));
});

test.skipIf(process.platform === 'win32')('a link that leads nowhere does no harm', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'source'));
  symlinkSync(join(root, 'gone'), join(root, 'source/link'));
  expect(() => listingHash(root, ['source'])).not.toThrow();
});
