/** The same network in `model.fit` of tfjs, on the very library that we compute with, as its users write it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import nodeUtil from 'node:util';
import type * as Tfjs from '@tensorflow/tfjs-node-gpu';
import { z } from 'zod';

// tfjs-node calls both, and Node 23 removed the first.
Object.assign(nodeUtil, {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
});
process.env['CUDA_VISIBLE_DEVICES'] = '-1';
const load = createRequire(import.meta.url);
const tf = load('@tensorflow/tfjs-node-gpu') as typeof Tfjs;

const folder = process.argv[2] ?? '.';
const about = z
  .object({
    features: z.int(),
    classes: z.int(),
    weights: z.array(z.tuple([z.int(), z.int()])).length(2),
    batch: z.int(),
    learningRate: z.number(),
  })
  .parse(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')));

function floats(name: string): Float32Array {
  const bytes = readFileSync(join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function labels(name: string) {
  const bytes = readFileSync(join(folder, name));
  const values = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return tf.oneHot(tf.tensor1d(values, 'int32'), about.classes);
}

const [hidden, output] = about.weights;
const x = tf.tensor2d(floats('training.f32'), [
  floats('training.f32').length / about.features,
  about.features,
]);
const devX = tf.tensor2d(floats('dev.f32'), [floats('dev.f32').length / about.features, about.features]);
const y = labels('training.i32');
const devY = labels('dev.i32');
const epochs = readFileSync(join(folder, 'order.i32')).length / 4 / x.shape[0];

const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: hidden?.[1] ?? 1, useBias: false, inputShape: [about.features] }),
    tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }),
    tf.layers.leakyReLU({ alpha: 0.01 }),
    tf.layers.dense({ units: about.classes, useBias: false }),
    tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }),
    tf.layers.softmax(),
  ],
});
for (const [layer, shape] of [
  [0, hidden],
  [3, output],
] as const) {
  model.layers[layer]?.setWeights([tf.tensor2d(floats(`weights-${layer === 0 ? 0 : 1}.f32`), shape)]);
}
model.compile({
  optimizer: tf.train.adam(about.learningRate, 0.9, 0.999, 1e-8),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
});
const milliseconds: number[] = [];
const losses: number[] = [];
let begun = performance.now();
await model.fit(x, y, {
  epochs,
  batchSize: about.batch,
  shuffle: about.batch < x.shape[0],
  validationData: [devX, devY],
  yieldEvery: 'never',
  callbacks: {
    onEpochBegin: () => {
      begun = performance.now();
    },
    onEpochEnd: (_, logs) => {
      milliseconds.push(performance.now() - begun);
      losses.push(logs?.['loss'] ?? NaN);
    },
  },
});
process.stdout.write(
  JSON.stringify({
    library: `tfjs model.fit ${tf.version['tfjs-core']}`,
    milliseconds,
    losses,
    // The system counts in kilobytes.
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
