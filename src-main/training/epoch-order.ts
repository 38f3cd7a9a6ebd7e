import { randomStream, shuffledIndexes } from './random.ts';

/** Numbers that augmentation makes at a time: 2 MiB of them. */
const PIECE_NUMBERS = 2 ** 19;

/** What the order of an epoch depends on. */
export interface EpochOrderOptions {
  /** Images an epoch, clones counted. */
  readonly size: number;
  readonly maxMinibatchSize: number;
  readonly seed: number;
}

/** How many minibatches an epoch has. */
export function minibatchCount({ size, maxMinibatchSize }: EpochOrderOptions): number {
  return Math.ceil(size / maxMinibatchSize);
}

/**
 * The images of each minibatch of an epoch: shuffled anew for every epoch, but in the order of the file where one
 * minibatch holds them all.
 */
export function minibatchRows(options: EpochOrderOptions, epoch: number): Int32Array<ArrayBuffer>[] {
  const { size, maxMinibatchSize, seed } = options;
  const count = minibatchCount(options);
  const order = count === 1 ? inOrder(size) : shuffledIndexes(size, randomStream(seed, 'order', epoch));
  return Array.from({ length: count }, (_, batch) =>
    order.subarray(batch * maxMinibatchSize, (batch + 1) * maxMinibatchSize),
  );
}

/** Images that are augmented at a time. */
function rowsOfPiece(features: number): number {
  return Math.max(1, Math.floor(PIECE_NUMBERS / features));
}

/** A minibatch cut into the pieces in which it is augmented, in their order. */
export function piecesOf(
  rows: Int32Array<ArrayBuffer>,
  features: number,
): { readonly start: number; readonly rows: Int32Array<ArrayBuffer> }[] {
  const most = rowsOfPiece(features);
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, piece) => ({
    start: piece * most,
    rows: rows.subarray(piece * most, (piece + 1) * most),
  }));
}

function inOrder(count: number): Int32Array<ArrayBuffer> {
  const indexes = new Int32Array(count);
  for (let index = 0; index < count; index++) indexes[index] = index;
  return indexes;
}
