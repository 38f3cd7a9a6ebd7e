import type { UnitStates } from '../../src-preload/contract/run.ts';
import { asFloat32, type Network } from './network/network.ts';
import { type LabelledImages, spreadImages } from './labelled-images.ts';
import type { EvaluationStatistics } from './network/layer.ts';
import { Readings } from './readings.ts';

/** Images that units are judged by, at most, and numbers of one layer, the images among them, that are held for it. */
const MOST_IMAGES = 512;
const MOST_NUMBERS = 2 ** 22;

/** An output so near to the end of its range has hardly a gradient: that of tanh is then below 0.02. */
const NEAR_END = 0.99;

/** The share of images from which on a unit counts as saturated. */
const SATURATED = 0.95;

/**
 * How many units of each hidden layer do nothing: those that are never above 0 (ReLU and leaky ReLU), and those that
 * lie at the end of their range for 95 % of the images (tanh and sigmoid). At evaluation, on training images.
 */
export async function unitStates(
  network: Network,
  training: LabelledImages,
  statistics: EvaluationStatistics,
): Promise<UnitStates[]> {
  const { compute, definition } = network;
  const widest = Math.max(definition.inputs, ...definition.layers.map(({ outputs }) => outputs));
  const images = Math.min(training.count, MOST_IMAGES, Math.max(16, Math.floor(MOST_NUMBERS / widest)));
  const readings = new Readings(compute);
  const kept = compute.scope(() => {
    const input = compute.uploadPixels(spreadImages(training, definition.inputs, images), [
      images,
      definition.inputs,
    ]);
    return network
      .activations(input, statistics)
      .map(({ layer, kind, output }) => ({ layer, kind, reading: readings.keep(output) }));
  });
  await readings.read();
  const states = kept.map(({ layer, kind, reading }) =>
    statesOf(layer, kind, asFloat32(reading.values()), images),
  );
  readings.release();
  return states;
}

/** @param outputs `[images, units]` */
function statesOf(layer: string, kind: string, outputs: Float32Array, images: number): UnitStates {
  const units = outputs.length / images;
  const isAtEnd =
    kind === 'Tanh'
      ? (value: number) => Math.abs(value) > NEAR_END
      : kind === 'Sigmoid'
        ? (value: number) => value > NEAR_END || value < 1 - NEAR_END
        : undefined;
  let [dead, saturated] = [0, 0];
  for (let unit = 0; unit < units; unit++) {
    let [alive, atEnd] = [0, 0];
    for (let at = unit; at < outputs.length; at += units) {
      const value = outputs[at] ?? 0;
      // What is no number is neither.
      if (!(value <= 0)) alive++;
      if (isAtEnd?.(value) === true) atEnd++;
    }
    if (isAtEnd === undefined && alive === 0) dead++;
    if (isAtEnd !== undefined && atEnd >= SATURATED * images) saturated++;
  }
  return { layer, units, images, dead, saturated };
}
