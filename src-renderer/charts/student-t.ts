/** Quantiles 0.975 of Student's t for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2). */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Of the normal distribution, which t approaches. */
const Z_975 = 1.96;

/**
 * The factor of a mean's standard error that gives its 95 % interval.
 * @param degrees of freedom, 1 or more. Above 30 the first term of the Cornish–Fisher expansion, (z³ + z) / 4ν, is
 * exact to three digits.
 */
export function studentT975(degrees: number): number {
  return T_975[degrees - 1] ?? Z_975 + (Z_975 ** 3 + Z_975) / (4 * degrees);
}
