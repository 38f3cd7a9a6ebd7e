import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { openPreparationPool } from '../../../src-main/data/preparation-pool.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const steps = {
  trim: true,
  resize: { width: 9, height: 7 },
  grayscale: true,
  minmaxNormalize: true,
  adaptiveInvert: true,
};

async function pictures(count: number): Promise<string[]> {
  const folder = temporaryFolder();
  const files: string[] = [];
  for (let index = 0; index < count; index++) {
    const side = 20 + index;
    const data = Uint8Array.from({ length: side * side * 3 }, (_, at) => (at * (index + 3)) % 256);
    const file = join(folder, `${index}.png`);
    await sharp(data, { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toFile(file);
    files.push(file);
  }
  return files;
}

test('threads give the very pixels that this one gives, and the same reasons', async () => {
  const files = await pictures(12);
  const text = join(temporaryFolder(), 'text.png');
  writeFileSync(text, 'no image');
  const [alone, threads] = [openPreparationPool(13, steps, 0), openPreparationPool(13, steps, 2)];
  onTestFinished(() => threads.close());
  const all = [...files, text, join(text, 'absent')];
  const expected = await Promise.all(all.map((file) => alone.prepare(file)));
  const found = await Promise.all(all.map((file) => threads.prepare(file)));
  expect(found.map((one) => ('pixels' in one ? { ...one.pixels, data: [...one.pixels.data] } : one))).toEqual(
    expected.map((one) => ('pixels' in one ? { ...one.pixels, data: [...one.pixels.data] } : one)),
  );
  expect(expected.filter((one) => 'reason' in one)).toHaveLength(2);
});
