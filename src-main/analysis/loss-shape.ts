import { mean } from './statistics.ts';
import { median } from './median.ts';

/** How a loss behaves towards its end. */
export interface LossShape {
  /** Epochs that it was looked at over: the last fifth of all, at least five. */
  readonly epochs: number;
  /** By what share of itself it fell over them, from 0 to 1; below 0 where it rose. */
  readonly fall: number;
  /** The same over all epochs. */
  readonly wholeFall: number;
  /** Whether it falls over them by more than chance would have it. */
  readonly isFalling: boolean;
  /** The same over all epochs. */
  readonly fallsThroughout: boolean;
  /** Whether it falls, over these epochs, by half or more of what it fell in the mean over as many of all. */
  readonly keepsPace: boolean;
  /** Of the second half of all epochs, and the last 1,000 at most. */
  readonly bounce: {
    readonly steps: number;
    /** Steps from one epoch to the next in which it rose. */
    readonly rises: number;
    /** By what share of itself it rose in the median of these; NaN where it never did. */
    readonly rise: number;
    /** The same in the loss's own unit. */
    readonly size: number;
  };
}

/** Epochs that a shape can be told from. */
export const LEAST_EPOCHS = 10;

const LEAST_TAIL = 5;
const MOST_STEPS = 1000;

/** Means that a tail is cut into, so that what it does is not lost in what its epochs do. */
const MOST_BLOCKS = 24;

/** A normal variable is below minus this with probability 0.01. */
const ONE_IN_A_HUNDRED = 2.326;

/**
 * The shape of a loss by epoch.
 * @returns null for fewer than ten epochs, from which none can be told.
 */
export function lossShape(losses: readonly number[]): LossShape | null {
  const { length } = losses;
  if (length < LEAST_EPOCHS) return null;
  const epochs = Math.max(LEAST_TAIL, Math.round(length / 5));
  const blocks = blockMeans(losses.slice(length - 1 - epochs));
  const [first, end] = [blocks[0] ?? NaN, blocks.at(-1) ?? NaN];
  const highest = losses.reduce((most, loss) => Math.max(most, loss), -Infinity);
  const share = epochs / (length - 1);
  return {
    epochs,
    fall: (first - end) / first,
    wholeFall: 1 - end / (losses[0] ?? NaN),
    isFalling: trend(blocks) <= -ONE_IN_A_HUNDRED,
    fallsThroughout: trend(blockMeans(losses)) <= -ONE_IN_A_HUNDRED,
    keepsPace: first - end >= 0.5 * share * (highest - end),
    bounce: bounceOf(losses.slice(Math.max(Math.floor(length / 2), length - 1 - MOST_STEPS))),
  };
}

function bounceOf(losses: readonly number[]): LossShape['bounce'] {
  const steps = losses
    .slice(1)
    .map((loss, index) => ({ from: losses[index] ?? NaN, by: loss - (losses[index] ?? NaN) }));
  const rises = steps.filter(({ by }) => by > 0);
  return {
    steps: steps.length,
    rises: rises.length,
    rise: median(rises.map(({ from, by }) => by / from)),
    size: median(rises.map(({ by }) => by)),
  };
}

function blockMeans(values: readonly number[]): number[] {
  const blocks = Math.min(values.length, MOST_BLOCKS);
  return Array.from({ length: blocks }, (_, block) =>
    mean(
      values.slice(
        Math.floor((block * values.length) / blocks),
        Math.floor(((block + 1) * values.length) / blocks),
      ),
    ),
  );
}

/**
 * How many standard deviations more pairs rise than fall than chance would have it (H. B. Mann, Nonparametric tests
 * against trend, 1945); negative where more fall.
 */
function trend(values: readonly number[]): number {
  let sum = 0;
  values.forEach((value, index) => {
    for (const later of values.slice(index + 1)) sum += Math.sign(later - value);
  });
  const count = values.length;
  const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  return (sum - Math.sign(sum)) / deviation;
}
