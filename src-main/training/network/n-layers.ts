import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { LayerDefinition } from './layer.ts';
import { batchNormalization } from './layers/batch-normalization.ts';
import { dense } from './layers/dense.ts';
import { dropout } from './layers/dropout.ts';
import { leakyRelu } from './layers/leaky-relu.ts';
import { relu } from './layers/relu.ts';
import { sigmoid } from './layers/sigmoid.ts';
import { softmax } from './layers/softmax.ts';
import { tanh } from './layers/tanh.ts';
import type { NetworkDefinition } from './network.ts';

const ACTIVATIONS: Record<RunConfig['activation'], (units: number) => LayerDefinition> = {
  'leaky-relu': leakyRelu,
  relu,
  tanh,
  sigmoid,
};

/** What of a configuration shapes an `NLayers` network. */
export type NLayersOptions = Pick<RunConfig, 'layers' | 'activation' | 'batchNorm' | 'dropoutRate'>;

/**
 * For each number of units Dense → Dropout → BatchNormalization → activation, then Dense(classes) → Dropout →
 * BatchNormalization → Softmax. Dense has a bias only where no batch normalization follows, which would take it off
 * again. Dropout layers are there, and counted in names, also with a rate of 0.
 */
export function nLayers(inputs: number, classes: number, options: NLayersOptions): NetworkDefinition {
  const { batchNorm, dropoutRate } = options;
  const layers: LayerDefinition[] = [];
  let width = inputs;
  for (const [index, units] of [...options.layers, classes].entries()) {
    layers.push(dense(width, units, { bias: !batchNorm }), dropout(units, dropoutRate));
    if (batchNorm) layers.push(batchNormalization(units));
    if (index < options.layers.length) layers.push(ACTIVATIONS[options.activation](units));
    width = units;
  }
  return { inputs, layers, output: softmax(classes) };
}
