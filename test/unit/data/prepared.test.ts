import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPrepared, readPreparedFoot, writePrepared } from '../../../src-main/data/prepared.ts';
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

test('a file that was given up leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const writer = await writePrepared(join(folder, 'one.prepared'), [1, 1, 1], ['cat', 'dog']);
  await writer.add('training', 0, 'cat/a.png', Uint8Array.of(1));
  await writer.abandon();
  expect(readdirSync(folder)).toEqual([]);
});
