import type { Compute, Indexes, Tensor, Values } from './compute/compute.ts';

/** A number or numbers on their way to the host. */
export interface Reading {
  /** @throws Error before they have been read */
  values(): Values;
}

/** Tensors that are kept until they are read, all together, because each transfer costs a wait. */
export class Readings {
  private readonly compute: Compute;
  private readonly kept: (Tensor | Indexes)[] = [];
  private done: Values[] | undefined;

  constructor(compute: Compute) {
    this.compute = compute;
  }

  /** Takes a tensor out of its scope, to be read later. */
  keep(tensor: Tensor | Indexes): Reading {
    const place = this.kept.push(this.compute.keep(tensor)) - 1;
    return {
      values: () => {
        const values = this.done?.[place];
        if (values === undefined) throw new Error('A figure was used before it was read.');
        return values;
      },
    };
  }

  /** Waits for all that is kept and releases it on the device. */
  async read(): Promise<void> {
    try {
      this.done = await this.compute.read(this.kept);
    } finally {
      this.release();
    }
  }

  /** Releases what is kept without reading it. */
  release(): void {
    this.compute.dispose(this.kept.splice(0));
  }
}
