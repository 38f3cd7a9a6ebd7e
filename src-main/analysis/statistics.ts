import jstat from 'jstat';

const { jStat } = jstat;

/** Where a figure lies, with the confidence given. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0..1, such as 0.95. */
  readonly level: number;
}

/** What can be said of a difference between two configurations. */
export interface Comparison {
  /** Mean of the second minus mean of the first. */
  readonly difference: number;
  /** Of the difference; null where one seed stands behind either figure, and where nothing scatters. */
  readonly interval: Interval | null;
  /** Two-sided; null where one seed stands behind either figure. */
  readonly pValue: number | null;
  /**
   * The difference in standard deviations: of the differences (d_z) where paired, pooled (Cohen's d) else; null where
   * nothing scatters.
   */
  readonly effectSize: number | null;
  readonly method: 'paired' | 'welch' | 'one seed';
  /** Values behind each figure. */
  readonly counts: readonly [number, number];
}

export const LEVEL = 0.95;

/** The mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? NaN : jStat.mean(values);
}

/** The standard deviation of a sample (n − 1); null for fewer than two values, which have none. */
export function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  // Of equal values the sum divided again may differ in its last digit.
  return values.every((one) => one === values[0]) ? 0 : jStat.stdev(values, true);
}

/** Student's t interval of a mean; null for fewer than two values. */
export function studentInterval(values: readonly number[], level = LEVEL): Interval | null {
  const deviation = standardDeviation(values);
  if (deviation === null) return null;
  return around(mean(values), deviation / Math.sqrt(values.length), values.length - 1, level);
}

/** Whether several values are the same, but for rounding. */
export function hasNoScatter(values: readonly number[]): boolean {
  const deviation = standardDeviation(values);
  return deviation !== null && isNone(deviation, values);
}

/** One-sided p-values of a mean against a value; null of fewer than two values. */
export interface MeanTest {
  /** Of the mean being no larger than the value: small where it is larger. */
  readonly above: number;
  /** Of the mean being no smaller than the value: small where it is smaller. */
  readonly below: number;
}

/**
 * Student's t test of a mean against a value, to both sides. Of values that do not scatter it has no doubt left, which is
 * what it comes to with ever less scatter: 0 to the side on which they lie, else 1.
 */
export function meanTest(values: readonly number[], value: number): MeanTest | null {
  const deviation = standardDeviation(values);
  if (deviation === null) return null;
  const lead = mean(values) - value;
  if (hasNoScatter(values)) return { above: lead > 0 ? 0 : 1, below: lead < 0 ? 0 : 1 };
  const t = lead / (deviation / Math.sqrt(values.length));
  return {
    above: jStat.studentt.cdf(-t, values.length - 1),
    below: jStat.studentt.cdf(t, values.length - 1),
  };
}

/**
 * Percentile interval of the mean of n differences that are each 1, −1 or 0, over all samples of n that can be drawn
 * again from them (B. Efron, Bootstrap methods, 1979). No sample is drawn: how many of the n are not 0 is binomial, and
 * of these how many are 1 is binomial again, which gives the distribution that drawing ever more samples comes to. It
 * takes time in proportion to the number that are not 0.
 * @param gains how many are 1.
 * @param losses how many are −1.
 * @returns null for fewer than two values.
 */
export function gainBootstrapInterval(
  gains: number,
  losses: number,
  count: number,
  level = LEVEL,
): Interval | null {
  if (count < 2) return null;
  const changes = gains + losses;
  if (changes === 0) return { low: 0, high: 0, level };
  const changed = binomialMasses(count, changes / count);
  const most = changed.from + changed.masses.length - 1;
  // At `most + sum`: how probable it is that gains minus losses come to that sum.
  const sums = new Float64Array(2 * most + 1);
  changed.masses.forEach((mass, index) => {
    const trials = changed.from + index;
    const { from, masses } = binomialMasses(trials, gains / changes);
    for (let at = 0; at < masses.length; at++) {
      const place = most + 2 * (from + at) - trials;
      sums[place] = (sums[place] ?? 0) + mass * (masses[at] ?? 0);
    }
  });
  const tail = (1 - level) / 2;
  return { low: lowestWith(tail) / count, high: lowestWith(1 - tail) / count, level };

  /** The lowest sum that is not exceeded with at least this probability. */
  function lowestWith(probability: number): number {
    let below = 0;
    for (let place = 0; place < sums.length; place++) {
      below += sums[place] ?? 0;
      // Sums of rounded numbers may miss the probability that they come to by a little.
      if (below >= probability - 1e-12) return place - most;
    }
    return most;
  }
}

/** Standard deviations on each side of a binomial's middle beyond which its masses come to less than 1e-8. */
const FAR = 6;

