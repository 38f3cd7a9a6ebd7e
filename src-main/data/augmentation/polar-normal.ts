/*
 * Pairs of independent standard normal deviates from 32 random bits: √(−2 ln u) · (cos φ, sin φ), u uniform in 0..1
 * and φ in a circle (G. E. P. Box, M. E. Muller, A note on the generation of random normal deviates, 1958).
 *
 * 18 bits choose u, 13 the angle in half a circle and one the half: deviates reach 5.1. Logarithm, cosine and sine are
 * polynomials that interpolate at Chebyshev's nodes, to 1e-5 of their value at most. All steps are of single precision
 * and in the order given here, so that vector instructions give the very same bits.
 */

/** −2 ln(1 + x) / x for 1 + x from √½ to √2, in powers of x. */
export const LOGARITHM = [
  -2.000007390975952, 0.9997895956039429, -0.6653181314468384, 0.5086671113967896, -0.4393141567707062,
  0.28043246269226074,
] as const;
/** cos πx for x from −½ to ½, in powers of x². */
export const COSINE = [
  0.9999932050704956, -4.933931350708008, 4.041212558746338, -1.2219364643096924,
] as const;
/** sin(πx) / x for the same, in powers of x². */
export const SINE = [
  3.1415903568267822, -5.167405605316162, 2.5440001487731934, -0.5594350099563599,
] as const;

/** The bits of √½ as a number of single precision: what lies below has the exponent before. */
export const ROOT_HALF_BITS = 0x3f3504f3;
/** Sign and exponent of a number of single precision. */
export const EXPONENT_MASK = 0xff800000 | 0;
/** −2 ln 2 for each exponent, which is counted in bits of 2²³. */
export const OF_EXPONENT = Math.fround((-2 * Math.LN2) / 2 ** 23);

const float = new Float32Array(1);
const bitsOfFloat = new Int32Array(float.buffer);
const { fround } = Math;

/** The distance from the middle, √(−2 ln u), of the upper 18 bits. */
export function radius(bits: number): number {
  float[0] = fround(fround((bits >>> 14) * 2 ** -18) + 2 ** -19);
  const above = ((bitsOfFloat[0] ?? 0) - ROOT_HALF_BITS) | 0;
  const exponent = above & EXPONENT_MASK;
  bitsOfFloat[0] = ((bitsOfFloat[0] ?? 0) - exponent) | 0;
  const x = fround(float[0] - 1);
  return fround(Math.sqrt(fround(fround(x * polynomial(LOGARITHM, x)) + fround(exponent * OF_EXPONENT))));
}

/** The side of the middle that bit 13 chooses: 1 or −1. */
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
