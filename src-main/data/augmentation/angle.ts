/*
 * Random angles and their cosine and sine, of 14 random bits: 13 choose the angle in half a circle, one the half.
 * Cosine and sine are polynomials that interpolate at Chebyshev's nodes, to 1e-5 of their value at most, in numbers of
 * single precision: the same bits on every machine.
 */

/** cos πx for x from −½ to ½, in powers of x². */
const COSINE = [0.9999932050704956, -4.933931350708008, 4.041212558746338, -1.2219364643096924] as const;
/** sin(πx) / x for the same, in powers of x². */
const SINE = [3.1415903568267822, -5.167405605316162, 2.5440001487731934, -0.5594350099563599] as const;

const { fround } = Math;

/** The half of the circle that bit 13 chooses: 1 or −1. */
export function side(bits: number): number {
  return (bits & 0x2000) === 0 ? 1 : -1;
}

/** The angle that the lower 13 bits choose, in half turns: between −½ and ½. */
export function halfTurns(bits: number): number {
  return fround(fround((bits << 19) * 2 ** -32) + 2 ** -14);
}

/** cos πx, for x from −½ to ½. */
export function cosine(x: number): number {
  return polynomial(COSINE, fround(x * x));
}

/** sin πx, for x from −½ to ½. */
export function sine(x: number): number {
  return fround(x * polynomial(SINE, fround(x * x)));
}

/** c₀ + x (c₁ + x (c₂ + …)) */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[coefficients.length - 1] ?? 0;
  for (let power = coefficients.length - 2; power >= 0; power--) {
    sum = fround(fround(sum * x) + (coefficients[power] ?? 0));
  }
  return sum;
}
