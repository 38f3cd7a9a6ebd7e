import { dense } from './layers/dense.ts';
import { softmax } from './layers/softmax.ts';
import type { NetworkDefinition } from './network.ts';

/** Dense(classes, with bias) → Softmax. */
export function oneLayer(inputs: number, classes: number): NetworkDefinition {
  return { inputs, layers: [dense(inputs, classes, { bias: true })], output: softmax(classes) };
}
