import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { Tensor, Values } from './compute/compute.ts';
import { Float64Compute } from './compute/float64.ts';
import type { LabelledImages } from './labelled-images.ts';
import { givenValues, Network } from './network/network.ts';
import { distinctIndexes, randomStream } from './random.ts';

/** Epochs from one check to the next; the first is before the first epoch. */
const INTERVAL = 25;

/** Parameters checked of each tensor. */
const PER_TENSOR = 2;

/** Images that a check is made on: enough for batch statistics, few enough for plain loops in float64. */
const IMAGES = 16;

/**
 * The largest distance that passes. A. Ng's Deep Learning Specialization (course 2, week 1, Gradient checking) takes
 * 1e-7 as right and 1e-3 as surely wrong where both gradients are in float64; here the analytic one comes from a
 * backend that computes in float32, whose rounding alone can give 1e-4.
 */
const THRESHOLD = 1e-3;

/** Differences this small are what float32 leaves of a cost near 1: they count as none. */
const ROUNDING = 1e-6;

/** Half the width of a central difference: its error, ~ step² + 1e-16 / step, is least near 1e-5. */
const STEP = 1e-5;

/** Where a unit sits on a kink of its activation, a wide step crosses it; a narrower one then agrees. */
const NARROW_STEP = 1e-7;

/** How the gradient of one parameter tensor compares. */
export interface CheckedTensor {
  readonly parameter: string;
  /** ‖numeric − analytic‖ / (‖numeric‖ + ‖analytic‖), 0..1. */
  readonly distance: number;
  readonly analytic: readonly number[];
  readonly numeric: readonly number[];
}

/** Images to check on: values 0..1 `[count, features]` and classes `[count]`. */
export interface CheckBatch {
  readonly values: Float32Array<ArrayBuffer>;
  readonly labels: Int32Array;
}

/** Whether the gradients are checked before an epoch; epochs count from 1. */
export function isCheckDue(epoch: number): boolean {
  return (epoch - 1) % INTERVAL === 0;
}

/** Why gradients cannot be checked, in one sentence, or null where they can. */
export function whySkipped(config: Pick<RunConfig, 'model' | 'weightDecay' | 'dropoutRate'>): string | null {
  if (config.weightDecay > 0) {
    return 'Gradient checks are skipped: with --weight-decay the gradient is by design not the derivative of the cost.';
  }
  if (config.model === 'NLayers' && config.dropoutRate > 0) {
    return 'Gradient checks are skipped: with --dropout-rate the cost changes with every mask that is drawn.';
  }
  return null;
}

/** Images to check on, picked by the seed, not augmented. */
export function chooseCheckBatch(
  images: LabelledImages,
  features: number,
  seed: number,
  epoch: number,
): CheckBatch {
  const chosen = distinctIndexes(images.count, IMAGES, randomStream(seed, 'gradient check', epoch));
  const values = new Float32Array(chosen.length * features);
  chosen.forEach((image, place) => {
    for (let index = 0; index < features; index++) {
      values[place * features + index] = (images.pixels[image * features + index] ?? 0) / 255;
    }
  });
  return { values, labels: Int32Array.from(chosen, (image) => images.labels[image] ?? 0) };
}

/** ‖numeric − analytic‖ / (‖numeric‖ + ‖analytic‖); 0 where they differ by no more than rounding. */
export function gradientDistance(numeric: readonly number[], analytic: readonly number[]): number {
  const difference = Math.hypot(...numeric.map((value, index) => value - (analytic[index] ?? NaN)));
  return difference <= ROUNDING ? 0 : difference / (Math.hypot(...numeric) + Math.hypot(...analytic));
}

/**
 * Holds the backend's gradients against central differences of the cost in float64, for two parameters of each
 * tensor that the seed picks. Nothing is changed. The cost is computed anew from the layer of the parameter on.
 */
export async function checkGradients(
  network: Network,
  batch: CheckBatch,
  seed: number,
  epoch: number,
): Promise<CheckedTensor[]> {
  const analytic = await backendGradients(network, batch);
  const exact = new Float64Compute();
  const copy = new Network(exact, network.definition, givenValues(await network.weights()));
  const labels = exact.uploadIndexes(batch.labels);
  const input = exact.upload(batch.values, [batch.labels.length, network.definition.inputs]);
  const pass = { seed: 0, moveStatistics: false };

  const inputs = copy.layers.reduce<readonly Tensor[]>(
    (before, layer) => {
      const value = before.at(-1) ?? input;
      return [...before, layer.forward(value, pass).output];
    },
    [input],
  );
  function costFrom(first: number): number {
    const logits = copy.layers
      .slice(first)
      .reduce<Tensor>((value, layer) => layer.forward(value, pass).output, inputs[first] ?? input);
    const losses = exact.values(copy.output.loss(logits, labels).losses);
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  }
  function slope(values: Float64Array, index: number, layer: number, step: number): number {
    const value = values[index] ?? 0;
    values[index] = value + step;
    const above = costFrom(layer);
    values[index] = value - step;
    const below = costFrom(layer);
    values[index] = value;
    return (above - below) / (2 * step);
  }

  const layerOf = network.definition.layers.flatMap((layer, index) => layer.parameters.map(() => index));
  return copy.parameters.map(({ name, variable }, place) => {
    const values = exact.values(exact.value(variable));
    const random = randomStream(seed, 'gradient check', epoch, name);
    const chosen = distinctIndexes(values.length, PER_TENSOR, random);
    const computed = chosen.map((index) => analytic[place]?.[index] ?? NaN);
    function compare(step: number): CheckedTensor {
      const numeric = chosen.map((index) => slope(values, index, layerOf[place] ?? 0, step));
      return { parameter: name, distance: gradientDistance(numeric, computed), analytic: computed, numeric };
    }
    const wide = compare(STEP);
    if (wide.distance <= THRESHOLD) return wide;
    const narrow = compare(NARROW_STEP);
    return narrow.distance < wide.distance ? narrow : wide;
  });
}

/** A sentence on the tensors whose gradients are off, or null where all agree. */
export function gradientFault(epoch: number, checked: readonly CheckedTensor[]): string | null {
  // Written so that a distance which is not a number is a fault as well.
  const off = checked.filter(({ distance }) => !(distance <= THRESHOLD));
  if (off.length === 0) return null;
  const list = off
    .map(
      ({ parameter, distance, analytic, numeric }) =>
        `${parameter} by ${distance.toPrecision(2)} (computed ${shown(analytic)}, measured ${shown(numeric)})`,
    )
    .join('; ');
  return `The gradient check before epoch ${epoch} failed, with distances above ${THRESHOLD}: ${list}.`;
}

function shown(values: readonly number[]): string {
  return values.map((value) => value.toPrecision(4)).join(' and ');
}

async function backendGradients(network: Network, batch: CheckBatch): Promise<Values[]> {
  const { compute } = network;
  const gradients = compute.scope(() => {
    const input = compute.upload(batch.values, [batch.labels.length, network.definition.inputs]);
    const passed = network.forward(input, { seed: 0, moveStatistics: false });
    const entropy = network.output.loss(passed.logits, compute.uploadIndexes(batch.labels));
    return passed.backward(entropy.gradient()).map((gradient) => compute.keep(gradient));
  });
  try {
    return await compute.read(gradients);
  } finally {
    compute.dispose(gradients);
  }
}
