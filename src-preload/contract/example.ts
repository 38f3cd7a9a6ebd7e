import { type RunConfig, defaultConfig } from './config.ts';

/** Experiment K of the study that the product redoes: all of the preparation, a small network, no regularization. */
export function exampleConfig(): RunConfig {
  return {
    ...defaultConfig(),
    expId: 'K',
    dataset: 'numbers',
    grayscale: true,
    minmaxNormalize: true,
    adaptiveInvert: true,
    trim: true,
    resize: { width: 16, height: 16 },
    layers: [16],
    maxMinibatchSize: 100_000,
    learningRate: 0.01,
    displaySamples: 4,
    trackLayer: [{ parameter: 'L0_Dense_W', units: 8 }],
  };
}
