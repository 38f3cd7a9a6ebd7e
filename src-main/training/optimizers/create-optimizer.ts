import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { Compute } from '../compute/compute.ts';
import type { Parameter } from '../network/parameter.ts';
import { adam } from './adam.ts';
import { constant } from './constant.ts';
import { exponentialDecay } from './exponential-decay.ts';
import type { Optimizer } from './optimizer.ts';

/** What of a configuration shapes an optimizer. */
export type OptimizerOptions = Pick<RunConfig, 'optimizer' | 'learningRate' | 'decay'>;

/** The optimizer that a configuration asks for. */
export function createOptimizer(
  compute: Compute,
  parameters: readonly Parameter[],
  options: OptimizerOptions,
): Optimizer {
  switch (options.optimizer) {
    case 'Adam':
      return adam(compute, parameters, options.learningRate);
    case 'Constant':
      return constant(compute, parameters, options.learningRate);
    case 'ExponentialDecay':
      return exponentialDecay(compute, parameters, options.learningRate, options.decay);
  }
}
