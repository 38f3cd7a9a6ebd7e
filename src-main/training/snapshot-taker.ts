import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { Snapshot } from '../../src-preload/contract/snapshot.ts';
import type { Prepared } from '../data/prepared.ts';
import { confusionSnapshot } from './evaluation.ts';
import { describeNetwork, type Network } from './network/network.ts';
import { countOf } from './network/parameter.ts';
import { type Reading, Readings } from './readings.ts';
import { type Schedule, scheduleWithin } from './snapshot-schedule.ts';
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

/** Takes confusion matrices, sample images and tracked units where they are due: every epoch while they are small. */
export class SnapshotTaker {
  private readonly data: Prepared;
  private readonly network: Network;
  private readonly tracked: readonly TrackedUnits[];
  private readonly samplesPerBatch: number;
  private readonly sampledBatches: number;
  private readonly picturesDue: Schedule;
  private readonly confusionDue: Schedule;
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
    // Two matrices of four bytes a cell.
    this.confusionDue = scheduleWithin(8 * data.classes.length ** 2, CONFUSION_BUDGET, config.nbrEpochs);
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
