import jstat from 'jstat';
import { randomOf } from './random.ts';

const { jStat } = jstat;

/** Deviates of a pool; a power of 2. */
export const POOL = 2 ** 15;

/** So many values, whole vectors, get noise of one mixture of the pools. */
export const STRETCH = 1024;

/**
 * Two pools of standard normal deviates, `[POOL + STRETCH]` each: the last ones are the first again, so that a stretch
 * can begin anywhere.
 */
export interface NoisePools {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

let sorted: Float32Array | null = null;

/**
 * The pools of a seed. Each holds the quantiles of the normal distribution at (i + ½) / POOL, shuffled: exactly
 * distributed, to 4.17 standard deviations, which a mixture of both goes beyond.
 */
export function noisePools(seed: number): NoisePools {
  sorted ??= quantiles();
  return { first: shuffled(sorted, seed, 1), second: shuffled(sorted, seed, 2) };
}

function quantiles(): Float32Array {
  const values = new Float32Array(POOL);
  let squares = 0;
  for (let index = 0; index < POOL / 2; index++) {
    const value = jStat.normal.inv((index + 0.5) / POOL, 0, 1);
    values[index] = value;
    values[POOL - 1 - index] = -value;
    squares += 2 * value * value;
  }
  // What lies beyond the outermost quantiles is made up for, so that the variance is 1.
  const scale = Math.sqrt(POOL / squares);
  return values.map((value) => value * scale);
}

/** By R. Durstenfeld's algorithm (Communications of the ACM 7, 1964). */
function shuffled(values: Float32Array, ...keys: readonly number[]): Float32Array {
  const random = randomOf(...keys);
  const pool = new Float32Array(POOL + STRETCH);
  pool.set(values);
  for (let last = POOL - 1; last > 0; last--) {
    const chosen = Math.floor(random.next() * (last + 1));
    const value = pool[last] ?? 0;
    pool[last] = pool[chosen] ?? 0;
    pool[chosen] = value;
  }
  pool.copyWithin(POOL, 0, STRETCH);
  return pool;
}
