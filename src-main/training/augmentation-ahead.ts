import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { AugmentationOptions, AugmentedSource } from '../data/augmentation/augment.ts';
import type { AugmentationRing, AugmentationTask } from './augmentation-ring.ts';
import { type EpochOrderOptions, rowsOfPiece } from './epoch-order.ts';

/** The ring takes no more than this, whatever an epoch takes. */
const RING_BYTES = 32 * 1024 ** 2;

/** More threads would wait for memory rather than compute. */
const MOST_THREADS = 4;

export interface AugmentationAheadOptions {
  /** The program of the threads. */
  readonly worker: string;
  readonly source: AugmentedSource;
  readonly augmentation: AugmentationOptions;
  readonly order: EpochOrderOptions;
  /** The first epoch that is asked for: 1, or later where a run goes on. */
  readonly firstEpoch: number;
  readonly lastEpoch: number;
}

/** How many threads can augment beside the one that trains. */
export function augmentationThreads(): number {
  return Math.min(MOST_THREADS, availableParallelism() - 1);
}

/**
 * Augments on threads of its own, up to an epoch ahead of who takes, in the memory of a ring. What it gives depends on
 * neither the number of threads nor their speed.
 */
export class AugmentationAhead {
  private readonly ring: AugmentationRing;
  private readonly workers: readonly Worker[];
  private readonly features: number;
  private number = 0;
  private failure: Error | null = null;
  private wake: (() => void) | null = null;

  constructor(options: AugmentationAheadOptions) {
    const { source, order, worker } = options;
    const threads = Math.max(1, augmentationThreads());
    this.features = source.height * source.width * source.channels;
    const rows = Math.min(rowsOfPiece(this.features), order.size, order.maxMinibatchSize);
    const pieceBytes = 4 * rows * this.features;
    const ofEpoch = Math.ceil(order.size / rows);
    const slots = Math.max(2, Math.min(ofEpoch + threads, Math.floor(RING_BYTES / pieceBytes)));
    this.ring = {
      slots: Array.from({ length: slots }, () => new Float32Array(new SharedArrayBuffer(pieceBytes))),
      filled: new Int32Array(new SharedArrayBuffer(4 * slots)),
      taken: new Int32Array(new SharedArrayBuffer(4 * slots)),
    };
    const shared = new Uint8Array(new SharedArrayBuffer(source.pixels.length));
    shared.set(source.pixels);
    this.workers = Array.from({ length: threads }, (_, thread) => {
      const task: AugmentationTask = {
        ring: this.ring,
        source: { ...source, pixels: shared },
        augmentation: options.augmentation,
        order,
        firstEpoch: options.firstEpoch,
        lastEpoch: options.lastEpoch,
        thread,
        threads,
      };
      return this.started(new Worker(worker, { workerData: task }));
    });
  }

  /**
   * Takes the next piece: `[rows, features]` of the epoch that is running, in its order. It must not be used any
   * longer than `use` runs.
   * @throws Error where a thread failed
   */
  async take(rows: number, use: (values: Float32Array) => void): Promise<void> {
    const { slots, filled, taken } = this.ring;
    const place = this.number % slots.length;
    const uses = Math.floor(this.number / slots.length) + 1;
    const slot = slots[place];
    if (slot === undefined) throw new Error('The ring has no such slot.');
    while (Atomics.load(filled, place) < uses) {
      if (this.failure !== null) throw this.failure;
      await this.news();
    }
    use(slot.subarray(0, rows * this.features));
    this.number += 1;
    Atomics.store(taken, place, uses);
    Atomics.notify(taken, place);
  }

  /** Ends the threads, wherever they are; they are gone when it is done. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  /** Waits until a thread has filled a slot, or has failed. */
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
