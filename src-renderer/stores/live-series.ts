import type { Metric, Series } from '../../src-preload/contract/series.ts';

/** A curve that grows at its end: typed arrays with room to spare, so that a new point costs no copy. */
export class LiveSeries {
  readonly run: string;
  readonly metric: Metric;
  private epochs = new Uint32Array(0);
  private values = new Float64Array(0);
  private length = 0;

  constructor(run: string, metric: Metric) {
    this.run = run;
    this.metric = metric;
  }

  /** A point after the last one; those of epochs that are there already are passed over. */
  push(epoch: number, value: number): void {
    if (this.length > 0 && epoch <= (this.epochs[this.length - 1] ?? 0)) return;
    if (this.length === this.epochs.length) {
      const room = Math.max(256, 2 * this.length);
      const epochs = new Uint32Array(room);
      const values = new Float64Array(room);
      epochs.set(this.epochs);
      values.set(this.values);
      [this.epochs, this.values] = [epochs, values];
    }
    this.epochs[this.length] = epoch;
    this.values[this.length] = value;
    this.length++;
  }

  /** The last epoch that there is a point of; 0 where there is none. */
  get lastEpoch(): number {
    return this.length === 0 ? 0 : (this.epochs[this.length - 1] ?? 0);
  }

  /**
   * Everything after an epoch anew, as read from the store; what came meanwhile and is later stays.
   * @param after what is there up to this epoch stays as it is.
   */
  reset(epochs: Uint32Array, values: Float64Array, after = 0): void {
    if (this.length === 0) {
      // Grown by the next point, if one comes: until then they serve as they are.
      [this.epochs, this.values, this.length] = [epochs.slice(), values.slice(), epochs.length];
      return;
    }
    let kept = this.length;
    while (kept > 0 && (this.epochs[kept - 1] ?? 0) > after) kept--;
    // What is written below would write over it.
    const laterEpochs = this.epochs.slice(kept, this.length);
    const laterValues = this.values.slice(kept, this.length);
    this.length = kept;
    epochs.forEach((epoch, index) => {
      this.push(epoch, values[index] ?? NaN);
    });
    laterEpochs.forEach((epoch, index) => {
      this.push(epoch, laterValues[index] ?? NaN);
    });
  }

  /** The curve as it is now, without a copy. */
  series(): Series {
    return {
      run: this.run,
      metric: this.metric,
      epochs: this.epochs.subarray(0, this.length),
      values: this.values.subarray(0, this.length),
    };
  }
}
