import type { AugmentationOptions, AugmentedSource } from '../data/augmentation/augment.ts';
import type { EpochOrderOptions } from './epoch-order.ts';

/**
 * What the training thread shares with the threads that augment ahead of it: slots of a ring, each for one minibatch.
 * Minibatches are numbered through all epochs, and so are the pieces that they are made of; minibatch n lies in slot n
 * modulo the number of slots, and piece n is made by thread n modulo the number of threads. So all is the same whoever
 * is faster.
 */
export interface AugmentationRing {
  /** Numbers of each slot: `rows × features` of the minibatch that is there. */
  readonly slots: readonly Float32Array<SharedArrayBuffer>[];
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
  /** This thread's number, from 0, of how many. */
  readonly thread: number;
  readonly threads: number;
}
