import type { ImageComparison } from '../../src-preload/contract/analysis.ts';
import type { Prediction } from '../../src-preload/contract/run.ts';
import { gainBootstrapInterval, mcnemarExact, wilsonInterval } from './statistics.ts';

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
  const right = pairs.filter((pair) => pair.first).length;
  const onlyFirst = pairs.filter((pair) => pair.first && !pair.second).map(({ path }) => path);
  const onlySecond = pairs.filter((pair) => !pair.first && pair.second).map(({ path }) => path);
  const otherRight = right - onlyFirst.length + onlySecond.length;
  return {
    images: pairs.length,
    accuracies: [right / pairs.length, otherRight / pairs.length],
    intervals: [wilsonInterval(right, pairs.length), wilsonInterval(otherRight, pairs.length)],
    difference: (otherRight - right) / pairs.length,
    interval: gainBootstrapInterval(onlySecond.length, onlyFirst.length, pairs.length),
    pValue: mcnemarExact(onlyFirst.length, onlySecond.length),
    onlyFirst,
    onlySecond,
  };
}
