import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PreparedGone, readPrepared } from '../../src-main/data/prepared.ts';
import { createDataClient } from '../../src-main/workbench/data-client.ts';
import { forkHost } from '../../src-main/workbench/fork-host.ts';
import { type RunConfig, defaultConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { markedImage, writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ENTRY = join(import.meta.dirname, '../../out/main/data-process.js');

function start(cacheMaxBytes = 1e9) {
  const home = temporaryFolder();
  const client = createDataClient(forkHost, ENTRY);
  onTestFinished(() => {
    client.close();
  });
  const folders = { datasets: join(home, 'datasets'), cache: join(home, 'cache'), cacheMaxBytes };
  const set = join(home, 'shapes');
  const config: RunConfig = { ...defaultConfig(), dataset: set, resize: { width: 8, height: 8 } };
  return { client, folders, set, config };
}

test('prepares every format, leaves out what cannot be read, and decodes nothing the second time', async () => {
  const { client, folders, set, config } = start();
  await writeImageFolder(set, { round: 8, square: 8 });
  for (const format of ['jpeg', 'webp', 'gif', 'tiff'] as const) {
    await writeFile(join(set, 'round', `other.${format}`), await markedImage(40, format));
  }
  await writeFile(join(set, 'square', 'broken.png'), 'no image');
  await writeFile(join(set, 'square', 'cut.png'), (await markedImage(41)).subarray(0, 60));
  await writeFile(join(set, 'square', 'old.bmp'), Buffer.from('BM no bitmap'));
  const first = await client.call('prepare', { config, folders });
  expect(first.unreadable.map(({ path }) => path).sort()).toEqual([
    'square/broken.png',
    'square/cut.png',
    'square/old.bmp',
  ]);
  expect(first.unreadable.every(({ reason }) => reason.startsWith('It '))).toBe(true);
  expect(first.images).toBe(20);
  expect(first.decoded).toBe(23);
  const prepared = await readPrepared(first.file);
  expect(prepared.inputShape).toEqual([8, 8, 3]);
  expect(prepared.classes).toEqual(['round', 'square']);
  const paths = Object.values(prepared.parts).flatMap((part) => part.paths);
  expect(new Set(paths).size).toBe(20);
  const second = await client.call('prepare', { config, folders });
  expect(second.decoded).toBe(0);
  expect(second.unreadable).toEqual(first.unreadable);
  expect(second.preparedKey).toBe(first.preparedKey);
  const other = await client.call('prepare', { config: { ...config, grayscale: true }, folders });
  expect(other.decoded).toBe(23);
  expect(other.inputShape).toEqual([8, 8, 1]);
});

test('an image that changed is prepared anew', async () => {
  const { client, folders, set, config } = start();
  await writeImageFolder(set, { a: 4, b: 4 });
  const first = await client.call('prepare', { config, folders });
  await writeFile(join(set, 'a', '0.png'), await markedImage(99));
  const second = await client.call('prepare', { config, folders });
  expect(second.decoded).toBe(8);
  expect(second.datasetFingerprint).not.toBe(first.datasetFingerprint);
});

test('a damaged prepared file is made anew', async () => {
  const { client, folders, set, config } = start();
  await writeImageFolder(set, { a: 4, b: 4 });
  const { file } = await client.call('prepare', { config, folders });
  await writeFile(file, 'not what it was');
  expect((await client.call('prepare', { config, folders })).decoded).toBe(8);
  expect((await readPrepared(file)).classes).toEqual(['a', 'b']);
});

test('the cache stays within its limit, but keeps what is in use', async () => {
  const { client, folders, set, config } = start(1);
  await writeImageFolder(set, { a: 4, b: 4 });
  const first = await client.call('prepare', { config, folders });
  const second = await client.call('prepare', { config: { ...config, grayscale: true }, folders });
  // Both are marked as used by this process, which lives: one byte of room takes neither away.
  expect((await readPrepared(first.file)).classes).toEqual(['a', 'b']);
  await rm(`${first.file}.${process.pid}.used`);
  await client.call('prepare', { config: { ...config, grayscale: true }, folders });
  await expect(readPrepared(first.file)).rejects.toThrow(PreparedGone);
  expect((await readPrepared(second.file)).classes).toEqual(['a', 'b']);
});

test.each<[string, Readonly<Record<string, number>>, RegExp]>([
  ['a folder without classes', {}, /no class folders/],
  ['one class only', { a: 3 }, /one class only/],
  ['no image at all', { a: 0, b: 0 }, /no image in any/],
  ['a class without images', { a: 3, b: 0 }, /Class b .* has no image/],
])('%s is told to the user', async (_, classes, sentence) => {
  const { client, folders, set, config } = start();
  await mkdir(set, { recursive: true });
  await writeImageFolder(set, classes);
  const failure = client.call('prepare', { config, folders });
  await expect(failure).rejects.toThrow(sentence);
  await expect(failure).rejects.toBeInstanceOf(UserError);
});

test('a class whose images are all unreadable is named', async () => {
  const { client, folders, set, config } = start();
  await writeImageFolder(set, { a: 3, b: 1 });
  await writeFile(join(set, 'b', '0.png'), 'broken');
  await expect(client.call('prepare', { config, folders })).rejects.toThrow(
    /class b .* can be read.*b\/0\.png/s,
  );
});

test('a data set that is not there names those that are', async () => {
  const { client, folders, config } = start();
  await expect(
    client.call('prepare', { config: { ...config, dataset: 'nombers' }, folders }),
  ).rejects.toThrow(/no data set nombers.*numbers, colors/);
});

test('a built-in set is drawn, the same for the same seed, and split as listed', async () => {
  const { client, folders, config } = start();
  const drawn = await client.call('create', { kind: 'numbers', name: 'few', seed: 7, perClass: 4, folders });
  expect(drawn.images).toBe(40);
  expect(drawn.classes.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  await client.call('create', { kind: 'numbers', name: 'again', seed: 7, perClass: 4, folders });
  await client.call('create', { kind: 'numbers', name: 'other', seed: 8, perClass: 4, folders });
  const prints: string[] = [];
  for (const dataset of ['few', 'again', 'other']) {
    prints.push(
      (await client.call('prepare', { config: { ...config, dataset }, folders })).datasetFingerprint,
    );
  }
  expect(prints[1]).toBe(prints[0]);
  expect(prints[2]).not.toBe(prints[0]);
  await expect(client.call('create', { kind: 'numbers', name: 'few', seed: 7, folders })).rejects.toThrow(
    /already/,
  );
});

test('the health of a set names leaks, wrong labels, odd images and small classes', async () => {
  const { client, folders, set, config } = start();
  await writeImageFolder(set, { a: 20, b: 20 });
  await writeFile(join(set, 'b', 'twin.png'), await markedImage(0));
  await writeFile(join(set, 'a', 'large.png'), Buffer.from(await markedImage(3)));
  await writeFile(join(set, 'a', 'broken.png'), 'no image');
  const health = await client.call('check', { config, folders });
  expect(health.unreadable.map(({ path }) => path)).toEqual(['a/broken.png']);
  const twins = health.duplicates.find(({ images }) => images.some(({ path }) => path === 'b/twin.png'));
  expect(twins?.mislabelled).toBe(true);
  expect(twins?.images.map(({ path }) => path)).toContain('a/0.png');
  expect(
    health.findings.some(({ message }) => message.includes('b/twin.png') && message.includes('labels')),
  ).toBe(true);
  expect(health.fewDevImages.map(({ className, dev }) => [className, dev])).toEqual([
    ['a', 3],
    ['b', 3],
  ]);
  // One of three images is worth a third of the accuracy.
  expect(health.fewDevImages[0]?.oneImage).toBeCloseTo(1 / 3);
});

test('of runs that start together one draws the set and prepares it', async () => {
  const { client, folders, config } = start();
  const wanted = { config: { ...config, dataset: 'colors' }, folders };
  const sets = await Promise.all([1, 2, 3].map(() => client.call('prepare', wanted)));
  expect(sets.map(({ decoded }) => decoded).sort((one, other) => one - other)).toEqual([0, 0, 240]);
  expect(new Set(sets.map(({ file }) => file)).size).toBe(1);
});

test('two processes that draw one set leave one', async () => {
  const { client, folders, config } = start();
  const other = createDataClient(forkHost, ENTRY);
  onTestFinished(() => {
    other.close();
  });
  const wanted = { config: { ...config, dataset: 'colors' }, folders };
  const sets = await Promise.all([client, other].map((one) => one.call('prepare', wanted)));
  expect(sets[0]?.datasetFingerprint).toBe(sets[1]?.datasetFingerprint);
  expect(await readdir(folders.datasets)).toEqual(['colors']);
});

test('cancelling a call ends it', async () => {
  const { client, folders, config } = start();
  const cancel = new AbortController();
  const drawing = client.call(
    'prepare',
    { config: { ...config, dataset: 'numbers' }, folders },
    {
      signal: cancel.signal,
      onProgress: () => {
        cancel.abort();
      },
    },
  );
  await expect(drawing).rejects.toThrow(/cancelled/);
});
