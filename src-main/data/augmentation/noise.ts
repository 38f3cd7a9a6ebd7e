import { cosine, halfTurns, radius, side, sine } from './polar-normal.ts';
import type { RandomBits } from './random.ts';

/** Generators that run side by side, one in each part of a vector register. */
export const LANES = 4;

/** The first state of the generators: their `a`, then their `b`, then their `c`. */
export function noiseState(random: RandomBits, state: Int32Array = new Int32Array(3 * LANES)): Int32Array {
  for (let index = 0; index < 3 * LANES; index++) state[index] = random.bits();
  return state;
}

/**
 * Adds Gaussian noise to values of 0..1 and clips them to 0..1 again. Of each eight values the first four get the
 * first deviate of one generator's pair each, the others the second.
 *
 * This says what noise is; where the machine has vector instructions, `kernel.ts` does the same.
 * @param deviation standard deviation, of the range 0..1.
 */
export function addNoise(
  values: Float32Array,
  from: number,
  count: number,
  deviation: number,
  random: RandomBits,
): void {
  const state = noiseState(random);
  const scale = Math.fround(deviation);
  const end = from + count;
  for (let at = from, counter = 1; at < end; at += 2 * LANES, counter++) {
    for (let lane = 0; lane < LANES; lane++) {
      const bits = nextBits(state, lane, counter);
      const distance = side(bits) * Math.fround(radius(bits) * scale);
      const angle = halfTurns(bits);
      add(values, at + lane, end, Math.fround(distance * cosine(angle)));
      add(values, at + LANES + lane, end, Math.fround(distance * sine(angle)));
    }
  }
}

/** The generator of `random.ts`. */
function nextBits(state: Int32Array, lane: number, counter: number): number {
  const a = state[lane] ?? 0;
  const b = state[LANES + lane] ?? 0;
  const c = state[2 * LANES + lane] ?? 0;
  const bits = (a + b + counter) | 0;
  state[lane] = b ^ (b >>> 9);
  state[LANES + lane] = c + (c << 3);
  state[2 * LANES + lane] = ((c << 21) | (c >>> 11)) + bits;
  return bits;
}

function add(values: Float32Array, at: number, end: number, noise: number): void {
  if (at >= end) return;
  const value = Math.fround((values[at] ?? 0) + noise);
  values[at] = value < 0 ? 0 : value > 1 ? 1 : value;
}
