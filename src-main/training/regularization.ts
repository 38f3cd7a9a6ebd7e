import type { Compute, Tensor } from './compute/compute.ts';
import type { Parameter } from './network/parameter.ts';
import type { Reading, Readings } from './readings.ts';

/**
 * The gradients with that of the L2 term: `(weight decay / batch size) × parameter` is added to each. That is the
 * coupled form, as the study has it; it is not the derivative of the term in the cost, which lacks the batch size.
 */
export function withL2Gradient(
  compute: Compute,
  parameters: readonly Parameter[],
  gradients: readonly Tensor[],
  weightDecay: number,
  batchSize: number,
): readonly Tensor[] {
  if (weightDecay === 0) return gradients;
  return gradients.map((gradient, index) => {
    const parameter = parameters[index];
    return parameter === undefined
      ? gradient
      : compute.addScaled(gradient, compute.value(parameter.variable), weightDecay / batchSize);
  });
}

/** Dispatches ½ Σ p² of each parameter, to be read later; none where there is no weight decay. */
export function keepL2Terms(
  compute: Compute,
  readings: Readings,
  parameters: readonly Parameter[],
  weightDecay: number,
): Reading[] {
  if (weightDecay === 0) return [];
  return parameters.map(({ variable }) => readings.keep(compute.l2Loss(compute.value(variable))));
}

/** The L2 term of the cost: 0.5 × weight decay × Σ‖parameter‖². */
export function l2Cost(terms: readonly Reading[], weightDecay: number): number {
  return weightDecay * terms.reduce((sum, term) => sum + (term.values()[0] ?? NaN), 0);
}
