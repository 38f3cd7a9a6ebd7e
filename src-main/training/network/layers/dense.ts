import type { Layer, LayerDefinition, LayerParts } from '../layer.ts';
import { variableAt } from '../layer.ts';

/**
 * y = x · W (+ B). Gradients: W: xᵀ · dy; B: dy summed over the batch; x: dy · Wᵀ.
 * @param inputs numbers a sample has
 * @param units numbers a sample gets
 */
export function dense(inputs: number, units: number, options: { readonly bias: boolean }): LayerDefinition {
  return {
    kind: 'Dense',
    outputs: units,
    parameters: [
      { suffix: 'W', shape: [inputs, units], initial: 'glorot-normal' },
      ...(options.bias ? [{ suffix: 'B', shape: [units], initial: 'zeros' } as const] : []),
    ],
    statistics: [],
    build: (parts) => build(parts, options.bias),
  };
}

function build({ compute, name, parameters }: LayerParts, hasBias: boolean): Layer {
  const weights = variableAt(parameters, 0, name);
  const bias = hasBias ? variableAt(parameters, 1, name) : null;
  return {
    forward: (input) => ({
      output: compute.dense(input, compute.value(weights), bias && compute.value(bias)),
      backward: (outputGradient, needsInput) => ({
        input: needsInput ? compute.denseInputGradient(outputGradient, compute.value(weights)) : null,
        parameters: [
          compute.denseWeightsGradient(input, outputGradient),
          ...(bias === null ? [] : [compute.biasGradient(outputGradient)]),
        ],
      }),
    }),
    evaluate: (input) => compute.dense(input, compute.value(weights), bias && compute.value(bias)),
  };
}