/** The masses of a binomial distribution from `from` on, but for those that do not count. */
function binomialMasses(
  trials: number,
  probability: number,
): { readonly from: number; readonly masses: Float64Array } {
  const reach = FAR * Math.sqrt(trials * probability * (1 - probability)) + FAR;
  const from = Math.max(0, Math.floor(trials * probability - reach));
  const to = Math.min(trials, Math.ceil(trials * probability + reach));
  const masses = new Float64Array(to - from + 1);
  const mode = Math.min(to, Math.floor((trials + 1) * probability));
  // Each from the one beside it, outwards from the largest, which nothing underflows.
  masses[mode - from] = 1;
  const odds = probability / (1 - probability);
  for (let k = mode + 1; k <= to; k++) {
    masses[k - from] = (masses[k - 1 - from] ?? 0) * odds * ((trials - k + 1) / k);
  }
  for (let k = mode - 1; k >= from; k--) {
    masses[k - from] = ((masses[k + 1 - from] ?? 0) / odds) * ((k + 1) / (trials - k));
  }
  const sum = masses.reduce((all, mass) => all + mass, 0);
  return { from, masses: masses.map((mass) => mass / sum) };
}

/**
 * Two configurations over the same seeds: the t test of their differences. Where all pairs differ by the same there is
 * no scatter that t could go by (figures are counts of few images, so this is no rarity): the sign test is left, with
 * p = 2 · ½ⁿ (J. Arbuthnott, 1710).
 * @throws Error for lists that are not equally long.
 */
export function pairedComparison(first: readonly number[], second: readonly number[]): Comparison {
  if (first.length !== second.length) throw new Error('Pairs need as many values of one as of the other.');
  const differences = second.map((value, index) => value - (first[index] ?? NaN));
  const difference = mean(differences);
  const deviation = standardDeviation(differences);
  const counts = [first.length, second.length] as const;
  if (deviation === null) return oneSeed(difference, counts);
  if (isNone(deviation, differences)) {
    return { ...withoutScatter(difference, 2 * 0.5 ** differences.length), method: 'paired', counts };
  }
  const error = deviation / Math.sqrt(differences.length);
  return {
    difference,
    interval: around(difference, error, differences.length - 1, LEVEL),
    pValue: twoSided(difference, error, differences.length - 1),
    effectSize: difference / deviation,
    method: 'paired',
    counts,
  };
}

/** What a sample comes down to. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Of the sample (n − 1). */
  readonly sd: number;
}

/**
 * Two configurations over seeds that do not pair: the test that lets their variances differ (B. L. Welch, 1947). Where
 * neither scatters the permutation test is left (R. A. Fisher, 1935): of all ways to deal the values out, two are as far
 * apart.
 */
export function welchComparison(first: readonly number[], second: readonly number[]): Comparison {
  const [one, other] = [standardDeviation(first), standardDeviation(second)];
  if (one === null || other === null)
    return oneSeed(mean(second) - mean(first), [first.length, second.length]);
  return welchOfMoments(
    { count: first.length, mean: mean(first), sd: one },
    { count: second.length, mean: mean(second), sd: other },
  );
}

/** The same of samples of two values or more of which only this is known. */
export function welchOfMoments(first: Moments, second: Moments): Comparison {
  const difference = second.mean - first.mean;
  const counts = [first.count, second.count] as const;
  const [a, b] = [first.sd ** 2 / first.count, second.sd ** 2 / second.count];
  const error = Math.sqrt(a + b);
  if (error === 0) {
    const ways = jStat.combinationln(first.count + second.count, first.count);
    return { ...withoutScatter(difference, Math.min(1, 2 * Math.exp(-ways))), method: 'welch', counts };
  }
  const freedom = (a + b) ** 2 / (a ** 2 / (first.count - 1) + b ** 2 / (second.count - 1));
  const pooled = Math.sqrt(
    ((first.count - 1) * first.sd ** 2 + (second.count - 1) * second.sd ** 2) /
      (first.count + second.count - 2),
  );
  return {
    difference,
    interval: around(difference, error, freedom, LEVEL),
    pValue: twoSided(difference, error, freedom),
    effectSize: difference / pooled,
    method: 'welch',
    counts,
  };
}

