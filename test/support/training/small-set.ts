import { type RunConfig, defaultConfig } from '../../../src-preload/contract/config.ts';
import type { Checkpoint } from '../../../src-main/training/checkpoint.ts';
import type { InputShape } from '../../../src-preload/contract/dataset.ts';
import type { EpochFigures } from '../../../src-preload/contract/series.ts';
import type { Part, Snapshot } from '../../../src-preload/contract/snapshot.ts';
import type { Prepared, PreparedPart } from '../../../src-main/data/prepared.ts';
import type { Compute } from '../../../src-main/training/compute/compute.ts';
import { Trainer, type TrainingOutcome } from '../../../src-main/training/trainer.ts';

export interface SmallSetOptions {
  readonly inputShape?: InputShape;
  readonly counts?: Readonly<Record<Part, number>>;
}

/**
 * Images of three classes that can be told apart, but not at once: pixels of a small linear congruential generator
 * (Numerical Recipes: 1664525 x + 1013904223), brighter where the pixel's place modulo 3 is the class.
 */
export function smallSet(options: SmallSetOptions = {}): Prepared {
  const inputShape = options.inputShape ?? [4, 4, 1];
  const counts = options.counts ?? { training: 23, dev: 9, test: 8 };
  const features = inputShape[0] * inputShape[1] * inputShape[2];
  let state = 1;
  function noise(): number {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  }
  function part(name: Part): PreparedPart {
    const count = counts[name];
    const labels = Int32Array.from({ length: count }, (_, index) => index % 3);
    const pixels = Uint8Array.from({ length: count * features }, (_, index) => {
      const isBright = (index % features) % 3 === labels[Math.floor(index / features)];
      return Math.floor(noise() * 200) + (isBright ? 55 : 0);
    });
    const paths = Array.from({ length: count }, (_, index) => `class${index % 3}/${name}${index}.png`);
    return { count, pixels, labels, paths };
  }
  return {
    inputShape,
    classes: ['class0', 'class1', 'class2'],
    parts: { training: part('training'), dev: part('dev'), test: part('test') },
    unreadable: [],
  };
}

/** The defaults with a small network and few epochs. */
export function smallConfig(changes: Partial<RunConfig> = {}): RunConfig {
  return { ...defaultConfig(), layers: [6, 5], nbrEpochs: 5, learningRate: 0.05, ...changes };
}

/** All that a run told. */
export interface Heard {
  readonly outcome: TrainingOutcome;
  readonly epochs: EpochFigures[];
  readonly snapshots: Snapshot[];
  readonly notices: string[];
}

export interface TrainOptions {
  readonly data?: Prepared;
  /** Asked before every minibatch, with the epochs heard of so far. */
  readonly isStopRequested?: (epochs: number) => boolean;
  /** A state to go on from. */
  readonly resume?: Checkpoint;
  /** Is given the state after the last epoch. */
  readonly keep?: (checkpoint: Checkpoint) => Promise<void>;
}

/** Trains to the end and releases what the trainer held. */
export async function trainSmall(
  compute: Compute,
  config: RunConfig,
  options: TrainOptions = {},
): Promise<Heard> {
  const epochs: EpochFigures[] = [];
  const snapshots: Snapshot[] = [];
  const notices: string[] = [];
  const trainer = new Trainer({
    config,
    data: options.data ?? smallSet(),
    compute,
    resume: options.resume,
    keep: options.keep,
    isStopRequested: () => options.isStopRequested?.(epochs.length) ?? false,
    listener: {
      epoch: (figures, taken) => {
        epochs.push(figures);
        snapshots.push(...taken);
      },
      batch: () => undefined,
      notice: (message) => {
        notices.push(message);
      },
    },
  });
  try {
    return { outcome: await trainer.train(), epochs, snapshots, notices };
  } finally {
    trainer.dispose();
  }
}
