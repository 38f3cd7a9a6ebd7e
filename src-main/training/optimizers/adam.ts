import type { Compute } from '../compute/compute.ts';
import type { Parameter } from '../network/parameter.ts';
import { paired, type Optimizer, type OptimizerState } from './optimizer.ts';

// The defaults of the paper.
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * m = β1 m + (1 − β1) g; v = β2 v + (1 − β2) g²; parameter −= rate × (m / (1 − β1ᵗ)) / (√(v / (1 − β2ᵗ)) + ε)
 * (D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015, algorithm 1).
 */
export function adam(compute: Compute, parameters: readonly Parameter[], learningRate: number): Optimizer {
  function moments(what: string): OptimizerState[] {
    return parameters.map(({ name, shape }) => ({
      name: `${name}/${what}`,
      shape,
      variable: compute.zeros(shape),
    }));
  }
  const first = moments('FirstMoment');
  const second = moments('SecondMoment');
  const state = [...first, ...second];
  let steps = 0;
  return {
    learningRate: () => learningRate,
    step: (gradients) => {
      steps += 1;
      const updates = paired(parameters, gradients).flatMap((update, index) => {
        const [firstMoment, secondMoment] = [first[index]?.variable, second[index]?.variable];
        return firstMoment && secondMoment ? [{ ...update, firstMoment, secondMoment }] : [];
      });
      compute.adam(updates, { learningRate, beta1: BETA1, beta2: BETA2, epsilon: EPSILON, step: steps });
    },
    steps: () => steps,
    resume(taken) {
      steps = taken;
    },
    state,
    dispose: () => {
      compute.dispose(state.map((one) => one.variable));
    },
  };
}