/**
 * p-values corrected for being several, in their own order: of the ordered ones the i-th times what is left of them,
 * never less than the one before (S. Holm, 1979).
 * @param pValues those that are null or NaN were never tested: they count for nothing, and stay null.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues
    .flatMap((p, index) => (p === null || Number.isNaN(p) ? [] : [{ p, index }]))
    .sort((one, other) => one.p - other.p);
  const corrected = new Array<number | null>(pValues.length).fill(null);
  let least = 0;
  for (const [rank, { p, index }] of tested.entries()) {
    least = Math.max(least, Math.min(1, p * (tested.length - rank)));
    corrected[index] = least;
  }
  return corrected;
}

/** The interval of a share of n trials (E. B. Wilson, 1927); from 0 to 1 of no trial. */
export function wilsonInterval(successes: number, trials: number, level = LEVEL): Interval {
  if (trials === 0) return { low: 0, high: 1, level };
  const z = jStat.normal.inv(1 - (1 - level) / 2, 0, 1);
  const share = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (share + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half), level };
}

/**
 * Exact two-sided p-value of two classifiers being equally good on the same images (Q. McNemar, 1947; the binomial
 * form).
 * @param onlyFirst images that the first alone gets right.
 * @param onlySecond images that the second alone gets right.
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const trials = onlyFirst + onlySecond;
  if (trials === 0) return 1;
  return Math.min(1, 2 * binomialTail(Math.max(onlyFirst, onlySecond), trials, 0.5));
}

/** P(X ≥ successes) of the binomial distribution, by the incomplete beta function: as fast for many trials as for few. */
export function binomialTail(successes: number, trials: number, probability: number): number {
  if (successes <= 0) return 1;
  return successes > trials ? 0 : jStat.ibeta(probability, successes, trials - successes + 1);
}

/** P(F ≥ f) of the F distribution with these degrees of freedom. */
export function fTail(f: number, freedom: number, freedomWithin: number): number {
  return 1 - jStat.centralF.cdf(f, freedom, freedomWithin);
}

/**
 * P(F ≤ f) of the noncentral F distribution: central ones, weighted by the probabilities of a Poisson variable of half
 * the noncentrality (N. L. Johnson, S. Kotz, N. Balakrishnan, Continuous univariate distributions 2, chapter 30).
 */
export function noncentralF(
  f: number,
  freedom: number,
  freedomWithin: number,
  noncentrality: number,
): number {
  const half = noncentrality / 2;
  const share = (freedom * f) / (freedom * f + freedomWithin);
  let sum = 0;
  // From the most probable term outwards nothing underflows, however large the noncentrality.
  const middle = Math.floor(half);
  const spread = Math.ceil(12 * Math.sqrt(half + 1) + 12);
  for (let term = Math.max(0, middle - spread); term <= middle + spread; term++) {
    const weight = Math.exp(-half + (half === 0 ? 0 : term * Math.log(half)) - jStat.gammaln(term + 1));
    if (half === 0 && term > 0) break;
    sum += weight * jStat.ibeta(share, freedom / 2 + term, freedomWithin / 2);
  }
  return Math.min(1, sum);
}

/** The noncentralities between which an F value that was seen lies in the middle of what is probable. */
export function noncentralityInterval(
  f: number,
  freedom: number,
  freedomWithin: number,
  level = LEVEL,
): Interval {
  const tail = (1 - level) / 2;
  return { low: noncentralityAt(1 - tail), high: noncentralityAt(tail), level };

  /** The noncentrality with which the value seen has this probability from below; 0 where none has. */
  function noncentralityAt(probability: number): number {
    let [low, high] = [0, Math.max(1, 4 * freedom * f)];
    if (noncentralF(f, freedom, freedomWithin, low) <= probability) return 0;
    while (noncentralF(f, freedom, freedomWithin, high) > probability) high *= 2;
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (noncentralF(f, freedom, freedomWithin, middle) > probability) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }
}

function oneSeed(difference: number, counts: readonly [number, number]): Comparison {
  return { difference, interval: null, pValue: null, effectSize: null, method: 'one seed', counts };
}

function around(centre: number, error: number, freedom: number, level: number): Interval {
  const half = jStat.studentt.inv(1 - (1 - level) / 2, freedom) * error;
  return { low: centre - half, high: centre + half, level };
}

function twoSided(difference: number, error: number, freedom: number): number {
  return 2 * (1 - jStat.studentt.cdf(Math.abs(difference / error), freedom));
}

/** Whether values are all the same: of such, a deviation may come out as the rounding of its sum. */
function isNone(deviation: number, values: readonly number[]): boolean {
  return deviation <= 1e-12 * Math.max(...values.map(Math.abs));
}

/** No difference at all is certain to be none; of any other, what counting alone says. */
function withoutScatter(difference: number, pValue: number) {
  return difference === 0
    ? { difference, interval: { low: 0, high: 0, level: LEVEL }, pValue: 1, effectSize: null }
    : { difference, interval: null, pValue, effectSize: null };
}

/** Linear interpolation between order statistics (R's type 7). */
export function quantile(sorted: readonly number[], probability: number): number {
  const place = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}
