import type { Tensor, Variable } from './compute/compute.ts';
import { asFloat32, type NamedValues, type Network } from './network/network.ts';
import type { Parameter } from './network/parameter.ts';

/** The weights of the best epoch so far, on the device. */
export class BestWeights {
  private readonly network: Network;
  private kept: { readonly epoch: number; readonly tensors: readonly Tensor[] } | null = null;

  constructor(network: Network) {
    this.network = network;
  }

  /** Keeps the weights as they are now, in place of those kept before. */
  keep(epoch: number): void {
    const { compute } = this.network;
    this.dispose();
    const tensors = this.variables().map((variable) => compute.keep(compute.snapshot(variable)));
    this.kept = { epoch, tensors };
  }

  /** Gives the network the kept weights back, and says of which epoch they are; null where none are kept. */
  restore(): number | null {
    const { kept, network } = this;
    if (kept === null) return null;
    this.variables().forEach((variable, index) => {
      const tensor = kept.tensors[index];
      if (tensor !== undefined) network.compute.restore(variable, tensor);
    });
    return kept.epoch;
  }

  /** The kept weights and their epoch, copied to the host; null where none are kept. */
  async read(): Promise<{ readonly epoch: number; readonly weights: NamedValues[] } | null> {
    const { kept, network } = this;
    if (kept === null) return null;
    const values = await network.compute.read([...kept.tensors]);
    return {
      epoch: kept.epoch,
      weights: this.named().map(({ name, shape }, index) => ({
        name,
        shape,
        values: asFloat32(values[index] ?? new Float32Array(0)),
      })),
    };
  }

  /** Keeps weights that were read before, as those of an epoch. */
  resume(epoch: number, weights: readonly NamedValues[]): void {
    const { compute } = this.network;
    this.dispose();
    const byName = new Map(weights.map((one) => [one.name, one]));
    const tensors = this.named().map(({ name, shape }) => {
      const own = byName.get(name);
      if (own === undefined) throw new Error(`The best weights lack ${name}.`);
      return compute.keep(compute.upload(own.values, shape));
    });
    this.kept = { epoch, tensors };
  }

  dispose(): void {
    if (this.kept !== null) this.network.compute.dispose(this.kept.tensors);
    this.kept = null;
  }

  private named(): readonly Parameter[] {
    const { parameters, statistics } = this.network;
    return [...parameters, ...statistics];
  }

  private variables(): Variable[] {
    return this.named().map((one) => one.variable);
  }
}
