import type { Tensor, Variable } from '../compute/compute.ts';
import type { Parameter } from '../network/parameter.ts';

/** A tensor that an optimizer remembers between steps. */
export interface OptimizerState {
  /** Name of the parameter and of what is remembered of it: `L0_Dense_W/FirstMoment`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly variable: Variable;
}

/** Changes parameters by their gradients. */
export interface Optimizer {
  /** The rate of an epoch; epochs count from 1. */
  learningRate(epoch: number): number;
  /** Changes every parameter in place; gradients stand in the order of the parameters. */
  step(gradients: readonly Tensor[], epoch: number): void;
  /** Steps taken. */
  steps(): number;
  /** Goes on as after so many steps; what it remembers is given back by its state. */
  resume(steps: number): void;
  readonly state: readonly OptimizerState[];
  /** Gives back what it holds on the device. */
  dispose(): void;
}

/** Pairs parameters with their gradients. */
export function paired(
  parameters: readonly Parameter[],
  gradients: readonly Tensor[],
): { readonly parameter: Variable; readonly gradient: Tensor }[] {
  return parameters.map((parameter, index) => {
    const gradient = gradients[index];
    if (gradient === undefined) throw new Error(`There is no gradient for ${parameter.name}.`);
    return { parameter: parameter.variable, gradient };
  });
}
