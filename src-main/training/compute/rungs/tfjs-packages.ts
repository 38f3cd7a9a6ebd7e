import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs-core';

/**
 * All packages of TensorFlow.js are loaded the CommonJS way: `@tensorflow/tfjs-node-gpu` is only there in that form,
 * and an ES module copy of the core beside it would have a list of backends of its own.
 */
export const requirePackage = createRequire(import.meta.url);

/** The core of TensorFlow.js, silenced: its greetings and hints would stand between the lines of our own output. */
export function loadTfjs(): typeof tfjs {
  const tf = requirePackage('@tensorflow/tfjs-core') as typeof tfjs;
  tf.env().set('PROD', true);
  return tf;
}

/** Version of TensorFlow.js, such as `4.22.0`. */
export function tfjsVersion(): string {
  return (requirePackage('@tensorflow/tfjs-core/package.json') as { version: string }).version;
}
