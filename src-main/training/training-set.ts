import type { InputShape } from '../../src-preload/contract/dataset.ts';
import { type AugmentedSource, type Augmenter, createAugmenter } from '../data/augmentation/augment.ts';
import { sharedFloats } from '../data/augmentation/shared-floats.ts';
import { AugmentationAhead, augmentationThreads } from './augmentation-ahead.ts';
import type { Compute, Indexes, Tensor } from './compute/compute.ts';
import { minibatchCount, minibatchRows } from './epoch-order.ts';
import { type LabelledImages, mayStay } from './labelled-images.ts';
import { randomStream, shuffledIndexes } from './random.ts';

export interface TrainingSetOptions {
  readonly inputShape: InputShape;
  readonly clones: number;
  /** Degrees. */
  readonly rotAngle: number;
  /** Standard deviation, 0..1. */
  readonly noiseIntensity: number;
  readonly maxMinibatchSize: number;
  /** Seed of the order of images and of their augmentation. */
  readonly seed: number;
  /**
   * Augments on other threads, ahead of training, where there is a core for them; the epochs then have to be asked
   * for one after the other, from 1 on. Without it, or where nothing changes from epoch to epoch, the calling thread
   * does it.
   */
  readonly ahead?: { readonly worker: string; readonly firstEpoch: number; readonly lastEpoch: number };
}

/** Images as the network sees them, `[count, height, width, channels]`, 0..255. */
export interface SamplePictures {
  readonly pixels: Uint8Array;
  readonly labels: number[];
}

/** A minibatch on the device. */
export interface Minibatch {
  /** `[size, features]` */
  readonly input: Tensor;
  /** `[size]` */
  readonly labels: Indexes;
}

/** The minibatches of one epoch. */
export interface EpochBatches {
  /** Images of each minibatch. */
  readonly sizes: readonly number[];
  /** Class of each image of a minibatch. */
  labels(batch: number): Int32Array;
  /** Which images a minibatch has: the clones of one follow one another, `image × clones + clone`. */
  rows(batch: number): Int32Array;
  /**
   * Brings a minibatch to the device, one after the other in their order; it is there until the next one is asked for.
   * To be called outside all scopes.
   */
  send(batch: number): Minibatch | Promise<Minibatch>;
  /** The first images of a minibatch, `count` or as many as it has. */
  pictures(batch: number, count: number): SamplePictures;
}

/**
 * The training part: shuffled at every epoch, cut into minibatches, augmented anew where that is asked for. Images
 * that never change are sent to the device once and gathered there. Where all of them are one minibatch they are
 * taken in the order of the file, because the order within a minibatch changes nothing but rounding.
 */
export class TrainingSet {
  /** Images an epoch. */
  readonly size: number;
  /** Minibatches an epoch. */
  readonly batches: number;
  /** Whether images are made anew for every epoch. */
  readonly isAugmented: boolean;
  private readonly compute: Compute;
  private readonly images: LabelledImages;
  private readonly options: TrainingSetOptions;
  private readonly features: number;
  private readonly augmenter: Augmenter;
  private readonly ahead: AugmentationAhead | null;
  /** Images that never change, on the device. */
  private resident: Tensor | null = null;
  /** The one minibatch of the order of the file: its rows and their classes, here and on the device. */
  private readonly wholeRows: Int32Array<ArrayBuffer>[] | null;
  private readonly wholeLabels: Int32Array | null;
  private whole: Minibatch | null = null;
  /** Where minibatches are augmented that no thread augments ahead. */
  private room: Float32Array | null = null;
  /** What the minibatch before holds on the device. */
  private sent: (Tensor | Indexes)[] = [];

  constructor(compute: Compute, images: LabelledImages, options: TrainingSetOptions) {
    const [height, width, channels] = options.inputShape;
    const source = { pixels: images.pixels, count: images.count, height, width, channels };
    this.compute = compute;
    this.images = images;
    this.options = options;
    this.features = height * width * channels;
    this.augmenter = createAugmenter(source, options);
    this.isAugmented = !this.augmenter.constant;
    this.size = this.augmenter.count;
    this.batches = minibatchCount(this.order);
    this.wholeRows = this.batches === 1 ? minibatchRows(this.order, 1) : null;
    this.wholeLabels = this.wholeRows === null ? null : this.labelsOf(this.wholeRows[0] ?? new Int32Array(0));
    if (!this.isAugmented && mayStay(compute, images.count * this.features)) {
      this.resident = compute.uploadPixels(images.pixels, [images.count, this.features]);
    }
    this.ahead = this.isAugmented ? this.startAhead(source) : null;
  }

