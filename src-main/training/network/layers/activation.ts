import type { Activation } from '../../compute/compute.ts';
import type { LayerDefinition } from '../layer.ts';

/** A layer that applies a function to every number; its gradient is dy × the function's derivative. */
export function activationLayer(kind: string, units: number, activation: Activation): LayerDefinition {
  return {
    kind,
    outputs: units,
    isActivation: true,
    parameters: [],
    statistics: [],
    build: ({ compute }) => ({
      forward: (input) => {
        const output = compute.activate(activation, input);
        return {
          output,
          backward: (outputGradient) => ({
            input: compute.activateBackward(activation, output, outputGradient),
            parameters: [],
          }),
        };
      },
      evaluate: (input) => compute.activate(activation, input),
    }),
  };
}
