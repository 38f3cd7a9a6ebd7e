import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultConfig, type RunConfig } from '../../src-preload/contract/config.ts';
import { createDataClient, type DataClient } from '../../src-main/workbench/data-client.ts';
import { forkHost } from '../../src-main/workbench/fork-host.ts';
import { browseFolders } from '../../src-main/workbench/browse-folders.ts';
import { readPrepared } from '../../src-main/data/prepared.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function client(): DataClient {
  const opened = createDataClient(forkHost, join(import.meta.dirname, '../../out/main/data-process.js'));
  onTestFinished(() => {
    opened.close();
  });
  return opened;
}

async function set(changes: Partial<RunConfig> = {}) {
  const home = temporaryFolder();
  const folder = join(home, 'shapes');
  await writeImageFolder(folder, { round: 8, square: 8 });
  const folders = { datasets: join(home, 'datasets'), cache: join(home, 'cache'), cacheMaxBytes: 1e9 };
  mkdirSync(folders.cache, { recursive: true });
  const config: RunConfig = {
    ...defaultConfig(),
    dataset: folder,
    resize: { width: 12, height: 10 },
    ...changes,
  };
  return { folder, folders, config };
}

async function pixels(
  png: Uint8Array,
): Promise<{ data: Buffer; width: number; height: number; channels: number }> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

describe('a preview', () => {
  test('ends in the very pixels that the network gets', async () => {
    const { folders, config } = await set({
      trim: true,
      grayscale: true,
      minmaxNormalize: true,
      adaptiveInvert: true,
    });
    const data = client();
    const prepared = await readPrepared((await data.call('prepare', { config, folders })).file);
    const path = prepared.parts.training.paths[3] ?? '';
    const preview = await data.call('preview', { config, folders, path, draw: 1, draws: 3 });
    expect(preview.steps.map(({ name }) => name)).toEqual([
      'decoded',
      'trimmed',
      'resized',
      'grayscale',
      'stretched',
      'inverted',
    ]);
    const last = preview.steps.at(-1);
    expect([last?.width, last?.height, last?.channels]).toEqual([12, 10, 1]);
    const shown = await sharp(last?.picture.png).toColourspace('b-w').raw().toBuffer();
    expect([...shown]).toEqual([...prepared.parts.training.pixels.subarray(3 * 120, 4 * 120)]);
    // Nothing is turned or made noisy.
    expect(preview.augmented).toEqual([]);
  });

  test('draws augmentations that are the same for the same draw, and others for another', async () => {
    const { folders, config } = await set({ rotAngle: 40, noiseIntensity: 0.1 });
    const data = client();
    const [{ images } = { images: [] }] = await data.call('samples', { config, folders, perClass: 1 });
    const path = images[0] ?? '';
    const [one, again, other] = await Promise.all(
      [1, 1, 2].map((draw) => data.call('preview', { config, folders, path, draw, draws: 2 })),
    );
    expect(one?.augmented).toHaveLength(2);
    expect(again?.augmented).toEqual(one?.augmented);
    expect(other?.augmented).not.toEqual(one?.augmented);
    expect((await pixels(one?.augmented[0]?.png ?? new Uint8Array())).width).toBe(12);
  });

  test('is refused of what is no image of the set, however it is named', async () => {
    const { folders, config } = await set();
    const data = client();
    for (const path of ['../secret.png', '/etc/passwd', 'round/../../x.png', '', 'round/none.png']) {
      await expect(data.call('preview', { config, folders, path, draw: 1, draws: 1 }), path).rejects.toThrow(
        'has no image',
      );
      await expect(data.call('thumbnails', { config, folders, paths: [path] }), path).rejects.toThrow(
        'has no image',
      );
    }
  });

  test('says why an image cannot be read', async () => {
    const { folder, folders, config } = await set();
    writeFileSync(join(folder, 'round', 'broken.png'), 'no image');
    const data = client();
    const [thumbnail] = await data.call('thumbnails', { config, folders, paths: ['round/broken.png'] });
    expect(thumbnail).toMatchObject({ picture: null, reason: expect.stringContaining('damaged') as string });
    await expect(
      data.call('preview', { config, folders, path: 'round/broken.png', draw: 1, draws: 1 }),
    ).rejects.toThrow('round/broken.png: It is empty, damaged');
  });
});

test('samples are spread over each class', async () => {
  const { folders, config } = await set();
  const samples = await client().call('samples', { config, folders, perClass: 2 });
  expect(samples.map(({ className, images }) => [className, images.length])).toEqual([
    ['round', 2],
    ['square', 2],
  ]);
});

test('folders are listed by name, and those that hold classes of images are told from others', async () => {
  const { folder } = await set();
  const outer = join(folder, '..');
  mkdirSync(join(outer, '.hidden'));
  mkdirSync(join(outer, 'empty'));
  const { folders, parent, looksLikeDataset } = await browseFolders(outer);
  expect(folders.map(({ name, looksLikeDataset: looks }) => [name, looks])).toEqual([
    ['cache', false],
    ['empty', false],
    ['shapes', true],
  ]);
  expect(parent).not.toBeNull();
  expect(looksLikeDataset).toBe(false);
  expect((await browseFolders(folder)).looksLikeDataset).toBe(true);
  await expect(browseFolders(join(outer, 'nowhere'))).rejects.toThrow('cannot be listed');
});
