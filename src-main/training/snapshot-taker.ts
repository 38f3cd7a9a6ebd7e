import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { Part, Snapshot } from '../../src-preload/contract/snapshot.ts';
import type { Prepared } from '../data/prepared.ts';
import { confusionSnapshot } from './evaluation.ts';
import { describeNetwork, type Network } from './network/network.ts';
import { countOf } from './network/parameter.ts';
import { type Reading, Readings } from './readings.ts';
import { type Schedule, scheduleAmong, scheduleWithin } from './snapshot-schedule.ts';
import {
  pictureBytes,
  pictureScale,
  type TrackedUnits,
  trackedUnits,
  trackedValues,
  unitsSnapshot,
} from './tracked-units.ts';
import type { EpochBatches, TrainingSet } from './training-set.ts';

/** Bytes of pictures, and of confusion matrices, that a run may keep. */
const PICTURE_BUDGET = 16 * 1024 ** 2;
const CONFUSION_BUDGET = 4 * 1024 ** 2;

/** Bytes of what each image was taken for, that a run may keep. */
const PREDICTED_BUDGET = 8 * 1024 ** 2;

/** More classes than this have no number of two bytes; of so many no matrix can be looked at. */
const MOST_CLASSES = 2 ** 16;

/** Bytes of sample images that one epoch may keep. */
const SAMPLES_BUDGET = 4 * 1024 ** 2;

/** Classes of all images of an epoch, minibatch after minibatch. */
function labelsOf(batches: EpochBatches): Int32Array {
  const labels = new Int32Array(batches.sizes.reduce((sum, size) => sum + size, 0));
  let start = 0;
  batches.sizes.forEach((size, batch) => {
    labels.set(batches.labels(batch), start);
    start += size;
  });
  return labels;
}

/** So many classes are told apart by one byte. */
const BYTE_CLASSES = 256;

function packed(
  predicted: ArrayLike<number>,
  classes: number,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  return classes > BYTE_CLASSES ? Uint16Array.from(predicted) : Uint8Array.from(predicted);
}

/** Takes confusion matrices, sample images and tracked units where they are due: every epoch while they are small. */
export class SnapshotTaker {
  private readonly data: Prepared;
  private readonly network: Network;
  private readonly tracked: readonly TrackedUnits[];
  private readonly samplesPerBatch: number;
  private readonly sampledBatches: number;
  private readonly picturesDue: Schedule;
  private readonly confusionDue: Schedule;
  private readonly predictedDue: Schedule;
  private areImagesTold = false;
  private readonly clones: number;
  private scales: readonly number[] = [];
  private units: readonly Reading[] = [];

  /** @throws UserError where a parameter to track is not there, or has fewer units */
  constructor(config: RunConfig, data: Prepared, network: Network, training: TrainingSet) {
    this.data = data;
    this.network = network;
    this.tracked = trackedUnits(config.trackLayer, describeNetwork(network.definition), data.inputShape);

    const imageBytes = countOf(data.inputShape);
    const affordable = Math.max(1, Math.floor(SAMPLES_BUDGET / imageBytes));
    this.samplesPerBatch = Math.min(config.displaySamples, affordable);
    this.sampledBatches =
      this.samplesPerBatch === 0
        ? 0
        : Math.min(training.batches, Math.max(1, Math.floor(affordable / this.samplesPerBatch)));
    const samples = Math.min(this.samplesPerBatch * this.sampledBatches, training.size);
    const unitBytes = this.tracked.reduce((sum, one) => sum + pictureBytes(one), 0);
    this.picturesDue = scheduleWithin(samples * imageBytes + unitBytes, PICTURE_BUDGET, config.nbrEpochs);
    const classes = data.classes.length;
    // Two matrices of four bytes a cell.
    const matrices = { bytesPerEpoch: 8 * classes ** 2, budget: CONFUSION_BUDGET };
    this.confusionDue = scheduleWithin(matrices.bytesPerEpoch, matrices.budget, config.nbrEpochs);
    this.clones = config.nbrClones;
    const asked = training.size + data.parts.dev.count;
    const predictedBytes = asked * (classes > BYTE_CLASSES ? 2 : 1);
    const isDue = scheduleAmong(matrices, predictedBytes, PREDICTED_BUDGET, config.nbrEpochs);
    this.predictedDue = (epoch) => classes <= MOST_CLASSES && isDue(epoch);
  }

