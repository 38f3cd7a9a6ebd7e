import type { LayerDefinition } from '../layer.ts';
import { activationLayer } from './activation.ts';

/** Hyperbolic tangent y. Derivative: 1 − y². */
export function tanh(units: number): LayerDefinition {
  return activationLayer('Tanh', units, { kind: 'tanh' });
}
