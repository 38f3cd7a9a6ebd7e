import type { InputShape } from '../../src-preload/contract/dataset.ts';
import { type Augmenter, createAugmenter } from '../data/augmentation/augment.ts';
import type { Compute, Indexes, Tensor } from './compute/compute.ts';
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
}

/** Images as the network sees them, `[count, height, width, channels]`, 0..255. */
export interface SamplePictures {
  readonly pixels: Uint8Array;
  readonly labels: number[];
}

/** The minibatches of one epoch. */
export interface EpochBatches {
  /** Images of each minibatch. */
  readonly sizes: readonly number[];
  /** Class of each image of a minibatch. */
  labels(batch: number): Int32Array;
  /** A minibatch on the device; to be called in a scope. */
  send(batch: number): { readonly input: Tensor; readonly labels: Indexes };
  /** The first images of a minibatch, `count` or as many as it has. */
  pictures(batch: number, count: number): SamplePictures;
  /** Releases what the epoch held on the device. */
  end(): void;
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
  private readonly compute: Compute;
  private readonly images: LabelledImages;
  private readonly options: TrainingSetOptions;
  private readonly features: number;
  private readonly augmenter: Augmenter;
  /** Images that never change, on the device. */
  private resident: Tensor | null = null;
  /** The one minibatch that never changes, on the device. */
  private whole: { readonly input: Tensor; readonly labels: Indexes } | null = null;
  private augmented: Float32Array | undefined;

  constructor(compute: Compute, images: LabelledImages, options: TrainingSetOptions) {
    const [height, width, channels] = options.inputShape;
    this.compute = compute;
    this.images = images;
    this.options = options;
    this.features = height * width * channels;
    this.augmenter = createAugmenter(
      { pixels: images.pixels, count: images.count, height, width, channels },
      options,
    );
    this.size = this.augmenter.count;
    this.batches = Math.ceil(this.size / options.maxMinibatchSize);
    if (this.augmenter.constant && mayStay(compute, images.count * this.features)) {
      this.resident = compute.uploadPixels(images.pixels, [images.count, this.features]);
    }
  }

  /** Augments and shuffles; the time it takes is augmentation's. */
  epoch(epoch: number): EpochBatches {
    const { compute, size } = this;
    const { maxMinibatchSize, seed } = this.options;
    const order =
      this.batches === 1
        ? Int32Array.from({ length: size }, (_, index) => index)
        : shuffledIndexes(size, randomStream(seed, 'order', epoch));
    const rows = Array.from({ length: this.batches }, (_, batch) =>
      order.subarray(batch * maxMinibatchSize, (batch + 1) * maxMinibatchSize),
    );
    const floats = this.augmenter.constant ? null : this.augmenter.epoch(epoch, this.augmented);
    if (floats !== null) this.augmented = floats;
    function rowsOf(batch: number): Int32Array {
      return rows[batch] ?? new Int32Array(0);
    }
    const labelsOf = rows.map((some) => some.map((row) => this.labelOf(row)));
    function labels(batch: number): Int32Array {
      return labelsOf[batch] ?? new Int32Array(0);
    }
    let sent: Tensor | null = null;
    const input = (batch: number): Tensor => {
      if (floats === null) return this.constantRows(rowsOf(batch));
      if (this.batches === 1) return compute.upload(floats, [size, this.features]);
      if (!mayStay(compute, floats.length)) return this.floatRows(floats, rowsOf(batch));
      sent ??= compute.keep(compute.upload(floats, [size, this.features]));
      return compute.gather(sent, compute.uploadIndexes(rowsOf(batch)));
    };
    return {
      sizes: rows.map((one) => one.length),
      labels,
      send: (batch) => {
        if (this.whole !== null) return this.whole;
        const made = { input: input(batch), labels: compute.uploadIndexes(labels(batch)) };
        if (this.batches > 1 || floats !== null || this.resident === null) return made;
        this.whole = { input: compute.keep(made.input), labels: compute.keep(made.labels) };
        return this.whole;
      },
      pictures: (batch, count) => this.pictures(this.shown(epoch, rowsOf(batch), count), floats),
      end: () => {
        if (sent !== null) compute.dispose([sent]);
        sent = null;
      },
    };
  }

  dispose(): void {
    const held: (Tensor | Indexes)[] = [];
    if (this.whole !== null) held.push(this.whole.labels);
    if (this.whole !== null && this.whole.input !== this.resident) held.push(this.whole.input);
    if (this.resident !== null) held.push(this.resident);
    this.compute.dispose(held);
    this.whole = null;
    this.resident = null;
  }

  private labelOf(row: number): number {
    return this.images.labels[this.augmenter.sourceOf(row)] ?? 0;
  }

  private constantRows(rows: Int32Array): Tensor {
    const { compute, features } = this;
    const sources = rows.map((row) => this.augmenter.sourceOf(row));
    if (this.resident !== null) {
      const isAll = this.batches === 1 && this.size === this.images.count;
      return isAll ? this.resident : compute.gather(this.resident, compute.uploadIndexes(sources));
    }
    const pixels = new Uint8Array(rows.length * features);
    sources.forEach((source, place) => {
      pixels.set(this.pixelsOf(source), place * features);
    });
    return compute.uploadPixels(pixels, [rows.length, features]);
  }

  private floatRows(floats: Float32Array, rows: Int32Array): Tensor {
    const { features } = this;
    const values = new Float32Array(rows.length * features);
    rows.forEach((row, place) => {
      values.set(floats.subarray(row * features, (row + 1) * features), place * features);
    });
    return this.compute.upload(values, [rows.length, features]);
  }

  private pixelsOf(image: number): Uint8Array {
    return this.images.pixels.subarray(image * this.features, (image + 1) * this.features);
  }

  /** Rows to show: a minibatch of all images keeps its order, so others are picked at each epoch. */
  private shown(epoch: number, rows: Int32Array, count: number): Int32Array {
    if (this.batches > 1) return rows.subarray(0, count);
    return shuffledIndexes(rows.length, randomStream(this.options.seed, 'order', epoch)).subarray(0, count);
  }

  private pictures(rows: Int32Array, floats: Float32Array | null): SamplePictures {
    const { features } = this;
    const pixels = new Uint8Array(rows.length * features);
    rows.forEach((row, place) => {
      pixels.set(
        floats === null
          ? this.pixelsOf(this.augmenter.sourceOf(row))
          : Uint8Array.from(floats.subarray(row * features, (row + 1) * features), (value) =>
              Math.round(value * 255),
            ),
        place * features,
      );
    });
    return { pixels, labels: Array.from(rows, (row) => this.labelOf(row)) };
  }
}
