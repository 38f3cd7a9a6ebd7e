import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { LayerInfo } from '../../../src-preload/contract/run.ts';
import type { NetworkDescription } from '../../../src-preload/contract/training-process.ts';
import type { Compute, Tensor, Values } from '../compute/compute.ts';
import { randomStream } from '../random.ts';
import type { EvaluationStatistics, Layer, LayerDefinition, LayerPass, TrainingPass } from './layer.ts';
import type { OutputDefinition, OutputLayer } from './layers/softmax.ts';
import { nLayers } from './n-layers.ts';
import { oneLayer } from './one-layer.ts';
import { countOf, initialValues, type Parameter, type ParameterDefinition } from './parameter.ts';

/** A network before there is a device to hold it. */
export interface NetworkDefinition {
  /** Numbers that a sample has. */
  readonly inputs: number;
  readonly layers: readonly LayerDefinition[];
  readonly output: OutputDefinition;
}

/** A tensor of a network on the host. */
export interface NamedValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** First values of a tensor of a network. */
export type InitialValues = (name: string, definition: ParameterDefinition) => Float32Array<ArrayBuffer>;

/**
 * Values drawn by a seed: on the host, each tensor from a sequence of its own, so that they are the same on every
 * backend and a layer more does not change those of the others.
 */
export function seededValues(seed: number): InitialValues {
  return (name, definition) => initialValues(definition, randomStream(seed, 'initial weights', name));
}

/**
 * Values that a network had.
 * @throws Error where one is missing or of another size
 */
export function givenValues(weights: readonly NamedValues[]): InitialValues {
  const byName = new Map(weights.map((one) => [one.name, one.values]));
  return (name, { shape }) => {
    const values = byName.get(name);
    if (values?.length === countOf(shape)) return values;
    throw new Error(`There is no ${name} of shape [${shape.join(', ')}] among the weights.`);
  };
}

/** The network that a configuration asks for. */
export function networkDefinition(
  config: RunConfig,
  inputShape: readonly number[],
  classes: number,
): NetworkDefinition {
  const inputs = countOf(inputShape);
  return config.model === 'OneLayer' ? oneLayer(inputs, classes) : nLayers(inputs, classes, config);
}

function layerName(index: number, kind: string): string {
  return `L${index}_${kind}`;
}

/** Layers with their names, shapes and counts, and the parameters in all. Needs no device. */
export function describeNetwork(definition: NetworkDefinition): NetworkDescription {
  const all = [...definition.layers, { ...definition.output, parameters: [] }];
  const layers: LayerInfo[] = all.map((layer, index) => {
    const name = layerName(index, layer.kind);
    return {
      name,
      outputShape: [layer.outputs],
      parameters: layer.parameters.map((parameter) => ({
        name: `${name}_${parameter.suffix}`,
        shape: [...parameter.shape],
        count: countOf(parameter.shape),
      })),
    };
  });
  const parameters = layers
    .flatMap((layer) => layer.parameters)
    .reduce((sum, parameter) => sum + parameter.count, 0);
  return { layers, parameters };
}

/** Multiplications in the largest matrix product of a step with so many samples. */
export function largestProduct(definition: NetworkDefinition, batchSize: number): number {
  const matrices = definition.layers
    .flatMap((layer) => layer.parameters)
    .filter(({ shape }) => shape.length === 2);
  return Math.max(0, ...matrices.map(({ shape }) => batchSize * countOf(shape)));
}

/**
 * Multiplications and additions in the matrix products of a step: forward, the gradient by the weights, and, but for
 * the first layer, the one by the input.
 */
export function stepOperations(definition: NetworkDefinition, batchSize: number): number {
  const matrices = definition.layers
    .flatMap((layer) => layer.parameters)
    .filter(({ shape }) => shape.length === 2);
  return matrices.reduce(
    (sum, { shape }, index) => sum + 2 * (index === 0 ? 2 : 3) * batchSize * countOf(shape),
    0,
  );
}

/** A batch that has gone through a network in training. */
export interface NetworkPass {
  /** `[batch, classes]`, before softmax. */
  readonly logits: Tensor;
  /** Gradients of the cost by each parameter, in the network's order, given the one by the logits. */
  backward(logitsGradient: Tensor): Tensor[];
}

/** A network on a device: its layers, and every tensor that makes it this one. */
export class Network {
  readonly compute: Compute;
  readonly definition: NetworkDefinition;
  /** What training changes, in the order of the layers. */
  readonly parameters: readonly Parameter[];
  /** Running statistics, in the order of the layers: part of the model, not of its parameters. */
  readonly statistics: readonly Parameter[];
  readonly layers: readonly Layer[];
  readonly output: OutputLayer;

