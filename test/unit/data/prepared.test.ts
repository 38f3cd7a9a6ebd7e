import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPrepared, readPreparedFoot, writePrepared } from '../../../src-main/data/prepared.ts';
import { checkFits } from '../../../src-main/data/prepare-set.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function written(folder: string): Promise<string> {
  const file = join(folder, 'one.prepared');
  const writer = await writePrepared(file, [1, 2, 1], ['cat', 'dog']);
  await writer.add('training', 1, 'dog/é.png', Uint8Array.of(1, 2));
  await writer.add('training', 0, 'cat/a.png', Uint8Array.of(3, 4));
  await writer.add('test', 0, 'cat/b.png', Uint8Array.of(255, 0));
  await writer.finish([{ path: 'cat/c.png', reason: 'It is empty.' }]);
  return file;
}

test('what was written is read back, part by part', async () => {
  const prepared = await readPrepared(await written(temporaryFolder()));
  expect(prepared.inputShape).toEqual([1, 2, 1]);
  expect(prepared.classes).toEqual(['cat', 'dog']);
  expect(prepared.unreadable).toEqual([{ path: 'cat/c.png', reason: 'It is empty.' }]);
  const { training, dev, test: last } = prepared.parts;
  expect([...training.pixels]).toEqual([1, 2, 3, 4]);
  expect([...training.labels]).toEqual([1, 0]);
  expect(training.paths).toEqual(['dog/é.png', 'cat/a.png']);
  expect([dev.count, dev.pixels.length]).toEqual([0, 0]);
  expect([...last.pixels]).toEqual([255, 0]);
});

test('a file that is cut off, longer, or something else is refused', async () => {
  const folder = temporaryFolder();
  const whole = readFileSync(await written(folder));
  const file = join(folder, 'other.prepared');
  const damaged = [
    whole.subarray(0, 10),
    whole.subarray(0, whole.length - 1),
    Buffer.concat([whole.subarray(0, 16), Buffer.of(9), whole.subarray(16)]),
    Buffer.concat([Buffer.from('NOTAPREP'), whole.subarray(8)]),
    Buffer.alloc(0),
  ];
  for (const bytes of damaged) {
    writeFileSync(file, bytes);
    await expect(readPrepared(file)).rejects.toThrow();
    await expect(readPreparedFoot(file)).rejects.toThrow();
  }
});

/** Of 110×110×3 each: from 59,160 on they are more than the system reads at once. */
const MANY = Number(process.env['LAYERBENCH_FILES'] ?? 2000);

test(`a file of ${MANY} images is read whole, piece by piece`, async () => {
  const file = join(temporaryFolder(), 'large.prepared');
  const [height, width, channels] = [110, 110, 3];
  const size = height * width * channels;
  const foot = Buffer.from(
    JSON.stringify({
      inputShape: [height, width, channels],
      classes: ['cat', 'dog'],
      parts: {
        training: { count: MANY, labels: new Array(MANY).fill(0), paths: new Array(MANY).fill('cat/a.png') },
        dev: { count: 1, labels: [1], paths: ['dog/b.png'] },
        test: { count: 0, labels: [], paths: [] },
      },
      unreadable: [],
    }),
  );
  const position = 16 + (MANY + 1) * size;
  const head = Buffer.alloc(16);
  head.write('LBPREP01');
  head.writeDoubleLE(position, 8);
  // All between is a hole, which takes no room on the disk.
  const handle = await open(file, 'w');
  await handle.write(head, 0, 16, 0);
  await handle.write(Uint8Array.of(7), 0, 1, 16 + MANY * size - 1);
  await handle.write(Uint8Array.of(9), 0, 1, position - 1);
  await handle.write(foot, 0, foot.length, position);
  await handle.close();
  const { training, dev } = (await readPrepared(file)).parts;
  expect(training.pixels.length).toBe(MANY * size);
  expect([training.pixels[0], training.pixels.at(-1), dev.pixels.at(-1)]).toEqual([0, 7, 9]);
});

test('images that no memory holds are refused before any is decoded', () => {
  const config = { ...defaultConfig(), grayscale: false };
  expect(() => {
    checkFits(100_000, config, 4e9);
  }).not.toThrow();
  expect(() => {
    checkFits(100_000, config, 3e9);
  }).toThrow(UserError);
  expect(() => {
    checkFits(100_000, config, 3e9);
  }).toThrow(
    /^100,000 images of 110×110×3 cannot fit: they take 3\.\d+ GB of memory, of [\d.]+ GB that there are\. Take smaller/,
  );
});

test('a file that was given up leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const writer = await writePrepared(join(folder, 'one.prepared'), [1, 1, 1], ['cat', 'dog']);
  await writer.add('training', 0, 'cat/a.png', Uint8Array.of(1));
  await writer.abandon();
  expect(readdirSync(folder)).toEqual([]);
});
