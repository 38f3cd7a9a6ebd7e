import type { BackendName } from '../../../../src-preload/contract/run.ts';
import type { Compute } from '../compute.ts';

/** How long a step takes. */
export interface StepTime {
  /** Milliseconds of a step with a whole minibatch. */
  readonly milliseconds: number;
  /** Images that it was measured with; a larger minibatch is taken to last longer in proportion. */
  readonly images: number;
}

/** What a rung is wanted for. */
export interface Workload {
  /** Multiplications in the largest matrix product of a step. */
  readonly largestProduct: number;
  /** Multiplications and additions in all matrix products of a step. */
  readonly stepOperations: number;
  /** Cores that are to be left to others while it computes. */
  readonly sparedCores: number;
  /**
   * Times steps like those to come.
   * @param budget milliseconds that it may take
   * @param hopeless milliseconds of a step from which on it need not be known any better
   */
  readonly time: (compute: Compute, budget: number, hopeless: number) => Promise<StepTime>;
}

/** A rung of the ladder that can be used. */
export interface Usable {
  readonly available: true;
  /** Such as `libtensorflow 1.15.0`. */
  readonly library: string;
  /** One sentence that says what it stands on. */
  readonly reason: string;
  /** Why `auto` passes it by although it can be used; null where it does not. */
  readonly notForAuto: string | null;
  connect(): Promise<Compute>;
}

/** A rung that cannot be used, and why, in one sentence. */
export interface Unusable {
  readonly available: false;
  readonly reason: string;
}

/** A rung of the ladder. Probing loads what has to be loaded to know, and nothing of the other rungs. */
export interface RungProbe {
  readonly name: BackendName;
  /**
   * The most multiplications and additions a second that it could do on any processor of today; Infinity where that
   * depends on the device.
   */
  readonly mostOperations: number;
  /** @param workload shapes what is loaded, where it is known */
  probe(workload?: Workload): Promise<Usable | Unusable>;
}

/** The first line of what was thrown, as the end of a sentence. */
export function firstLine(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return (text.trim().split('\n')[0] ?? '').replace(/\.$/, '');
}
