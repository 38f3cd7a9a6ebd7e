import type { EpochFigures } from '../../src-preload/contract/series.ts';

/** How fast a run goes, of its last epochs. */
export interface Pace {
  readonly imagesPerSecond: number;
  /** Milliseconds until its last epoch is done, at this speed. */
  readonly leftMs: number;
}

/** Epochs that a speed is taken over: enough to be steady, few enough to follow the machine. */
const EPOCHS_SEEN = 10;

/** Follows the speed of one run. */
export interface PaceKeeper {
  /** Counts one more epoch in. */
  add(figures: Pick<EpochFigures, 'epoch' | 'elapsed'>): Pace;
}

/** @param imagesPerEpoch training images, clones among them. */
export function createPaceKeeper(imagesPerEpoch: number, epochs: number): PaceKeeper {
  // The time before the first epoch counts from the run's first step.
  const seen: { epoch: number; elapsed: number }[] = [{ epoch: 0, elapsed: 0 }];
  return {
    add({ epoch, elapsed }) {
      seen.push({ epoch, elapsed });
      if (seen.length > EPOCHS_SEEN + 1) seen.shift();
      const first = seen[0] ?? { epoch: 0, elapsed: 0 };
      const msPerEpoch = (elapsed - first.elapsed) / Math.max(1, epoch - first.epoch);
      return {
        imagesPerSecond: msPerEpoch > 0 ? (imagesPerEpoch * 1000) / msPerEpoch : 0,
        leftMs: msPerEpoch * Math.max(0, epochs - epoch),
      };
    },
  };
}
