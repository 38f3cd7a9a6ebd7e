import type { Tensor, Variable } from './compute/compute.ts';
import type { Network } from './network/network.ts';

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

  dispose(): void {
    if (this.kept !== null) this.network.compute.dispose(this.kept.tensors);
    this.kept = null;
  }

  private variables(): Variable[] {
    const { parameters, statistics } = this.network;
    return [...parameters, ...statistics].map((one) => one.variable);
  }
}
