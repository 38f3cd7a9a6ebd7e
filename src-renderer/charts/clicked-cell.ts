import type { Part } from '../../src-preload/contract/snapshot.ts';

/** A cell of a confusion matrix of an epoch, and what it counts. */
export interface ClickedCell {
  readonly part: Part;
  readonly epoch: number;
  /** Indexes of classes. */
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
}
