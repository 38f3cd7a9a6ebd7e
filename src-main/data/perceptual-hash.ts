import sharp from 'sharp';
import type { Pixels } from './pixels.ts';

const SIDE = 16;

/** Bits of a hash. */
export const HASH_BITS = SIDE * SIDE;

/** What an image looks like from afar. */
export interface PerceptualHash {
  /** Difference hash: 256 bits in eight words. */
  readonly words: Uint32Array;
  /** Mean of each channel, 0..255. */
  readonly mean: readonly [number, number, number];
}

/** A difference of fewer levels than this, or of less than this share of the largest one, is noise, not content. */
const NOISE_LEVELS = 2;
const NOISE_SHARE = 0.2;

/**
 * The difference hash of an image (N. Krawetz, "Kind of Like That", 2013): shrunk to 17×16, one bit for each pixel that
 * is brighter than its left neighbour, in the channel in which the two differ most, because a drawing may stand out by
 * its hue alone; 256 bits rather than 64, because small drawings of one sign are too much alike at 64. The mean colour
 * stands beside it, since flat images have no differences.
 */
export async function perceptualHash(image: Pixels): Promise<PerceptualHash> {
  const raw = { width: image.width, height: image.height, channels: image.channels };
  const { data, info } = await sharp(image.data, { raw })
    .resize(SIDE + 1, SIDE, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const differences = Array.from({ length: HASH_BITS }, (_, bit) => {
    const at = (Math.floor(bit / SIDE) * (SIDE + 1) + (bit % SIDE)) * info.channels;
    let widest = 0;
    for (let channel = at; channel < at + info.channels; channel++) {
      const difference = (data[channel + info.channels] ?? 0) - (data[channel] ?? 0);
      if (Math.abs(difference) > Math.abs(widest)) widest = difference;
    }
    return widest;
  });
  const noise = Math.max(NOISE_LEVELS, NOISE_SHARE * Math.max(...differences.map(Math.abs)));
  const words = new Uint32Array(HASH_BITS / 32);
  for (const [bit, difference] of differences.entries()) {
    if (difference > noise) words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }
  const sums = [0, 0, 0];
  for (let at = 0; at < image.data.length; at += image.channels) {
    for (let channel = 0; channel < 3; channel++) {
      sums[channel] = (sums[channel] ?? 0) + (image.data[at + (image.channels === 1 ? 0 : channel)] ?? 0);
    }
  }
  const pixels = image.width * image.height;
  return { words, mean: [(sums[0] ?? 0) / pixels, (sums[1] ?? 0) / pixels, (sums[2] ?? 0) / pixels] };
}

/** Bits that are not the same in two hashes; `limit + 1` as soon as they are more than that. */
export function hammingDistance(one: Uint32Array, other: Uint32Array, limit: number): number {
  let distance = 0;
  for (let word = 0; word < one.length && distance <= limit; word++) {
    let bits = (one[word] ?? 0) ^ (other[word] ?? 0);
    // Population count of a word, by halves (Warren, Hacker's Delight, 5-1).
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    distance += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return Math.min(distance, limit + 1);
}
