import type { Prediction } from '../../src-preload/contract/run.ts';
import { bootstrapInterval, type Interval, mcnemarExact, mean, wilsonInterval } from './statistics.ts';

/** Two runs on the images that both were asked about. */
export interface ImageComparison {
  readonly images: number;
  /** Share classified rightly, 0..1, of the first run and of the second. */
  readonly accuracies: readonly [number, number];
  /** Wilson intervals of both. */
  readonly intervals: readonly [Interval, Interval];
  /** Accuracy of the second minus that of the first. */
  readonly difference: number;
  /** Of the difference, by drawing images again in pairs; null for fewer than two images. */
  readonly interval: Interval | null;
  /** Of both being equally good (McNemar's exact test). */
  readonly pValue: number;
  /** Paths of images that one of them alone gets right. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

/**
 * Holds two runs against each other image by image: what either gets wrong alone says more than two accuracies.
 * Images that one of them was not asked about are left out, and so are those whose class is not the same in both.
 */
export function compareOnImages(
  first: readonly Prediction[],
  second: readonly Prediction[],
): ImageComparison {
  const byPath = new Map(second.map((one) => [one.path, one]));
  const pairs = first.flatMap((one) => {
    const other = byPath.get(one.path);
    if (other?.label !== one.label) return [];
    return [{ path: one.path, first: one.predicted === one.label, second: other.predicted === one.label }];
  });
  const [right, otherRight] = [
    pairs.filter((pair) => pair.first).length,
    pairs.filter((pair) => pair.second).length,
  ];
  const onlyFirst = pairs.filter((pair) => pair.first && !pair.second).map(({ path }) => path);
  const onlySecond = pairs.filter((pair) => !pair.first && pair.second).map(({ path }) => path);
  const gains = pairs.map((pair) => Number(pair.second) - Number(pair.first));
  return {
    images: pairs.length,
    accuracies: [right / pairs.length, otherRight / pairs.length],
    intervals: [wilsonInterval(right, pairs.length), wilsonInterval(otherRight, pairs.length)],
    difference: mean(gains),
    interval: bootstrapInterval(gains, mean),
    pValue: mcnemarExact(onlyFirst.length, onlySecond.length),
    onlyFirst,
    onlySecond,
  };
}
