import type { Variable } from '../compute/compute.ts';
import { normalValues, type RandomStream } from '../random.ts';

/** What a tensor of a layer starts with. */
export type Initial = 'glorot-normal' | 'zeros' | 'ones';

/** A tensor of a layer, before there is a device to hold it. */
export interface ParameterDefinition {
  /** Last part of its name: `W`, `Gamma`. */
  readonly suffix: string;
  readonly shape: readonly number[];
  readonly initial: Initial;
}

/** A tensor of a network on its device. */
export interface Parameter {
  /** `L<i>_<Layer>_<P>`: `L0_Dense_W`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly variable: Variable;
}

/** How many numbers a shape holds. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/**
 * First values of a tensor. Glorot normal is not truncated: σ = √(2 / (fan-in + fan-out)) for weights
 * `[fan-in, fan-out]` (X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural
 * networks, 2010).
 */
export function initialValues(
  definition: ParameterDefinition,
  random: RandomStream,
): Float32Array<ArrayBuffer> {
  const count = countOf(definition.shape);
  switch (definition.initial) {
    case 'zeros':
      return new Float32Array(count);
    case 'ones':
      return new Float32Array(count).fill(1);
    case 'glorot-normal': {
      const fans = definition.shape.reduce((sum, side) => sum + side, 0);
      return normalValues(count, Math.sqrt(2 / fans), random);
    }
  }
}
