import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decode, unreadableReason } from '../../../../src-main/data/preparation/decode.ts';

function raw(values: readonly number[], width: number, channels: 1 | 2 | 3 | 4) {
  const height = values.length / channels / width;
  return sharp(Uint8Array.from(values), { raw: { width, height, channels } });
}

test('a grey image becomes three equal channels', async () => {
  const png = await raw([0, 100, 200], 3, 1).toColourspace('b-w').png().toBuffer();
  expect([...(await decode(png)).data]).toEqual([0, 0, 0, 100, 100, 100, 200, 200, 200]);
});

test('of 16 bits the upper 8 are kept', async () => {
  const values = Uint16Array.from([0, 0x00ff, 0x0100, 0x80ff, 0xffff, 0xfe00]);
  const png = await sharp(values, { raw: { width: 2, height: 1, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  expect((await sharp(png).metadata()).depth).toBe('ushort');
  expect([...(await decode(png)).data]).toEqual([0, 0, 1, 0x80, 0xff, 0xfe]);
});

test('a palette is looked up', async () => {
  const png = await raw([255, 0, 0, 0, 255, 0, 0, 0, 255], 3, 3).png({ palette: true }).toBuffer();
  expect((await sharp(png).metadata()).isPalette).toBe(true);
  expect([...(await decode(png)).data]).toEqual([255, 0, 0, 0, 255, 0, 0, 0, 255]);
});

test('alpha is dropped, the colour under it stays', async () => {
  const png = await raw([10, 20, 30, 0, 40, 50, 60, 255], 2, 4).png().toBuffer();
  expect([...(await decode(png)).data]).toEqual([10, 20, 30, 40, 50, 60]);
});

test('EXIF orientation is respected', async () => {
  // Two pixels side by side, white then black; orientation 6 turns them clockwise: white above black.
  const side = 16;
  const values = Array.from({ length: side }, () => [
    ...new Array<number>(side * 3).fill(255),
    ...new Array<number>(side * 3).fill(0),
  ]).flat();
  const jpeg = await raw(values, 2 * side, 3)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100 })
    .toBuffer();
  const image = await decode(jpeg);
  expect([image.width, image.height]).toEqual([side, 2 * side]);
  expect(image.data[0]).toBe(255);
  expect(image.data.at(-1)).toBe(0);
});

test('of an animation the first frame is taken', async () => {
  const frames = Buffer.concat([Buffer.alloc(4 * 4 * 3, 255), Buffer.alloc(4 * 4 * 3, 0)]);
  const gif = await sharp(frames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } })
    .gif()
    .toBuffer();
  expect((await sharp(gif).metadata()).pages).toBe(2);
  const image = await decode(gif);
  expect([image.height, image.data[0]]).toEqual([4, 255]);
});

test.each([
  ['an empty file', new Uint8Array(0)],
  ['text', new TextEncoder().encode('no image at all')],
])('%s is refused with a reason', async (_, bytes) => {
  const error: unknown = await decode(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(unreadableReason(error)).toMatch(/^It (is empty|cannot be decoded)/);
});

test('an image cut off in the middle is refused', async () => {
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919) % 256);
  const png = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer();
  await expect(decode(png.subarray(0, png.length / 2))).rejects.toThrow();
});
