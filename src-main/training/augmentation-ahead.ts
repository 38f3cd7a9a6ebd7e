import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { AugmentationOptions, AugmentedSource, Augmenter } from '../data/augmentation/augment.ts';
import { handedOver, sharedFloats } from '../data/augmentation/shared-floats.ts';
import type { AugmentationRing, AugmentationTask } from './augmentation-ring.ts';
import { type EpochOrderOptions, minibatchCount, piecesOf } from './epoch-order.ts';

/** A ring of more than two minibatches takes no more than this, */
const RING_BYTES = 32 * 1024 ** 2;
/** and one of two no more than this: beyond it there is one slot, and what augments waits while it is trained with. */
const PAIR_BYTES = 1024 ** 3;

/** More threads would wait for memory rather than compute. */
const MOST_THREADS = 4;

export interface AugmentationAheadOptions {
  /** The program of the threads. */
  readonly worker: string;
  readonly source: AugmentedSource;
  readonly augmentation: AugmentationOptions;
  /** Makes the same images on the thread that takes them, while it would have to wait. */
  readonly augmenter: Augmenter;
  readonly order: EpochOrderOptions;
  /** The first epoch that is asked for: 1, or later where a run goes on. */
  readonly firstEpoch: number;
  readonly lastEpoch: number;
}

/** How many threads can augment beside the one that trains. */
export function augmentationThreads(): number {
  return Math.min(MOST_THREADS, availableParallelism() - 1);
}

/** Slots for minibatches of so many bytes, of which an epoch has so many: an epoch ahead, where memory is for it. */
function slotsOf(bytes: number, minibatches: number): number {
  const most = Math.max(2 * bytes <= PAIR_BYTES ? 2 : 1, Math.floor(RING_BYTES / bytes));
  return Math.min(minibatches + 1, most);
}

/**
 * Augments on threads of its own, up to an epoch ahead of who takes, in the memory of a ring, in which a minibatch is
 * used where it was made; who takes helps where it would have to wait. What it gives depends on neither the number of
 * threads nor their speed.
 */
export class AugmentationAhead {
  private readonly ring: AugmentationRing;
  private readonly slots: readonly Float32Array<SharedArrayBuffer>[];
  private readonly workers: readonly Worker[];
  private readonly augmenter: Augmenter;
  private readonly features: number;
  /** Pieces of each slot once its next minibatch is whole. */
  private readonly whole: number[];
  /** Minibatches that were taken so far. */
  private taken = 0;
  /** Pieces of these. */
  private pieces = 0;
  private failure: Error | null = null;
  private wake: (() => void) | null = null;

  constructor(options: AugmentationAheadOptions) {
    const { source, order, worker, augmenter } = options;
    const threads = Math.max(1, augmentationThreads());
    this.augmenter = augmenter;
    this.features = source.height * source.width * source.channels;
    const numbers = Math.min(order.size, order.maxMinibatchSize) * this.features;
    const slots = slotsOf(4 * numbers, minibatchCount(order));
    this.slots = Array.from({ length: slots }, () => sharedFloats(numbers));
    this.ring = {
      slots: this.slots.map(handedOver),
      claimed: new BigInt64Array(new SharedArrayBuffer(8)),
      filled: new Int32Array(new SharedArrayBuffer(4 * slots)),
      used: new Int32Array(new SharedArrayBuffer(4 * slots)),
    };
    this.whole = this.slots.map(() => 0);
    const shared = new Uint8Array(new SharedArrayBuffer(source.pixels.length));
    shared.set(source.pixels);
    this.workers = Array.from({ length: threads }, () => {
      const task: AugmentationTask = {
        ring: this.ring,
        source: { ...source, pixels: shared },
        augmentation: options.augmentation,
        order,
        firstEpoch: options.firstEpoch,
        lastEpoch: options.lastEpoch,
      };
      return this.started(new Worker(worker, { workerData: task }));
    });
  }

  /**
   * Takes the next minibatch: `[rows, features]` of the epoch that is running, in its order. It must not be used any
   * longer once the next one is asked for.
   * @throws Error where a thread failed
   */
  async take(epoch: number, rows: Int32Array<ArrayBuffer>): Promise<Float32Array<SharedArrayBuffer>> {
    const { slots } = this;
    const { filled, used } = this.ring;
    if (this.taken > 0) {
      const before = (this.taken - 1) % slots.length;
      Atomics.add(used, before, 1);
      Atomics.notify(used, before);
    }
    const place = this.taken % slots.length;
    const slot = slots[place];
    if (slot === undefined) throw new Error('The ring has no such slot.');
    const pieces = piecesOf(rows, this.features);
    const first = this.pieces;
    const whole = (this.whole[place] ?? 0) + pieces.length;
    this.whole[place] = whole;
    this.taken += 1;
    this.pieces += pieces.length;
    while (Atomics.load(filled, place) < whole) {
      if (this.failure !== null) throw this.failure;
      const own = pieces[this.claim(this.pieces) - first];
      if (own === undefined) {
        await this.news();
        continue;
      }
      this.augmenter.rows(epoch, own.rows, slot.subarray(own.start * this.features));
      Atomics.add(filled, place, 1);
      // Messages come in between two pieces, a stop request among them.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return slot.subarray(0, rows.length * this.features);
  }

  /** Ends the threads, wherever they are; they are gone when it is done. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  /** Claims the next piece, where it lies before `end`. @returns its number, or `end` where there is none. */
  private claim(end: number): number {
    const { claimed } = this.ring;
    let next = Atomics.load(claimed, 0);
    while (next < end) {
      const found = Atomics.compareExchange(claimed, 0, next, next + 1n);
      if (found === next) return Number(next);
      next = found;
    }
    return end;
  }

  /** Waits until a minibatch is whole, or a thread has failed. */
  private async news(): Promise<void> {
    for (const worker of this.workers) worker.ref();
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.wake = null;
    for (const worker of this.workers) worker.unref();
  }

  private started(worker: Worker): Worker {
    // A thread that nobody waits for does not keep the process alive.
    worker.unref();
    worker.on('message', () => this.wake?.());
    worker.on('error', (error) => {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
      this.wake?.();
    });
    return worker;
  }
}
