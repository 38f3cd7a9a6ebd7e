import type { Compute } from '../compute/compute.ts';
import type { Parameter } from '../network/parameter.ts';
import { paired, type Optimizer } from './optimizer.ts';

/** parameter −= rate × gradient, with a rate that may depend on the epoch, counted from 1. */
export function gradientDescent(
  compute: Compute,
  parameters: readonly Parameter[],
  learningRate: (epoch: number) => number,
): Optimizer {
  let steps = 0;
  return {
    learningRate,
    step: (gradients, epoch) => {
      steps += 1;
      compute.gradientDescent(paired(parameters, gradients), learningRate(epoch));
    },
    steps: () => steps,
    resume(taken) {
      steps = taken;
    },
    state: [],
    dispose: () => undefined,
  };
}
