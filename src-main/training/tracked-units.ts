import type { RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { ParameterInfo } from '../../src-preload/contract/run.ts';
import type { UnitsSnapshot } from '../../src-preload/contract/snapshot.ts';
import type { NetworkDescription } from '../../src-preload/contract/training-process.ts';
import type { Compute, Tensor, Values } from './compute/compute.ts';
import { countOf, type Parameter } from './network/parameter.ts';

/** The scale is this many times the largest first weight: trained weights rarely grow beyond. */
const HEADROOM = 2;

/** Units of a parameter that are kept as pictures: the first `units` of its last dimension. */
export interface TrackedUnits {
  readonly parameter: string;
  /** Shape of the whole parameter. */
  readonly shape: readonly number[];
  readonly units: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/**
 * The units that a configuration asks to track. A unit of the first layer's weights has the image's own shape; of
 * another layer's it is the grid nearest to a square that its weights fill; of a gamma, beta or bias one pixel.
 * @throws UserError where a parameter is not there, or has fewer units
 */
export function trackedUnits(
  tracked: RunConfig['trackLayer'],
  description: NetworkDescription,
  inputShape: readonly [number, number, 1 | 3],
): TrackedUnits[] {
  const parameters = description.layers.flatMap((layer) => layer.parameters);
  return tracked.map(({ parameter: name, units }) => {
    const parameter = parameters.find((one) => one.name === name);
    if (parameter === undefined) {
      const names = parameters.map((one) => one.name).join(', ');
      throw new UserError(
        `--track-layer=${name},${units}: there is no parameter ${name}. There are ${names}.`,
      );
    }
    const available = parameter.shape.at(-1) ?? 1;
    if (units > available) {
      throw new UserError(
        `--track-layer=${name},${units}: ${name} has ${available} ${available === 1 ? 'unit' : 'units'}; take 1 to ${available}.`,
      );
    }
    const isFirst = parameter === parameters[0];
    return { parameter: name, shape: parameter.shape, units, ...pictureOf(parameter, isFirst, inputShape) };
  });
}

function pictureOf(
  { shape }: ParameterInfo,
  isFirst: boolean,
  [height, width, channels]: readonly [number, number, 1 | 3],
): Pick<TrackedUnits, 'width' | 'height' | 'channels'> {
  const weights = countOf(shape.slice(0, -1));
  if (isFirst && weights === height * width * channels) return { width, height, channels };
  let rows = Math.floor(Math.sqrt(weights));
  while (weights % rows !== 0) rows--;
  return { width: weights / rows, height: rows, channels: 1 };
}

/** Bytes of one epoch's pictures. */
export function pictureBytes(tracked: TrackedUnits): number {
  return tracked.units * tracked.width * tracked.height * tracked.channels;
}

/** What has to be read of a parameter to draw its tracked units. To be called in a scope. */
export function trackedValues(
  compute: Compute,
  tracked: TrackedUnits,
  parameters: readonly Parameter[],
): Tensor {
  const parameter = parameters.find((one) => one.name === tracked.parameter);
  if (parameter === undefined) throw new Error(`The network has no ${tracked.parameter}.`);
  return tracked.shape.length === 2
    ? compute.columns(compute.value(parameter.variable), tracked.units)
    : compute.snapshot(parameter.variable);
}

/** The weight that stands for the ends of the pixel range, for the whole run: twice the largest first one. */
export function pictureScale(initial: Values): number {
  let largest = 0;
  for (const value of initial) largest = Math.max(largest, Math.abs(value));
  return largest > 0 ? HEADROOM * largest : 1;
}

/**
 * Pictures of tracked units.
 * @param values `[weights, units]`, or `[all units]` of a parameter with one weight a unit
 */
export function unitsSnapshot(
  tracked: TrackedUnits,
  values: Values,
  scale: number,
  epoch: number,
): UnitsSnapshot {
  const { units, width, height, channels } = tracked;
  const weights = width * height * channels;
  const pixels = new Uint8Array(units * weights);
  for (let unit = 0; unit < units; unit++) {
    for (let weight = 0; weight < weights; weight++) {
      const value = values[weights === 1 ? unit : weight * units + unit] ?? 0;
      const level = Math.round(127.5 + (127.5 * value) / scale);
      pixels[unit * weights + weight] = Math.min(255, Math.max(0, level));
    }
  }
  return {
    kind: 'units',
    epoch,
    parameter: tracked.parameter,
    scale,
    count: units,
    width,
    height,
    channels,
    pixels,
  };
}
