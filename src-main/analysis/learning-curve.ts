import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { LearningCurve } from '../../src-preload/contract/analysis.ts';
import { countText, percentText } from '../../src-preload/contract/figure-text.ts';
import { type Interval, LEVEL, mean, quantile, standardDeviation, studentInterval } from './statistics.ts';

/** Accuracies of one size of the training set, one a seed. */
export interface SizedAccuracies {
  readonly images: number;
  readonly accuracies: readonly number[];
}

/** error = floor + factor × images^−exponent */
export interface PowerLaw {
  readonly floor: number;
  readonly factor: number;
  readonly exponent: number;
}

/** Sizes that a curve of three numbers can be drawn through. */
const LEAST_SIZES = 3;

/** Exponents that are tried: those of learning curves that were measured lie between, and none is known to a twentieth. */
const EXPONENTS = Array.from({ length: 40 }, (_, index) => 0.05 * (index + 1));

const RESAMPLES = 1000;

/** Times as many images as there are, that accuracies are expected for. */
const MORE = [2, 4];

/**
 * The power law that error falls by (C. Cortes et al., Learning curves: asymptotic values and rate of convergence,
 * 1994): by least squares, with a floor from 0 on and a factor above 0; null where error does not fall.
 */
export function fitPowerLaw(
  points: readonly { readonly images: number; readonly error: number }[],
): PowerLaw | null {
  return powerLawFit(points.map(({ images }) => images))(points.map(({ error }) => error));
}

