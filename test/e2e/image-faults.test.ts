import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { markedImage, writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SMALL = ['--resize=8,8', '--layers=6', '--nbr-epochs=1', '--backend=native'];

test('an image that cannot be read is left out, named with its reason, and kept with the run', async () => {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 10, square: 10 });
  await writeFile(join(set, 'round', 'text.png'), 'no image');
  const whole = await markedImage(3);
  await writeFile(join(set, 'square', 'cut.png'), whole.subarray(0, whole.length / 2));
  const trained = await command(['train', `--dataset=${set}`, ...SMALL], { home });
  expect(trained.code).toBe(0);
  expect(trained.err).toMatch(/round\/text\.png: It is empty, damaged, or of a format that is not read\./);
  expect(trained.err).toMatch(/square\/cut\.png: It cannot be decoded/);
  const shown = await command(['show', 'last', '--json'], { home });
  const run = RunRecord.parse(JSON.parse(shown.out));
  expect(run.unreadable.map(({ path }) => path).sort()).toEqual(['round/text.png', 'square/cut.png']);
  expect((await command(['show', 'last'], { home })).out).toMatch(/round\/text\.png/);
});

test.each<[string, Readonly<Record<string, number>>, readonly string[], RegExp]>([
  ['without class folders', {}, [], /no class folders/],
  ['with one class', { round: 5 }, [], /one class only \(round\)/],
  ['without images', {}, ['round/a.txt', 'square/b.txt'], /no image in any/],
  ['with an empty class', { round: 5 }, ['square/b.txt'], /Class square .* has no image/],
  [
    'with a class of unreadable images',
    { round: 5 },
    ['square/b.png'],
    /No image of class square .* can be read/,
  ],
])('a folder %s is for the user to mend', async (_, classes, others, sentence) => {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await mkdir(set);
  await writeImageFolder(set, classes);
  for (const path of others) {
    await mkdir(join(set, path, '..'), { recursive: true });
    await writeFile(join(set, path), 'text');
  }
  const failed = await command(['train', `--dataset=${set}`, ...SMALL], { home });
  expect(failed.err).toMatch(sentence);
  expect(failed.err).not.toMatch(/\n {4}at /);
  expect(failed.code).toBe(2);
});

test('the second run over one preparation decodes nothing, and says so', async () => {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 10, square: 10 });
  const [first, second, other] = [
    await command(['train', `--dataset=${set}`, ...SMALL], { home }),
    await command(['train', `--dataset=${set}`, ...SMALL, '--learning-rate=0.5'], { home }),
    await command(['train', `--dataset=${set}`, ...SMALL, '--grayscale'], { home }),
  ];
  expect(first.err).toMatch(/20 decoded, 0 from the cache/);
  expect(second.err).toMatch(/0 decoded, 20 from the cache/);
  expect(other.err).toMatch(/20 decoded, 0 from the cache/);
  const decoded = jsonLines((await command(['runs', '--json'], { home })).out).map(
    (line) => RunRecord.parse(line).preparation?.decoded,
  );
  expect(decoded).toEqual([20, 0, 20]);
});
