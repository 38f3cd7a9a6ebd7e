import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listFolder } from '../../../../src-main/data/sources/folder.ts';
import { UserError } from '../../../../src-preload/contract/errors.ts';
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

test('links are followed; those that lead nowhere or in a circle, and folders with the name of an image, are named', async () => {
  const elsewhere = folderOf(['images/1.png']);
  const folder = folderOf(['a/1.png', 'a/5.png/6.png']);
  symlinkSync(join(elsewhere, 'images'), join(folder, 'linked'));
  symlinkSync(join(elsewhere, 'images/1.png'), join(folder, 'a', '2.png'));
  symlinkSync('nowhere.png', join(folder, 'a', '3.png'));
  symlinkSync('circle', join(folder, 'circle'));
  symlinkSync('4.png', join(folder, 'a', '4.png'));
  const { classes, images, unreadable } = await listFolder(folder);
  expect(classes).toEqual(['a', 'linked']);
  expect(images.map(({ path }) => path)).toEqual(['a/1.png', 'a/2.png', 'linked/1.png']);
  expect(unreadable).toEqual([
    { path: 'circle', reason: 'It is a link that leads in a circle.' },
    { path: 'a/3.png', reason: 'It is a link that leads nowhere.' },
    { path: 'a/4.png', reason: 'It is a link that leads in a circle.' },
    { path: 'a/5.png', reason: 'It is a folder.' },
  ]);
});

describe.skipIf(process.platform !== 'linux')('a name that is no text in UTF-8', () => {
  const name = Buffer.from('caf\xe9', 'latin1');

  test('of an image: it is named, and left out', async () => {
    const folder = folderOf(['a/1.png']);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/a/`), name, Buffer.from('.png')]), 'image');
    const { images, unreadable } = await listFolder(folder);
    expect(images.map(({ path }) => path)).toEqual(['a/1.png']);
    expect(unreadable).toEqual([
      { path: 'a/caf\uFFFD.png', reason: 'Its name is no text in UTF-8. Give it another name.' },
    ]);
  });

  test('of a class: it is refused, since its images would be missing', async () => {
    const folder = folderOf(['a/1.png']);
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/`), name]));
    await expect(listFolder(folder)).rejects.toThrow(UserError);
    await expect(listFolder(folder)).rejects.toThrow(/class folder caf\uFFFD .* is no text in UTF-8/);
  });
});
