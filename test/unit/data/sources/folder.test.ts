import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listFolder } from '../../../../src-main/data/sources/folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

function folderOf(paths: readonly string[]): string {
  const folder = temporaryFolder();
  for (const path of paths) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  return folder;
}

test('classes and their images come in natural order', async () => {
  const folder = folderOf(['10/a.png', '9/b10.png', '9/b9.png', '9/B1.PNG', 'ö/a.jpeg']);
  const { classes, images } = await listFolder(folder);
  expect(classes).toEqual(['9', '10', 'ö']);
  expect(images.map(({ path, label }) => [path, label])).toEqual([
    ['9/B1.PNG', 0],
    ['9/b9.png', 0],
    ['9/b10.png', 0],
    ['10/a.png', 1],
    ['ö/a.jpeg', 2],
  ]);
  expect(images[0]?.bytes).toBe('9/B1.PNG'.length);
});

test('what is hidden, no image by its name, beside or below the class folders is passed over', async () => {
  const folder = folderOf(['a/1.png', 'a/.2.png', 'a/notes.txt', 'a/deep/3.png', '.git/4.png', 'readme.png']);
  const { classes, images } = await listFolder(folder);
  expect(classes).toEqual(['a']);
  expect(images.map(({ path }) => path)).toEqual(['a/1.png']);
});

test('links are followed; those that lead nowhere, or round in a circle, are passed over', async () => {
  const elsewhere = folderOf(['images/1.png']);
  const folder = folderOf(['a/1.png']);
  symlinkSync(join(elsewhere, 'images'), join(folder, 'linked'));
  symlinkSync(join(elsewhere, 'images/1.png'), join(folder, 'a', '2.png'));
  symlinkSync('nowhere.png', join(folder, 'a', '3.png'));
  symlinkSync('circle', join(folder, 'circle'));
  symlinkSync('4.png', join(folder, 'a', '4.png'));
  const { classes, images } = await listFolder(folder);
  expect(classes).toEqual(['a', 'linked']);
  expect(images.map(({ path }) => path)).toEqual(['a/1.png', 'a/2.png', 'linked/1.png']);
});
