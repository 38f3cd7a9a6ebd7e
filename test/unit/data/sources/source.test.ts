import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filterImages, openSource } from '../../../../src-main/data/sources/source.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

function open(files: readonly string[]) {
  const folder = temporaryFolder();
  for (const path of files) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    if (!path.endsWith('/.')) writeFileSync(join(folder, path), path);
  }
  return openSource(
    { dataset: folder, datasetsPath: '', filterDataset: 'all' },
    { datasets: join(folder, 'sets'), cache: join(folder, 'cache'), cacheMaxBytes: 1e9 },
  );
}

test('a folder that nobody could train on says why, and what to do', async () => {
  await expect(open([])).rejects.toThrow(/no class folders.*sub-folder named after it/);
  await expect(open(['a/notes.txt', 'b/notes.txt'])).rejects.toThrow(/class folders \(a, b\) but no image/);
  await expect(open(['a/1.png'])).rejects.toThrow(/one class only \(a\).*two or more/);
  await expect(open(['a/1.png', 'b/notes.txt'])).rejects.toThrow(
    /Class b of .* has no image. Add some, or remove/,
  );
});

test('images are chosen by their place in the list, alone or in ranges', () => {
  const images = ['a', 'b', 'c', 'd', 'e'];
  expect(filterImages(images, 'all', 'set')).toEqual(images);
  expect(filterImages(images, '4,0-1,1', 'set')).toEqual(['a', 'b', 'e']);
  expect(() => filterImages(images, '3-5', 'set')).toThrow(/names image 5, but set has images 0 to 4/);
});