  /** The minibatches of an epoch; epochs count from 1. */
  epoch(epoch: number): EpochBatches {
    const rows = this.wholeRows ?? minibatchRows(this.order, epoch);
    const labelsOf: (Int32Array | undefined)[] = [this.wholeLabels ?? undefined];
    function rowsOf(batch: number): Int32Array<ArrayBuffer> {
      return rows[batch] ?? new Int32Array(0);
    }
    const labels = (batch: number): Int32Array => (labelsOf[batch] ??= this.labelsOf(rowsOf(batch)));
    return {
      sizes: rows.map((one) => one.length),
      labels,
      rows: rowsOf,
      send: (batch) => {
        if (this.isAugmented) return this.sendAugmented(epoch, rowsOf(batch), labels(batch));
        return this.whole ?? this.sendConstant(rowsOf(batch), labels(batch));
      },
      pictures: (batch, count) => this.pictures(epoch, this.shown(epoch, rowsOf(batch), count)),
    };
  }

  /** Gives back what it holds on the device at once, and ends the threads: they are gone when it is done. */
  async dispose(): Promise<void> {
    const held = this.sent.splice(0);
    if (this.whole !== null) held.push(this.whole.labels);
    if (this.whole !== null && this.whole.input !== this.resident) held.push(this.whole.input);
    if (this.resident !== null) held.push(this.resident);
    this.compute.dispose(held);
    this.whole = null;
    this.resident = null;
    await this.ahead?.close();
  }

  private get order() {
    const { maxMinibatchSize, seed } = this.options;
    return { size: this.size, maxMinibatchSize, seed };
  }

  private startAhead(source: AugmentedSource): AugmentationAhead | null {
    const { ahead } = this.options;
    if (ahead === undefined || augmentationThreads() < 1) return null;
    return new AugmentationAhead({
      ...ahead,
      source,
      augmentation: this.options,
      augmenter: this.augmenter,
      order: this.order,
    });
  }

  private sendConstant(rows: Int32Array, labels: Int32Array): Minibatch {
    const { compute } = this;
    compute.dispose(this.sent.splice(0));
    const made = { input: this.constantRows(rows), labels: compute.uploadIndexes(labels) };
    if (this.batches === 1 && this.resident !== null) this.whole = made;
    else this.sent = [made.input, made.labels];
    return made;
  }

  /** Used where it was made, by a compute that can: the minibatch before is given back first. */
  private async sendAugmented(
    epoch: number,
    rows: Int32Array<ArrayBuffer>,
    labels: Int32Array,
  ): Promise<Minibatch> {
    const { compute, features } = this;
    compute.dispose(this.sent.splice(0));
    const values = this.ahead === null ? this.augmentedHere(epoch, rows) : await this.ahead.take(epoch, rows);
    const made = {
      input: compute.upload(values, [rows.length, features]),
      labels: compute.uploadIndexes(labels),
    };
    this.sent = [made.input, made.labels];
    return made;
  }

  private augmentedHere(epoch: number, rows: Int32Array): Float32Array {
    this.room ??= sharedFloats(Math.min(this.size, this.options.maxMinibatchSize) * this.features);
    const values = this.room.subarray(0, rows.length * this.features);
    this.augmenter.rows(epoch, rows, values);
    return values;
  }

  private labelsOf(rows: Int32Array): Int32Array {
    return rows.map((row) => this.images.labels[this.augmenter.sourceOf(row)] ?? 0);
  }

  private constantRows(rows: Int32Array): Tensor {
    const { compute, features } = this;
    const isAll = this.batches === 1 && this.size === this.images.count;
    if (isAll && this.resident !== null) return this.resident;
    const sources = this.options.clones === 1 ? rows : rows.map((row) => this.augmenter.sourceOf(row));
    if (this.resident !== null) {
      const indexes = compute.uploadIndexes(sources);
      const gathered = compute.gather(this.resident, indexes);
      compute.dispose([indexes]);
      return gathered;
    }
    const pixels = new Uint8Array(rows.length * features);
    sources.forEach((source, place) => {
      pixels.set(this.pixelsOf(source), place * features);
    });
    return compute.uploadPixels(pixels, [rows.length, features]);
  }

  private pixelsOf(image: number): Uint8Array {
    return this.images.pixels.subarray(image * this.features, (image + 1) * this.features);
  }

  /** Rows to show: a minibatch of all images keeps its order, so others are picked at each epoch. */
  private shown(epoch: number, rows: Int32Array, count: number): Int32Array {
    if (this.batches > 1) return rows.subarray(0, count);
    return shuffledIndexes(rows.length, randomStream(this.options.seed, 'order', epoch)).subarray(0, count);
  }

  private pictures(epoch: number, rows: Int32Array): SamplePictures {
    const { features } = this;
    const pixels = new Uint8Array(rows.length * features);
    if (this.isAugmented) {
      const values = new Float32Array(pixels.length);
      this.augmenter.rows(epoch, rows, values);
      for (let index = 0; index < pixels.length; index++)
        pixels[index] = Math.round((values[index] ?? 0) * 255);
    } else {
      rows.forEach((row, place) => {
        pixels.set(this.pixelsOf(this.augmenter.sourceOf(row)), place * features);
      });
    }
    return { pixels, labels: [...this.labelsOf(rows)] };
  }
}
