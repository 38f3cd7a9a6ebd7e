import type { Compute } from '../compute/compute.ts';
import type { Parameter } from '../network/parameter.ts';
import { gradientDescent } from './gradient-descent.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * Gradient descent with the rate `learningRate × exp(−decay × epoch)`, in which the first epoch is 0: it trains
 * with the whole rate.
 */
export function exponentialDecay(
  compute: Compute,
  parameters: readonly Parameter[],
  learningRate: number,
  decay: number,
): Optimizer {
  return gradientDescent(compute, parameters, (epoch) => learningRate * Math.exp(-decay * (epoch - 1)));
}
