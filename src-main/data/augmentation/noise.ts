import type { Random } from './random.ts';

/**
 * Adds Gaussian noise to values of 0..1 and clips them to 0..1 again.
 *
 * Normal deviates come in pairs by the polar method (G. Marsaglia and T. A. Bray, SIAM Review 6, 1964).
 * @param deviation standard deviation, of the range 0..1.
 */
export function addNoise(
  values: Float32Array,
  from: number,
  count: number,
  deviation: number,
  random: Random,
): void {
  for (let index = 0; index < count; index += 2) {
    let u: number;
    let v: number;
    let square: number;
    do {
      u = 2 * random.next() - 1;
      v = 2 * random.next() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square === 0);
    const factor = deviation * Math.sqrt((-2 * Math.log(square)) / square);
    const at = from + index;
    values[at] = clip((values[at] ?? 0) + u * factor);
    if (index + 1 < count) values[at + 1] = clip((values[at + 1] ?? 0) + v * factor);
  }
}

function clip(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
