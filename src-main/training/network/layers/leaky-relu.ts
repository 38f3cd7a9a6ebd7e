import type { LayerDefinition } from '../layer.ts';
import { activationLayer } from './activation.ts';

/** Factor below 0 (A. Maas et al., Rectifier nonlinearities improve neural network acoustic models, 2013). */
const SLOPE = 0.01;

/** x above 0, else 0.01 × x. Derivative: 1 above 0, else 0.01. */
export function leakyRelu(units: number): LayerDefinition {
  return activationLayer('LeakyRelu', units, { kind: 'leaky-relu', slope: SLOPE });
}
