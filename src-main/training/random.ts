import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A sequence of random numbers that its seed and purpose determine. */
export type RandomStream = RandomGenerator;

/**
 * A sequence of its own for every seed and purpose, such as `randomStream(seed, 'order', epoch)`: what one purpose
 * draws never shifts what another one gets. The state is the start of a SHA-256 over both.
 */
export function randomStream(seed: number, ...purpose: readonly (string | number)[]): RandomStream {
  const hash = createHash('sha256')
    .update([seed, ...purpose].join('\n'))
    .digest();
  return xoroshiro128plusFromState([
    hash.readInt32LE(0),
    hash.readInt32LE(4),
    hash.readInt32LE(8),
    hash.readInt32LE(12) | 1,
  ]);
}

/** A number that stands for a seed and a purpose, from 0 to 2³¹ − 1: a seed for a generator of somebody else's. */
export function derivedSeed(seed: number, ...purpose: readonly (string | number)[]): number {
  return randomStream(seed, ...purpose).next() & 0x7fffffff;
}

/** 0 … count − 1 in random order (Fisher–Yates). */
export function shuffledIndexes(count: number, random: RandomStream): Int32Array<ArrayBuffer> {
  const indexes = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    const moved = indexes[last] ?? 0;
    indexes[last] = indexes[other] ?? 0;
    indexes[other] = moved;
  }
  return indexes;
}

/** Different whole numbers from 0 to count − 1: `wanted` of them, or all where there are no more. */
export function distinctIndexes(count: number, wanted: number, random: RandomStream): number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, wanted)) chosen.add(uniformInt(random, 0, count - 1));
  return [...chosen];
}

/**
 * Normally distributed numbers of mean 0 and the given standard deviation: G. Marsaglia and T. A. Bray, A convenient
 * method for generating normal variables, SIAM Review 6, 1964.
 */
export function normalValues(
  count: number,
  standardDeviation: number,
  random: RandomStream,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let index = 0; index < count; index += 2) {
    let x: number, y: number, square: number;
    do {
      x = 2 * uniformFloat64(random) - 1;
      y = 2 * uniformFloat64(random) - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = standardDeviation * Math.sqrt((-2 * Math.log(square)) / square);
    values[index] = x * factor;
    if (index + 1 < count) values[index + 1] = y * factor;
  }
  return values;
}

/**
 * Inverted dropout: each value is 0 with probability `rate`, else 1 / (1 − rate), so that the expected activation
 * stays the same and evaluation needs no scaling (N. Srivastava et al., Dropout, JMLR 15, 2014, section 10).
 * @param rate 0 to below 1
 */
export function dropoutMaskValues(count: number, rate: number, seed: number): Float32Array<ArrayBuffer> {
  const random = randomStream(seed, 'mask');
  const values = new Float32Array(count);
  const kept = 1 / (1 - rate);
  const threshold = rate * 2 ** 32 - 2 ** 31;
  for (let index = 0; index < count; index++) values[index] = random.next() < threshold ? 0 : kept;
  return values;
}
