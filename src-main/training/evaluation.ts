import type { ConfusionSnapshot, Part } from '../../src-preload/contract/snapshot.ts';
import type { Figures } from '../../src-preload/contract/series.ts';
import type { Compute, Indexes, Tensor, Values } from './compute/compute.ts';
import { imageSlice, type LabelledImages, mayStay } from './labelled-images.ts';
import type { EvaluationStatistics } from './network/layer.ts';
import type { Network } from './network/network.ts';
import type { Reading, Readings } from './readings.ts';

/** Images that are sent at once where each image's figures do not depend on the others. */
const CHUNK_BYTES = 64 * 1024 ** 2;

/** What was dispatched for a part, one entry a chunk. */
export interface DispatchedEvaluation {
  readonly losses: readonly Reading[];
  readonly predicted: readonly Reading[];
  /** `[chunk, classes]`, where they were asked for. */
  readonly probabilities: readonly Reading[];
}

/** Rows that are evaluated together. */
interface Chunk {
  readonly start: number;
  readonly count: number;
}

export interface EvaluationOptions {
  /** Numbers an image has. */
  readonly features: number;
  readonly statistics: EvaluationStatistics;
  /** The most images whose statistics may be taken together; only heeded where `statistics` is `batch`. */
  readonly batchSize: number;
  /** Whether the images stay on the device between evaluations. */
  readonly resident: boolean;
}

/**
 * A part of the data set that a network is evaluated on, without dropout. With `batch` statistics images go in batches
 * of one size as nearly as can be, all in one where `batchSize` allows it, because their figures depend on whom
 * they are evaluated with; with `moving` ones they go in chunks that bound the memory.
 */
export class EvaluationSet {
  private readonly compute: Compute;
  private readonly images: LabelledImages;
  private readonly options: EvaluationOptions;
  private readonly chunks: readonly Chunk[];
  private readonly resident: { readonly input: Tensor; readonly labels: Indexes }[] = [];

  constructor(compute: Compute, images: LabelledImages, options: EvaluationOptions) {
    this.compute = compute;
    this.images = images;
    this.options = options;
    const { count } = images;
    const imageBytes = 4 * options.features;
    const most =
      options.statistics === 'batch'
        ? Math.max(1, options.batchSize)
        : Math.max(1, Math.floor(CHUNK_BYTES / imageBytes));
    const parts = Math.ceil(count / most);
    this.chunks = Array.from({ length: parts }, (_, index) => {
      const start = Math.floor((index * count) / parts);
      return { start, count: Math.floor(((index + 1) * count) / parts) - start };
    });
    if (options.resident && mayStay(compute, count * options.features)) {
      this.resident = this.chunks.map((chunk) => this.send(chunk));
    }
  }

  /** Dispatches an evaluation; what comes out is read with `readings`. */
  dispatch(network: Network, readings: Readings, wantsProbabilities = false): DispatchedEvaluation {
    const { compute, options } = this;
    const losses: Reading[] = [];
    const predicted: Reading[] = [];
    const probabilities: Reading[] = [];
    this.chunks.forEach((chunk, index) => {
      compute.scope(() => {
        const { input, labels } = this.resident[index] ?? this.send(chunk);
        const logits = network.evaluate(input, options.statistics);
        const entropy = network.output.loss(logits, labels);
        losses.push(readings.keep(entropy.losses));
        predicted.push(readings.keep(entropy.predicted));
        if (wantsProbabilities) probabilities.push(readings.keep(network.output.probabilities(logits)));
      });
    });
    return { losses, predicted, probabilities };
  }

  dispose(): void {
    this.compute.dispose(this.resident.splice(0).flatMap(({ input, labels }) => [input, labels]));
  }

  private send({ start, count }: Chunk): { readonly input: Tensor; readonly labels: Indexes } {
    const { compute, images, options } = this;
    const labels = Int32Array.from({ length: count }, (_, index) => images.labels[start + index] ?? 0);
    return {
      input: compute.uploadPixels(imageSlice(images, options.features, start, count), [
        count,
        options.features,
      ]),
      labels: compute.uploadIndexes(labels),
    };
  }
}

/** All values of several readings, one after the other; those of a single one as they are. */
export function joined(readings: readonly Reading[]): Values {
  const parts = readings.map((reading) => reading.values());
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}

/**
 * Mean loss and share classified rightly, each image counting the same.
 * @param l2 the L2 term that belongs to the cost
 */
export function figuresOf(
  losses: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  l2: number,
): Figures {
  const count = losses.length;
  let sum = 0;
  let right = 0;
  for (let index = 0; index < count; index++) {
    sum += losses[index] ?? NaN;
    if (predicted[index] === labels[index]) right++;
  }
  return { loss: shownLoss(sum / count + l2), accuracy: right / count };
}

/** A loss as it is kept: what is infinite is no number either. */
export function shownLoss(loss: number): number {
  return Number.isFinite(loss) ? loss : NaN;
}

/** How often each class was taken for each. */
export function confusionSnapshot(
  part: Part,
  epoch: number,
  classes: number,
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
): ConfusionSnapshot {
  const counts = new Uint32Array(classes * classes);
  for (let index = 0; index < labels.length; index++) {
    const cell = (labels[index] ?? 0) * classes + (predicted[index] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return { kind: 'confusion', epoch, part, classes, counts };
}

/** The probability that each row gives to its predicted class. */
export function givenProbabilities(
  probabilities: Values,
  predicted: ArrayLike<number>,
  classes: number,
): number[] {
  return Array.from(predicted, (label, row) => probabilities[row * classes + label] ?? NaN);
}
