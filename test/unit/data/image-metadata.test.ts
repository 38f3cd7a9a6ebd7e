import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { jpegMetadataBytes, type ReadAt, readPngMetadata } from '../../../src-main/data/image-metadata.ts';
import { decode } from '../../../src-main/data/preparation/decode.ts';

function readerOf(bytes: Buffer): ReadAt {
  return (position, length) => Promise.resolve(bytes.subarray(position, position + length));
}

function image() {
  return sharp({ create: { width: 9, height: 7, channels: 3, background: 'peru' } });
}

function chunk(name: string, contents: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(contents.length);
  head.write(name, 4, 'latin1');
  // The checksum of a chunk that is left out is not looked at.
  return Buffer.concat([head, contents, Buffer.alloc(4)]);
}

test('a PNG without its text has the same pixels', async () => {
  const png = await image().png().toBuffer();
  const text = [
    chunk('tEXt', Buffer.from('Comment\0some words')),
    chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(99))])),
    chunk('iTXt', Buffer.from('Comment\0\0\0\0\0words')),
  ];
  const told = Buffer.concat([png.subarray(0, 33), ...text, png.subarray(33)]);
  const { textBytes, rest } = await readPngMetadata(readerOf(told), told.length);
  expect(textBytes).toBe(Buffer.concat(text).length);
  const left = Buffer.concat(rest.map(([from, to]) => told.subarray(from, to)));
  expect(left.equals(png)).toBe(true);
  expect((await decode(left)).data).toEqual((await decode(png)).data);
});

test('what stands in a JPEG beside its pixels is counted, and no pixel', async () => {
  const plain = await image().jpeg().toBuffer();
  const before = await jpegMetadataBytes(readerOf(plain), plain.length);
  const marker = Buffer.from([0xff, 0xfe, 0, 12, ...Buffer.from('ten bytes.')]);
  const told = Buffer.concat([plain.subarray(0, 2), marker, marker, plain.subarray(2)]);
  expect(await jpegMetadataBytes(readerOf(told), told.length)).toBe(before + 28);
  expect(before).toBeLessThan(100);
});

test('a file that is cut off anywhere is walked to its end', async () => {
  for (const whole of [await image().png().toBuffer(), await image().jpeg().toBuffer()]) {
    for (let length = 0; length <= whole.length; length++) {
      const cut = whole.subarray(0, length);
      const { rest } = await readPngMetadata(readerOf(cut), length);
      for (const [from, to] of rest) expect(from < to && to <= length).toBe(true);
      expect(await jpegMetadataBytes(readerOf(cut), length)).toBeLessThanOrEqual(65_537);
    }
  }
});
