import { cosine, halfTurns, side, sine } from './angle.ts';
import type { NoisePools } from './noise-pools.ts';
import { POOL, STRETCH } from './noise-pools.ts';
import type { RandomBits } from './random.ts';

/** How the noise of a stretch is mixed: deviates of both pools from these places on, by these factors. */
export interface Mixture {
  readonly firstPlace: number;
  readonly secondPlace: number;
  readonly firstFactor: number;
  readonly secondFactor: number;
}

/**
 * Draws the mixture of a stretch: two places, and an angle φ; the factors are σ cos φ and σ sin φ. Of independent
 * normal deviates x and y, x cos φ + y sin φ is a normal deviate too, whatever the angle.
 * @param deviation σ, of the range 0..1.
 */
export function drawMixture(deviation: number, random: RandomBits): Mixture {
  const places = random.bits();
  const bits = random.bits();
  const angle = halfTurns(bits);
  const scale = side(bits) * Math.fround(deviation);
  return {
    firstPlace: places & (POOL - 1),
    secondPlace: (places >>> 15) & (POOL - 1),
    firstFactor: Math.fround(scale * cosine(angle)),
    secondFactor: Math.fround(scale * sine(angle)),
  };
}

/**
 * Adds Gaussian noise to values of 0..1 and clips them to 0..1 again, stretch by stretch: a mixture of both pools for
 * each.
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
  { first, second }: NoisePools,
): void {
  const { fround } = Math;
  const end = from + count;
  for (let start = from; start < end; start += STRETCH) {
    const { firstPlace, secondPlace, firstFactor, secondFactor } = drawMixture(deviation, random);
    const length = Math.min(STRETCH, end - start);
    for (let index = 0; index < length; index++) {
      const one = fround(firstFactor * (first[firstPlace + index] ?? 0));
      const other = fround(secondFactor * (second[secondPlace + index] ?? 0));
      const value = fround((values[start + index] ?? 0) + fround(one + other));
      values[start + index] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
}