/** The same for many errors of the same sizes: what the sizes alone say is worked out once. */
function powerLawFit(sizes: readonly number[]): (errors: readonly number[]) => PowerLaw | null {
  const designs = EXPONENTS.map((exponent) => {
    const shrunk = sizes.map((images) => images ** -exponent);
    const middle = mean(shrunk);
    return {
      exponent,
      shrunk,
      middle,
      across: shrunk.reduce((sum, x) => sum + (x - middle) ** 2, 0),
      squares: shrunk.reduce((sum, x) => sum + x * x, 0),
    };
  });
  return (errors) => {
    const [sum, squares] = [sumOf(errors), errors.reduce((all, error) => all + error * error, 0)];
    const centre = sum / errors.length;
    let best: PowerLaw | null = null;
    let least = Infinity;
    for (const { exponent, shrunk, middle, across, squares: all } of designs) {
      let products = 0;
      for (let size = 0; size < errors.length; size++)
        products += (shrunk[size] ?? NaN) * (errors[size] ?? NaN);
      const up = products - middle * sum;
      let factor = up / across;
      let floor = centre - factor * middle;
      let left = squares - sum * centre - factor * up;
      if (floor < 0) {
        floor = 0;
        factor = products / all;
        left = squares - factor * products;
      }
      if (!(factor > 0) || left >= least) continue;
      best = { floor, factor, exponent };
      least = left;
    }
    return best;
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The accuracy that a law gives for a number of images. */
export function lawAccuracy({ floor, factor, exponent }: PowerLaw, images: number): number {
  return 1 - floor - factor * images ** -exponent;
}

/**
 * Would more images help? The accuracies that the same training would reach with more, by the power law through those
 * that were measured, each with the doubt that two things leave: the seeds (the means of the sizes drawn again, as far
 * apart as their seeds are, and the law fitted anew), and how few dev images there are (the binomial error of a share of
 * so many; all sizes are asked about the same ones, so it moves all of them together, and is no part of what more images
 * gain). What it does not cover: which training images each size happens to have, and that the law may not go on.
 * @param devImages that every accuracy is a share of.
 * @returns null for fewer than three sizes.
 */
export function learningCurve(sizes: readonly SizedAccuracies[], devImages: number): LearningCurve | null {
  const sorted = sizes.toSorted((one, other) => one.images - other.images);
  const most = sorted.at(-1);
  if (sorted.length < LEAST_SIZES || most === undefined) return null;
  const points = sorted.map(({ images, accuracies }) => ({
    images,
    mean: mean(accuracies),
    seeds: accuracies.length,
    interval: studentInterval(accuracies),
  }));
  const fit = powerLawFit(points.map(({ images }) => images));
  const law = fit(points.map((point) => 1 - point.mean));
  const now = mean(most.accuracies);
  if (law === null) {
    return {
      points,
      law,
      expected: [],
      sentence: `No: from ${countText(sorted[0]?.images ?? 0)} to ${countText(most.images)} training images dev accuracy did not rise.`,
    };
  }
  const drawn = redrawn(sorted, fit);
  const expected = MORE.map((times) => {
    const images = times * most.images;
    return {
      images,
      accuracy: lawAccuracy(law, images),
      interval:
        drawn === null
          ? null
          : intervalOf(drawn.map((one) => ofOtherImages(accuracyOf(one, images), one.dev, devImages))),
    };
  });
  const twice = expected[0]?.images ?? NaN;
  const gain = drawn === null ? null : intervalOf(drawn.map((one) => accuracyOf(one, twice) - one.most));
  return { points, law, expected, sentence: sentenceOf(now, most.images, expected, gain) };
}

/** What might have been measured as well. */
interface Redrawn {
  readonly law: PowerLaw | null;
  /** The accuracy of the largest size. */
  readonly most: number;
  /** Of a standard normal variable: whether the dev images are easier or harder than others. */
  readonly dev: number;
}

function accuracyOf({ law, most }: Redrawn, images: number): number {
  return law === null ? most : lawAccuracy(law, images);
}

function ofOtherImages(accuracy: number, dev: number, devImages: number): number {
  const share = Math.min(1, Math.max(0, accuracy));
  return accuracy + dev * Math.sqrt((share * (1 - share)) / devImages);
}

/**
 * Means that other seeds might have given, and the laws through them: around those that were measured, by the scatter
 * within sizes, which is known from few seeds and drawn itself therefore (what Student's t comes from).
 * @returns null where a size has one seed, whose scatter nobody knows.
 */
function redrawn(
  sizes: readonly SizedAccuracies[],
  fit: (errors: readonly number[]) => PowerLaw | null,
): Redrawn[] | null {
  if (sizes.some(({ accuracies }) => accuracies.length < 2)) return null;
  const freedom = sizes.reduce((sum, { accuracies }) => sum + accuracies.length - 1, 0);
  const squares = sizes.reduce(
    (sum, { accuracies }) => sum + (standardDeviation(accuracies) ?? 0) ** 2 * (accuracies.length - 1),
    0,
  );
  const normal = normalStream();
  return Array.from({ length: RESAMPLES }, () => {
    let chiSquared = 0;
    for (let one = 0; one < freedom; one++) chiSquared += normal() ** 2;
    const deviation = Math.sqrt(squares / chiSquared);
    const means = sizes.map(
      ({ accuracies }) => mean(accuracies) + (deviation / Math.sqrt(accuracies.length)) * normal(),
    );
    return { law: fit(means.map((one) => 1 - one)), most: means.at(-1) ?? NaN, dev: normal() };
  });
}

/** Standard normal numbers, always the same (G. E. P. Box, M. E. Muller, 1958). */
function normalStream(): () => number {
  const random = xoroshiro128plus(0);
  return () => {
    const [radius, angle] = [1 - uniformFloat64(random), uniformFloat64(random)];
    return Math.sqrt(-2 * Math.log(radius)) * Math.cos(2 * Math.PI * angle);
  };
}

function intervalOf(values: readonly number[]) {
  const sorted = values.toSorted((one, other) => one - other);
  const tail = (1 - LEVEL) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail), level: LEVEL };
}

function sentenceOf(
  now: number,
  images: number,
  expected: LearningCurve['expected'],
  gain: Interval | null,
): string {
  const [twice] = expected;
  if (twice === undefined) return '';
  const { accuracy, interval } = twice;
  const told = `with ${countText(twice.images)} training images, twice as many, dev accuracy would be about ${percentText(accuracy)}`;
  const before = `with the ${countText(images)} there are it is ${percentText(now)}`;
  if (interval === null || gain === null) {
    return `If the curve goes on as it began, ${told}; ${before}. One seed stands behind a size, so its doubt is not known.`;
  }
  const range = `95 % interval ${percentText(interval.low)} to ${percentText(interval.high)}`;
  const gained = `${points(gain.low)} to ${points(gain.high)} points more on the same dev images`;
  const covered =
    'The intervals cover the seeds, the first the number of dev images too; not which training images there are, nor that the curve may bend.';
  if (gain.low <= 0) {
    return `It cannot be told: ${told} (${range}), ${before}, but seeds alone leave open ${gained}. More seeds would narrow it. ${covered}`;
  }
  return `Yes, if the curve goes on as it began: ${told} (${range}), ${gained} (95 % interval); ${before}. ${covered}`;
}

function points(share: number): string {
  return (100 * share).toFixed(1);
}
