import { derivedSeed } from '../../random.ts';
import type { Layer, LayerDefinition, LayerParts } from '../layer.ts';

/**
 * y = x × mask, where the mask is 0 with probability `rate` and 1 / (1 − rate) otherwise, drawn anew at every step.
 * Gradient: x: dy × mask. At evaluation, and with a rate of 0, y = x.
 * @param rate 0 to below 1
 */
export function dropout(units: number, rate: number): LayerDefinition {
  return {
    kind: 'Dropout',
    outputs: units,
    parameters: [],
    statistics: [],
    build: (parts) => build(parts, rate),
  };
}

function build({ compute, name }: LayerParts, rate: number): Layer {
  return {
    forward: (input, pass) => {
      if (rate === 0) {
        return { output: input, backward: (outputGradient) => ({ input: outputGradient, parameters: [] }) };
      }
      const mask = compute.dropoutMask(input.shape, rate, derivedSeed(pass.seed, name));
      return {
        output: compute.multiply(input, mask),
        backward: (outputGradient, needsInput) => ({
          input: needsInput ? compute.multiply(outputGradient, mask) : null,
          parameters: [],
        }),
      };
    },
    evaluate: (input) => input,
  };
}
