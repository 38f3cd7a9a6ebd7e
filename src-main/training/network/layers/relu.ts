import type { LayerDefinition } from '../layer.ts';
import { activationLayer } from './activation.ts';

/** x above 0, else 0. Derivative: 1 above 0, else 0. */
export function relu(units: number): LayerDefinition {
  return activationLayer('Relu', units, { kind: 'relu' });
}
