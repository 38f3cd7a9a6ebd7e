import type { AugmentationOptions, AugmentedSource } from '../data/augmentation/augment.ts';
import type { SharedFloats } from '../data/augmentation/shared-floats.ts';
import type { EpochOrderOptions } from './epoch-order.ts';

/**
 * What the training thread shares with the threads that augment ahead of it: slots of a ring, each for one minibatch.
 * Minibatches are numbered through all epochs, and so are the pieces that they are made of; minibatch n lies in slot n
 * modulo the number of slots. Pieces are numbered through too, and made by whoever claims them first: what is in one
 * depends on its rows alone, so all is the same whoever is faster.
 */
export interface AugmentationRing {
  /** Numbers of each slot: `rows × features` of the minibatch that is there. */
  readonly slots: readonly SharedFloats[];
  /** How many pieces have been claimed so far: the number of the next one. Of 64 bits, as no epoch begins it anew. */
  readonly claimed: BigInt64Array<SharedArrayBuffer>;
  /** Pieces that have been put into each slot so far. */
  readonly filled: Int32Array<SharedArrayBuffer>;
  /** Minibatches of each slot that have been used so far. */
  readonly used: Int32Array<SharedArrayBuffer>;
}

/** All that a thread that augments has to know. */
export interface AugmentationTask {
  readonly ring: AugmentationRing;
  /** Its pixels are shared too. */
  readonly source: AugmentedSource;
  readonly augmentation: AugmentationOptions;
  readonly order: EpochOrderOptions;
  readonly firstEpoch: number;
  readonly lastEpoch: number;
}
