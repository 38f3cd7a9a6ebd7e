import type { Compute } from '../compute/compute.ts';
import type { Parameter } from '../network/parameter.ts';
import { gradientDescent } from './gradient-descent.ts';
import type { Optimizer } from './optimizer.ts';

/** Plain gradient descent with one rate for the whole run. */
export function constant(
  compute: Compute,
  parameters: readonly Parameter[],
  learningRate: number,
): Optimizer {
  return gradientDescent(compute, parameters, () => learningRate);
}
