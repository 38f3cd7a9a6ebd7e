import type { LayerDefinition } from '../layer.ts';
import { activationLayer } from './activation.ts';

/** y = 1 / (1 + e⁻ˣ). Derivative: y × (1 − y). */
export function sigmoid(units: number): LayerDefinition {
  return activationLayer('Sigmoid', units, { kind: 'sigmoid' });
}