  /** @param initial gives the first values of each parameter and running statistic, by name */
  constructor(compute: Compute, definition: NetworkDefinition, initial: InitialValues) {
    this.compute = compute;
    this.definition = definition;
    const parameters: Parameter[] = [];
    const statistics: Parameter[] = [];
    this.layers = definition.layers.map((layer, index) => {
      const name = layerName(index, layer.kind);
      const own = layer.parameters.map((one) => makeParameter(compute, one, name, initial));
      const ownStatistics = layer.statistics.map((one) => makeParameter(compute, one, name, initial));
      parameters.push(...own);
      statistics.push(...ownStatistics);
      return layer.build({
        compute,
        name,
        parameters: own.map((one) => one.variable),
        statistics: ownStatistics.map((one) => one.variable),
      });
    });
    this.parameters = parameters;
    this.statistics = statistics;
    this.output = definition.output.build(compute);
  }

  /** Sends a batch `[batch, inputs]` through in training. To be called in a scope, and gone back through in it. */
  forward(input: Tensor, pass: TrainingPass): NetworkPass {
    const passes: LayerPass[] = [];
    let value = input;
    for (const layer of this.layers) {
      const passed = layer.forward(value, pass);
      passes.push(passed);
      value = passed.output;
    }
    const firstLearning = this.definition.layers.findIndex((layer) => layer.parameters.length > 0);
    return {
      logits: value,
      backward: (logitsGradient) => {
        const gradients: Tensor[] = [];
        let gradient = logitsGradient;
        for (let index = passes.length - 1; index >= firstLearning; index--) {
          const back = passes[index]?.backward(gradient, index > firstLearning);
          gradients.unshift(...(back?.parameters ?? []));
          if (back?.input) gradient = back.input;
        }
        return gradients;
      },
    };
  }

  /** Logits `[batch, classes]` of a batch at evaluation. To be called in a scope. */
  evaluate(input: Tensor, statistics: EvaluationStatistics): Tensor {
    return this.layers.reduce((value, layer) => layer.evaluate(value, statistics), input);
  }

  /** What each activation of a hidden layer gives, `[batch, units]`, at evaluation. To be called in a scope. */
  activations(
    input: Tensor,
    statistics: EvaluationStatistics,
  ): { readonly layer: string; readonly kind: string; readonly output: Tensor }[] {
    const found: { readonly layer: string; readonly kind: string; readonly output: Tensor }[] = [];
    this.layers.reduce((value, layer, index) => {
      const output = layer.evaluate(value, statistics);
      const definition = this.definition.layers[index];
      if (definition?.isActivation === true)
        found.push({ layer: layerName(index, definition.kind), kind: definition.kind, output });
      return output;
    }, input);
    return found;
  }

  /** Parameters and running statistics in the order of the layers, copied to the host. */
  async weights(): Promise<NamedValues[]> {
    const tensors = [...this.parameters, ...this.statistics];
    const values: Values[] = [];
    // One at a time: together they would take a second copy of the whole network.
    for (const tensor of tensors) {
      values.push(...(await this.compute.read([this.compute.value(tensor.variable)])));
    }
    const named = tensors.map((tensor, index) => ({
      name: tensor.name,
      shape: tensor.shape,
      values: asFloat32(values[index] ?? new Float32Array(0)),
    }));
    return named.sort((a, b) => layerIndex(a.name) - layerIndex(b.name));
  }

  /** Takes over weights that a network of this definition had. @throws Error where one is missing or of another size */
  take(weights: readonly NamedValues[]): void {
    const byName = new Map(weights.map((one) => [one.name, one.values]));
    for (const { name, shape, variable } of [...this.parameters, ...this.statistics]) {
      const values = byName.get(name);
      if (values?.length !== countOf(shape)) {
        throw new Error(`There is no ${name} of shape [${shape.join(', ')}] among the weights.`);
      }
      this.compute.assign(variable, values);
    }
  }

  /** Gives back what it holds on the device. */
  dispose(): void {
    this.compute.dispose([...this.parameters, ...this.statistics].map((one) => one.variable));
  }
}

/** The numbers in float32; only copied where they are not. */
export function asFloat32(values: Values): Float32Array<ArrayBuffer> {
  return values instanceof Float32Array && values.buffer instanceof ArrayBuffer
    ? new Float32Array(values.buffer, values.byteOffset, values.length)
    : Float32Array.from(values);
}

function makeParameter(
  compute: Compute,
  definition: ParameterDefinition,
  layer: string,
  initial: InitialValues,
): Parameter {
  const name = `${layer}_${definition.suffix}`;
  const values = initial(name, definition);
  return { name, shape: definition.shape, variable: compute.variable(values, definition.shape) };
}

/** `i` of `L<i>_…`. */
function layerIndex(name: string): number {
  return Number(/^L(\d+)_/.exec(name)?.[1] ?? 0);
}