  /** Fixes the scale of each tracked parameter, before the first step. */
  async measureScales(): Promise<void> {
    const readings = new Readings(this.network.compute);
    const units = this.keepUnits(readings);
    await readings.read();
    this.scales = units.map((unit) => pictureScale(unit.values()));
  }

  /** Dispatches what has to be read after an epoch. */
  dispatch(epoch: number, readings: Readings): void {
    this.units = this.picturesDue(epoch) ? this.keepUnits(readings) : [];
  }

  /**
   * What is due of an epoch, once all is read.
   * @param predicted classes that each minibatch, and each dev image, was taken for
   */
  take(
    epoch: number,
    batches: EpochBatches,
    predicted: { readonly training: ArrayLike<number>; readonly dev: ArrayLike<number> | null },
  ): Snapshot[] {
    const snapshots: Snapshot[] = [];
    if (this.confusionDue(epoch)) {
      const classes = this.data.classes.length;
      const labels = labelsOf(batches);
      snapshots.push(confusionSnapshot('training', epoch, classes, labels, predicted.training));
      if (predicted.dev !== null) {
        const { labels } = this.data.parts.dev;
        snapshots.push(confusionSnapshot('dev', epoch, classes, labels, predicted.dev));
      }
    }
    if (this.predictedDue(epoch)) snapshots.push(...this.predictedOf(epoch, batches, predicted));
    if (!this.picturesDue(epoch)) return snapshots;
    this.tracked.forEach((tracked, index) => {
      const values = this.units[index]?.values();
      if (values !== undefined) {
        snapshots.push(unitsSnapshot(tracked, values, this.scales[index] ?? 1, epoch));
      }
    });
    if (this.sampledBatches > 0) snapshots.push(this.samples(epoch, batches));
    return snapshots;
  }

  /** What each image was taken for; with the first of them which images there are. */
  private predictedOf(
    epoch: number,
    batches: EpochBatches,
    predicted: { readonly training: ArrayLike<number>; readonly dev: ArrayLike<number> | null },
  ): Snapshot[] {
    const classes = this.data.classes.length;
    const { dev, training } = predicted;
    const inOrder = new Array<number>(training.length);
    let start = 0;
    batches.sizes.forEach((size, batch) => {
      batches.rows(batch).forEach((row, place) => {
        inOrder[row] = training[start + place] ?? 0;
      });
      start += size;
    });
    const told: Snapshot[] = this.areImagesTold
      ? []
      : [this.imagesOf('training', this.clones), ...(dev === null ? [] : [this.imagesOf('dev', 1)])];
    this.areImagesTold = true;
    return [
      ...told,
      { kind: 'predicted', epoch, part: 'training', classes, predicted: packed(inOrder, classes) },
      ...(dev === null
        ? []
        : [{ kind: 'predicted', epoch, part: 'dev', classes, predicted: packed(dev, classes) } as const]),
    ];
  }

  private imagesOf(part: Part, clones: number): Snapshot {
    const { labels, paths } = this.data.parts[part];
    return { kind: 'images', epoch: 1, part, clones, labels: Uint16Array.from(labels), paths: [...paths] };
  }

  private samples(epoch: number, batches: EpochBatches): Snapshot {
    const shown = Array.from({ length: this.sampledBatches }, (_, batch) =>
      batches.pictures(batch, this.samplesPerBatch),
    );
    const [height, width, channels] = this.data.inputShape;
    const labels = shown.flatMap((one) => one.labels);
    const pixels = new Uint8Array(labels.length * height * width * channels);
    let start = 0;
    for (const one of shown) {
      pixels.set(one.pixels, start);
      start += one.pixels.length;
    }
    return { kind: 'samples', epoch, labels, count: labels.length, width, height, channels, pixels };
  }

  private keepUnits(readings: Readings): Reading[] {
    const { compute, parameters } = this.network;
    return this.tracked.map((one) =>
      compute.scope(() => readings.keep(trackedValues(compute, one, parameters))),
    );
  }
}
