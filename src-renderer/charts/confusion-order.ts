import type { ConfusionMatrix } from '../../src-preload/contract/snapshot.ts';

/** Two classes, and how often images of the first were taken for the second. */
export interface ConfusedPair {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
  /** Of the images of the class. */
  readonly share: number;
}

/** Class indexes by the share of their images that were taken for another class, the largest first. */
export function byMistakes(matrix: ConfusionMatrix): number[] {
  const { classes, counts } = matrix;
  const shares = Array.from({ length: classes }, (_, actual) => {
    const row = counts.subarray(actual * classes, (actual + 1) * classes);
    const total = row.reduce((sum, one) => sum + one, 0);
    return total === 0 ? 0 : 1 - (row[actual] ?? 0) / total;
  });
  return shares.map((_, index) => index).sort((one, other) => (shares[other] ?? 0) - (shares[one] ?? 0));
}

/** The same matrix with its classes in another order. */
export function inOrder<Matrix extends ConfusionMatrix>(matrix: Matrix, order: readonly number[]): Matrix {
  const { classes, counts } = matrix;
  const moved = new Uint32Array(classes * classes);
  order.forEach((actual, row) => {
    order.forEach((predicted, column) => {
      moved[row * classes + column] = counts[actual * classes + predicted] ?? 0;
    });
  });
  return { ...matrix, counts: moved };
}

/** Pairs of different classes that were confused, the most frequent first. */
export function confusedPairs(matrix: ConfusionMatrix, most: number): ConfusedPair[] {
  const { classes, counts } = matrix;
  const pairs: ConfusedPair[] = [];
  for (let actual = 0; actual < classes; actual++) {
    const row = counts.subarray(actual * classes, (actual + 1) * classes);
    const total = row.reduce((sum, one) => sum + one, 0);
    row.forEach((count, predicted) => {
      if (count > 0 && predicted !== actual) pairs.push({ actual, predicted, count, share: count / total });
    });
  }
  return pairs.sort((one, other) => other.count - one.count || other.share - one.share).slice(0, most);
}
