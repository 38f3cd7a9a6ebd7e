import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { Prepared } from '../data/prepared.ts';
import { isAugmented } from '../data/augmentation/augment.ts';
import { augmentationThreads } from './augmentation-ahead.ts';
import type { Compute } from './compute/compute.ts';
import type { StepTime, Workload } from './compute/select.ts';
import { imageSlice } from './labelled-images.ts';
import { largestProduct, Network, networkDefinition, stepOperations } from './network/network.ts';
import { countOf } from './network/parameter.ts';
import { createOptimizer } from './optimizers/create-optimizer.ts';

/** Multiplications with which a trial begins: half a millisecond for a good library, 50 for plain JavaScript. */
const FIRST_MULTIPLICATIONS = 2 ** 24;

/** Images grow by this factor from one measurement to the next, up to a whole minibatch. */
const GROWTH = 4;

/** Steps with a whole minibatch that are enough to know. */
const ENOUGH_STEPS = 5;

/** What a run is going to compute, step after step. */
export function workloadOf(config: RunConfig, data: Prepared): Workload {
  const { training } = data.parts;
  const definition = networkDefinition(config, data.inputShape, data.classes.length);
  const batchSize = Math.min(config.maxMinibatchSize, training.count * config.nbrClones);
  return {
    largestProduct: largestProduct(definition, batchSize),
    stepOperations: stepOperations(definition, batchSize),
    sparedCores: isAugmented(config) ? augmentationThreads() : 0,
    time: (compute, budget, hopeless) => timeSteps(compute, config, data, batchSize, budget, hopeless),
  };
}

/**
 * Times steps of a network of the same shape on images of the training part: few of them first, then more, until a
 * whole minibatch has been timed often enough, the budget would not do for more, or the time is hopeless.
 */
async function timeSteps(
  compute: Compute,
  config: RunConfig,
  data: Prepared,
  batchSize: number,
  budget: number,
  hopeless: number,
): Promise<StepTime> {
  const started = performance.now();
  const { training } = data.parts;
  const most = Math.min(batchSize, training.count);
  const definition = networkDefinition(config, data.inputShape, data.classes.length);
  const features = countOf(data.inputShape);
  // The time does not depend on the weights; drawing millions of them would take longer than all steps.
  const network = new Network(compute, definition, (_, { shape }) => new Float32Array(countOf(shape)));
  const optimizer = createOptimizer(compute, network.parameters, config);

  async function step(images: number): Promise<number> {
    const input = compute.uploadPixels(imageSlice(training, features, 0, images), [images, features]);
    const labels = compute.uploadIndexes(
      Int32Array.from({ length: images }, (_, index) => training.labels[index] ?? 0),
    );
    try {
      const begun = performance.now();
      const losses = compute.scope(() => {
        const pass = network.forward(input, { seed: 0, moveStatistics: true });
        const entropy = network.output.loss(pass.logits, labels);
        optimizer.step(pass.backward(entropy.gradient()), 1);
        return compute.keep(entropy.losses);
      });
      // Reading is what waits for the step.
      await compute.read([losses]);
      compute.dispose([losses]);
      return performance.now() - begun;
    } finally {
      compute.dispose([input, labels]);
    }
  }

  try {
    const ofImage = Math.max(1, largestProduct(definition, 1));
    let images = Math.min(most, Math.max(1, Math.floor(FIRST_MULTIPLICATIONS / ofImage)));
    // The first step makes constants and compiles programs. What one image takes is what every step takes.
    await step(1);
    let before = { images: 0, milliseconds: await step(1) };
    let best = await step(images);
    let steps = 1;
    for (;;) {
      const perImage = Math.max(0, best - before.milliseconds) / (images - before.images);
      const whole = best + perImage * (batchSize - images);
      const next = Math.min(most, images * GROWTH);
      const spent = performance.now() - started;
      const isKnown = images === most && steps >= ENOUGH_STEPS;
      if (isKnown || whole > hopeless || spent + best + perImage * (next - images) > budget) {
        return { milliseconds: whole, images };
      }
      if (next !== images) before = { images, milliseconds: best };
      const took = await step(next);
      best = next === images ? Math.min(best, took) : took;
      steps = next === images ? steps + 1 : 1;
      images = next;
    }
  } finally {
    optimizer.dispose();
    network.dispose();
  }
}
