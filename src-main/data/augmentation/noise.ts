import { normalQuantile } from './normal-quantile.ts';
import type { RandomBits } from './random.ts';

/** Equally probable deviates: as many as 16 bits can choose from. */
const LEVELS = 2 ** 16;

let made: Float32Array | undefined;

/**
 * Deviates of the standard normal distribution, from −4.3 to 4.3: the middle of each of the equally probable parts of
 * its range, and of variance 1, which the middles alone would miss by little. Made when they are first needed.
 */
function normalDeviates(): Float32Array {
  if (made !== undefined) return made;
  const values = Float64Array.from({ length: LEVELS }, (_, level) => normalQuantile((level + 0.5) / LEVELS));
  const variance = values.reduce((sum, value) => sum + value * value, 0) / LEVELS;
  made = Float32Array.from(values, (value) => value / Math.sqrt(variance));
  return made;
}

/**
 * Adds Gaussian noise to values of 0..1 and clips them to 0..1 again. Each deviate is chosen by 16 random bits: that
 * is ten times as fast as computing it, and an epoch may need a hundred million.
 * @param deviation standard deviation, of the range 0..1.
 */
export function addNoise(
  values: Float32Array,
  from: number,
  count: number,
  deviation: number,
  random: RandomBits,
): void {
  const deviates = normalDeviates();
  // The generator of `random.ts`, in local variables: a call for each number would take longer than the number.
  let a = random.bits();
  let b = random.bits();
  let c = random.bits();
  let counter = 1;
  const end = from + count;
  for (let at = from; at < end; at += 2) {
    const bits = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + bits) | 0;
    values[at] = clip((values[at] as number) + deviation * (deviates[bits & 0xffff] as number));
    if (at + 1 === end) return;
    values[at + 1] = clip((values[at + 1] as number) + deviation * (deviates[bits >>> 16] as number));
  }
}

/** One, in steps of 2⁻²⁴, which is what float32 has just below it. */
const ONE = 2 ** 24;

/**
 * The nearest of 0..1, in steps of 2⁻²⁴. Where many pixels are black or white it is up to chance which side of the
 * limit noise takes them, so that a comparison would be guessed wrongly by the processor every other time.
 */
function clip(value: number): number {
  const steps = (value * ONE) | 0;
  const atLeastNone = steps & ~(steps >> 31);
  const over = atLeastNone - ONE;
  return (ONE + (over & (over >> 31))) / ONE;
}
