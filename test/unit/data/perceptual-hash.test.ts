import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { NEAR_BITS, NEAR_LEVELS } from '../../../src-main/data/health.ts';
import {
  HASH_BITS,
  type PerceptualHash,
  hammingDistance,
  perceptualHash,
} from '../../../src-main/data/perceptual-hash.ts';
import { decode } from '../../../src-main/data/preparation/decode.ts';
import { drawNumbers } from '../../../src-main/data/sources/numbers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function hashOf(encoded: Uint8Array): Promise<PerceptualHash> {
  return perceptualHash(await decode(encoded));
}

function areNear(one: PerceptualHash, other: PerceptualHash): boolean {
  return (
    hammingDistance(one.words, other.words, NEAR_BITS) <= NEAR_BITS &&
    one.mean.every((level, channel) => Math.abs(level - (other.mean[channel] ?? 0)) <= NEAR_LEVELS)
  );
}

test('a bit is 1 where a pixel is brighter than its left neighbour', async () => {
  // 17 columns that grow brighter, but for one step down between the fourth and the fifth.
  const rows = Array.from({ length: 16 }, () => [
    0, 10, 20, 30, 5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115, 125,
  ]);
  const data = Uint8Array.from(rows.flat());
  const { words, mean } = await perceptualHash({ width: 17, height: 16, channels: 1, data });
  const rowBits = 0xffff - (1 << 3);
  expect([...words]).toEqual(Array.from({ length: 8 }, () => (rowBits | (rowBits << 16)) >>> 0));
  expect(HASH_BITS).toBe(256);
  // (0 + 10 + 20 + 30 + 5 + 15 + … + 125) / 17 = (60 + 13 × 65) / 17
  expect(mean[0]).toBeCloseTo((60 + 13 * 65) / 17);
});

test('the distance is the number of bits that differ, and beyond a limit only that it is', () => {
  const one = Uint32Array.of(0b1011, 0xffffffff);
  expect(hammingDistance(one, Uint32Array.of(0b0001, 0xfffffffe), 256)).toBe(3);
  expect(hammingDistance(one, Uint32Array.of(~0b1011 >>> 0, 0), 256)).toBe(64);
  expect(hammingDistance(one, Uint32Array.of(~0b1011 >>> 0, 0), 5)).toBe(6);
});

test('copies that were recompressed, resized or brightened are near their original, other drawings are not', async () => {
  const folder = join(temporaryFolder(), 'numbers');
  await drawNumbers(folder, { seed: 3, perClass: 5 });
  const originals = readdirSync(folder).flatMap((name) =>
    readdirSync(join(folder, name)).map((file) => readFileSync(join(folder, name, file))),
  );
  const hashes = await Promise.all(originals.map((original) => hashOf(original)));
  const copies: Record<string, (original: Buffer) => Promise<Buffer>> = {
    jpeg: (original) => sharp(original).jpeg({ quality: 75 }).toBuffer(),
    webp: (original) => sharp(original).webp().toBuffer(),
    smaller: (original) => sharp(original).resize(99, 99).png().toBuffer(),
    larger: (original) => sharp(original).resize(220, 220).png().toBuffer(),
    brighter: (original) => sharp(original).linear(1, 3).png().toBuffer(),
  };
  for (const [kind, copy] of Object.entries(copies)) {
    let found = 0;
    for (const [index, original] of originals.entries()) {
      const hash = hashes[index];
      if (hash !== undefined && areNear(hash, await hashOf(await copy(original)))) found++;
    }
    expect(found / originals.length, kind).toBeGreaterThanOrEqual(0.85);
  }
  const falseAlarms = hashes.flatMap((one, index) =>
    hashes.slice(0, index).filter((other) => areNear(one, other)),
  );
  expect(falseAlarms).toEqual([]);
});
