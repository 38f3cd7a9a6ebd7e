import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentHashes, fingerprint } from '../../../src-main/data/content-hashes.ts';
import { listFolder } from '../../../src-main/data/sources/folder.ts';
import type { ImageList } from '../../../src-main/data/sources/image-list.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LONG_AGO = new Date('2020-01-02T03:04:05Z');

function write(folder: string, path: string, content: string): void {
  writeFileSync(join(folder, path), content);
  utimesSync(join(folder, path), LONG_AGO, LONG_AGO);
}

function setOf(...contents: readonly string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a'));
  for (const [index, content] of contents.entries()) write(folder, `a/${index}.png`, content);
  return folder;
}

async function listed(folder: string): Promise<ImageList> {
  return { name: 'set', folder, builtIn: false, ...(await listFolder(folder)) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test('every file has the hash of its content, one that is gone has none', async () => {
  const folder = setOf('one', 'two');
  const list = await listed(folder);
  const [first] = list.images;
  const withGone = { ...list, images: [...list.images, { ...first!, path: 'a/gone.png' }] };
  expect(await contentHashes(withGone, temporaryFolder())).toEqual([sha256('one'), sha256('two'), null]);
});

test('a hash is remembered while size and time stay, and only where the time is long past', async () => {
  const folder = setOf('one', 'two');
  const cache = temporaryFolder();
  await contentHashes(await listed(folder), cache);
  // The same size and time: the content is not read again, which is what makes a second look at a large set quick.
  write(folder, 'a/0.png', 'ONE');
  expect((await contentHashes(await listed(folder), cache))[0]).toBe(sha256('one'));
  // Another size.
  write(folder, 'a/0.png', 'longer');
  expect((await contentHashes(await listed(folder), cache))[0]).toBe(sha256('longer'));
  // Changed just now: the time may not tell it from a change that follows.
  writeFileSync(join(folder, 'a/1.png'), 'now');
  const list = await listed(folder);
  await contentHashes(list, cache);
  writeFileSync(join(folder, 'a/1.png'), 'NOW');
  utimesSync(
    join(folder, 'a/1.png'),
    new Date(list.images[1]!.modifiedMs),
    new Date(list.images[1]!.modifiedMs),
  );
  expect((await contentHashes(await listed(folder), cache))[1]).toBe(sha256('NOW'));
});

test('what is remembered is of no use when damaged, and does no harm', async () => {
  const folder = setOf('one');
  const cache = temporaryFolder();
  await contentHashes(await listed(folder), cache);
  const [remembered] = readdirSync(join(cache, 'contents'));
  writeFileSync(join(cache, 'contents', remembered!), '{"a/0.png": 3');
  expect(await contentHashes(await listed(folder), cache)).toEqual([sha256('one')]);
});

test('a fingerprint is of paths and contents, not of the place', async () => {
  const lists = await Promise.all(
    [setOf('one', 'two'), setOf('one', 'two'), setOf('two', 'one')].map((folder) => listed(folder)),
  );
  const prints = await Promise.all(
    lists.map(async (list) => fingerprint(list, await contentHashes(list, temporaryFolder()))),
  );
  expect(prints[1]).toBe(prints[0]);
  expect(prints[2]).not.toBe(prints[0]);
});
