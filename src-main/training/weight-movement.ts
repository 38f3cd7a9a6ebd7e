import type { Compute, Tensor } from './compute/compute.ts';
import type { Network } from './network/network.ts';
import { type Reading, Readings } from './readings.ts';

/** Calls that one parameter costs a step, roughly, and a look at how far it has moved. */
const CALLS_A_STEP = 10;
const CALLS_A_LOOK = 2;

/** The most that looking may cost, as a share of the steps. */
const MOST_SHARE = 0.03;

/**
 * How far each parameter has moved from where it started, ‖w − w₀‖ / ‖w₀‖ (Frobenius); of one that started at 0
 * everywhere, ‖w‖. Taken so often that it costs little beside the steps of an epoch: which epochs depends on their
 * minibatches alone.
 */
export class WeightMovement {
  private readonly compute: Compute;
  private readonly network: Network;
  private readonly interval: number;
  private readonly lastEpoch: number;
  private readonly start: readonly Tensor[];
  private startNorms: readonly number[] = [];
  private due: readonly Reading[] = [];

  /** The network has to be as it is before its first step. */
  constructor(
    network: Network,
    { batches, nbrEpochs }: { readonly batches: number; readonly nbrEpochs: number },
  ) {
    this.network = network;
    this.compute = network.compute;
    this.interval = Math.max(1, Math.ceil(CALLS_A_LOOK / (MOST_SHARE * CALLS_A_STEP * batches)));
    this.lastEpoch = nbrEpochs;
    this.start = network.parameters.map(({ variable }) => this.compute.keep(this.compute.snapshot(variable)));
  }

  /** Reads the norms that movements are shares of, once. */
  async measure(): Promise<void> {
    const readings = new Readings(this.compute);
    const norms = this.compute.scope(() =>
      this.start.map((tensor) => readings.keep(this.compute.l2Loss(tensor))),
    );
    await readings.read();
    this.startNorms = norms.map(normOf);
  }

  /** Dispatches what has to be read after an epoch. */
  dispatch(epoch: number, readings: Readings): void {
    const isDue = epoch === 1 || epoch % this.interval === 0 || epoch === this.lastEpoch;
    this.due = isDue
      ? this.compute.scope(() =>
          this.network.parameters.map(({ variable }, index) => {
            const start = this.start[index];
            if (start === undefined) throw new Error('A parameter has no start.');
            return readings.keep(
              this.compute.l2Loss(this.compute.addScaled(this.compute.value(variable), start, -1)),
            );
          }),
        )
      : [];
  }

  /** What was dispatched, once it has been read, by the parameter's name; undefined where nothing was due. */
  take(): Record<string, number> | undefined {
    if (this.due.length === 0) return undefined;
    return Object.fromEntries(
      this.due.map((reading, index) => {
        const moved = normOf(reading);
        const start = this.startNorms[index] ?? 0;
        return [this.network.parameters[index]?.name ?? '', start === 0 ? moved : moved / start];
      }),
    );
  }

  dispose(): void {
    this.compute.dispose(this.start);
  }
}

/** Of ½ Σ x². */
function normOf(reading: Reading): number {
  return Math.sqrt(2 * (reading.values()[0] ?? NaN));
}
