/** Mean and sample standard deviation of a figure over the runs that have it. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Undefined for a single run: one seed says nothing of how others would do. */
  readonly sd: number | undefined;
}

/** Sample standard deviation (n − 1); undefined of no number. */
export function spreadOf(numbers: readonly number[]): Spread | undefined {
  const count = numbers.length;
  if (count === 0) return undefined;
  const mean = numbers.reduce((sum, one) => sum + one, 0) / count;
  if (count === 1) return { count, mean, sd: undefined };
  // Of equal values the sum divided again may differ in its last digit.
  if (numbers.every((one) => one === numbers[0])) return { count, mean: numbers[0] ?? mean, sd: 0 };
  const squares = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { count, mean, sd: Math.sqrt(squares / (count - 1)) };
}

/**
 * A spread as it is shown: `46.2% ± 1.3%`, the mean alone for one run, and for values that are all the same.
 * @param between stands before the deviation.
 */
export function spreadText({ mean, sd }: Spread, print: (value: number) => string, between = ' ± '): string {
  return sd === undefined || sd === 0 ? print(mean) : `${print(mean)}${between}${print(sd)}`;
}
