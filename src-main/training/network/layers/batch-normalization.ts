import type { Layer, LayerDefinition, LayerParts } from '../layer.ts';
import { variableAt } from '../layer.ts';

/** Added to the variance, so that a unit that never changes is not divided by 0. */
const EPSILON = 1e-5;

/** Share that the running statistics keep at each step. */
const MOMENTUM = 0.9;

/**
 * Gamma × (x − mean) / √(variance + 1e-5) + Beta: with the batch's own statistics in training; at evaluation with
 * the running ones or with those of the evaluated batch. The running ones start at mean 0 and variance 1.
 */
export function batchNormalization(units: number): LayerDefinition {
  return {
    kind: 'BatchNormalization',
    outputs: units,
    parameters: [
      { suffix: 'Gamma', shape: [units], initial: 'ones' },
      { suffix: 'Beta', shape: [units], initial: 'zeros' },
    ],
    statistics: [
      { suffix: 'MovingMean', shape: [units], initial: 'zeros' },
      { suffix: 'MovingVariance', shape: [units], initial: 'ones' },
    ],
    build,
  };
}

function build({ compute, name, parameters, statistics }: LayerParts): Layer {
  const gamma = variableAt(parameters, 0, name);
  const beta = variableAt(parameters, 1, name);
  const moving = {
    mean: variableAt(statistics, 0, name),
    variance: variableAt(statistics, 1, name),
    momentum: MOMENTUM,
  };
  return {
    forward: (input, pass) => {
      const normalized = compute.batchNormalization(
        input,
        compute.value(gamma),
        compute.value(beta),
        EPSILON,
        pass.moveStatistics ? moving : null,
      );
      return {
        output: normalized.output,
        backward: (outputGradient) => {
          const gradients = normalized.backward(outputGradient);
          return { input: gradients.input, parameters: [gradients.gamma, gradients.beta] };
        },
      };
    },
    evaluate: (input, source) => {
      const [scale, shift] = [compute.value(gamma), compute.value(beta)];
      return source === 'batch'
        ? compute.batchNormalization(input, scale, shift, EPSILON, null).output
        : compute.batchNormalizationWith(
            input,
            scale,
            shift,
            EPSILON,
            compute.value(moving.mean),
            compute.value(moving.variance),
          );
    },
  };
}
