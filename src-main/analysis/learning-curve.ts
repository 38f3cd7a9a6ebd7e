import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { LearningCurve } from '../../src-preload/contract/analysis.ts';
import { countText, percentText } from '../../src-preload/contract/figure-text.ts';
import { LEVEL, mean, quantile, studentInterval } from './statistics.ts';

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

/** Exponents that are tried: those of learning curves that were measured lie between. */
const EXPONENTS = Array.from({ length: 100 }, (_, index) => 0.02 * (index + 1));

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
  let best: { readonly law: PowerLaw; readonly squares: number } | null = null;
  const centre = mean(points.map(({ error }) => error));
  for (const exponent of EXPONENTS) {
    const shrunk = points.map(({ images }) => images ** -exponent);
    const middle = mean(shrunk);
    const up = shrunk.reduce(
      (sum, x, index) => sum + (x - middle) * ((points[index]?.error ?? NaN) - centre),
      0,
    );
    const across = shrunk.reduce((sum, x) => sum + (x - middle) ** 2, 0);
    let factor = up / across;
    let floor = centre - factor * middle;
    if (floor < 0) {
      floor = 0;
      factor =
        shrunk.reduce((sum, x, index) => sum + x * (points[index]?.error ?? NaN), 0) /
        shrunk.reduce((sum, x) => sum + x * x, 0);
    }
    if (!(factor > 0)) continue;
    const squares = shrunk.reduce(
      (sum, x, index) => sum + (floor + factor * x - (points[index]?.error ?? NaN)) ** 2,
      0,
    );
    if (best === null || squares < best.squares) best = { law: { floor, factor, exponent }, squares };
  }
  return best?.law ?? null;
}

/** The accuracy that a law gives for a number of images. */
export function lawAccuracy({ floor, factor, exponent }: PowerLaw, images: number): number {
  return 1 - floor - factor * images ** -exponent;
}

/**
 * Would more images help? The accuracies that the same training would reach with more, by the power law through those
 * that were measured, with the doubt that its seeds leave (each size's seeds drawn again, and the law fitted anew).
 * @returns null for fewer than three sizes.
 */
export function learningCurve(sizes: readonly SizedAccuracies[]): LearningCurve | null {
  const sorted = sizes.toSorted((one, other) => one.images - other.images);
  const most = sorted.at(-1);
  if (sorted.length < LEAST_SIZES || most === undefined) return null;
  const points = sorted.map(({ images, accuracies }) => ({
    images,
    mean: mean(accuracies),
    seeds: accuracies.length,
    interval: studentInterval(accuracies),
  }));
  const law = fitPowerLaw(points.map((point) => ({ images: point.images, error: 1 - point.mean })));
  const now = mean(most.accuracies);
  if (law === null) {
    return {
      points,
      law,
      expected: [],
      sentence: `No: from ${countText(sorted[0]?.images ?? 0)} to ${countText(most.images)} training images dev accuracy did not rise.`,
    };
  }
  const wanted = MORE.map((times) => times * most.images);
  const drawn = redrawn(sorted);
  const expected = wanted.map((images) => ({
    images,
    accuracy: lawAccuracy(law, images),
    interval:
      drawn === null ? null : intervalOf(drawn.map((one) => (one === null ? now : lawAccuracy(one, images)))),
  }));
  return { points, law, expected, sentence: sentenceOf(now, most.images, expected) };
}

/** Laws of seeds drawn again; null where a size has one seed, of which nothing else could be drawn. */
function redrawn(sizes: readonly SizedAccuracies[]): (PowerLaw | null)[] | null {
  if (sizes.some(({ accuracies }) => accuracies.length < 2)) return null;
  const random = xoroshiro128plus(0);
  return Array.from({ length: RESAMPLES }, () =>
    fitPowerLaw(
      sizes.map(({ images, accuracies }) => ({
        images,
        error:
          1 -
          mean(accuracies.map((value) => accuracies[uniformInt(random, 0, accuracies.length - 1)] ?? value)),
      })),
    ),
  );
}

function intervalOf(values: readonly number[]) {
  const sorted = values.toSorted((one, other) => one - other);
  const tail = (1 - LEVEL) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail), level: LEVEL };
}

function sentenceOf(now: number, images: number, expected: LearningCurve['expected']): string {
  const [twice] = expected;
  if (twice === undefined) return '';
  const { accuracy, interval } = twice;
  const told = `with ${countText(twice.images)} training images, twice as many, dev accuracy would be about ${percentText(accuracy)}`;
  const before = `with the ${countText(images)} there are it is ${percentText(now)}`;
  if (interval === null) {
    return `If the curve goes on as it began, ${told}; ${before}. One seed stands behind a size, so its doubt is not known.`;
  }
  const range = `${percentText(interval.low)} to ${percentText(interval.high)}`;
  if (interval.low <= now) {
    return `It cannot be told: ${told}, but its 95 % interval, ${range}, holds what there is now (${percentText(now)}). More seeds would narrow it.`;
  }
  return `Yes, if the curve goes on as it began: ${told} (95 % interval ${range}); ${before}.`;
}
