import { describe, expect, test, type TestContext, vi } from 'vitest';
import type { Compute, Tensor, Values } from '../../../../src-main/training/compute/compute.ts';
import { Float64Compute } from '../../../../src-main/training/compute/float64.ts';
import { MixedCompute } from '../../../../src-main/training/compute/mixed.ts';
import { PortableCompute } from '../../../../src-main/training/compute/portable.ts';
import { selectCompute } from '../../../../src-main/training/compute/select.ts';
import { TensorFlowCompute } from '../../../../src-main/training/compute/tensorflow.ts';
import { createVectorMemory } from '../../../../src-main/training/compute/vector-memory.ts';
import type { TensorFlowBinding } from '../../../../src-main/training/compute/tensorflow-binding.ts';
import { checkGradients, chooseCheckBatch } from '../../../../src-main/training/gradient-check.ts';
import type { LayerDefinition } from '../../../../src-main/training/network/layer.ts';
import { batchNormalization } from '../../../../src-main/training/network/layers/batch-normalization.ts';
import { dense } from '../../../../src-main/training/network/layers/dense.ts';
import { leakyRelu } from '../../../../src-main/training/network/layers/leaky-relu.ts';
import { relu } from '../../../../src-main/training/network/layers/relu.ts';
import { sigmoid } from '../../../../src-main/training/network/layers/sigmoid.ts';
import { tanh } from '../../../../src-main/training/network/layers/tanh.ts';
import { Network, networkDefinition, seededValues } from '../../../../src-main/training/network/network.ts';
import { randomStream } from '../../../../src-main/training/random.ts';
import { describeAgreement, relativeError, useBackend } from '../../../support/training/compute-agreement.ts';
import { layerNumbers } from '../../../support/training/layer-agreement.ts';
import {
  SMALL_NETWORKS,
  testRepetition,
  testSmallNetworks,
} from '../../../support/training/small-networks.ts';
import { smallConfig, smallSet, trainSmall } from '../../../support/training/small-set.ts';

const backend = useBackend('native');

/** Both parts that compute on native: small steps in vector code, all others by the library, which the GPU has alone. */
const PARTS: readonly (readonly [title: string, part: (context: TestContext) => Compute])[] = [
  ['native', backend],
  ['the library of native', (context) => libraryOf(backend(context))],
];

/** The library's part of the native compute. */
function libraryOf(compute: Compute): TensorFlowCompute {
  const library = compute instanceof MixedCompute ? compute.large : compute;
  if (!(library instanceof TensorFlowCompute)) throw new Error('native computes with kernels');
  return library;
}

test('native takes small steps in vector code', (context) => {
  expect(backend(context)).toBeInstanceOf(MixedCompute);
});

describe.for(PARTS)('%s:', ([, part]) => {
  describeAgreement('native', part);
});

describe.for(PARTS)('a small network on %s', ([, part]) => {
  // Masks come from the library's own generator: networks that drop out are compared further down.
  testSmallNetworks(
    part,
    4,
    SMALL_NETWORKS.filter(({ config }) => config.dropoutRate === 0),
  );
  testRepetition(part);
});

interface Sizes {
  readonly batch: number;
  readonly inputs: number;
  readonly units: number;
}

/** Sizes that a seed draws, and some at which a kernel is used in another way. */
function randomSizes(): Sizes[] {
  const random = randomStream(3, 'sizes');
  function upTo(most: number): number {
    return 1 + ((random.next() >>> 0) % most);
  }
  return [
    ...Array.from({ length: 6 }, () => ({ batch: upTo(90), inputs: upTo(400), units: upTo(60) })),
    { batch: 1, inputs: 7, units: 3 },
    { batch: 33, inputs: 50, units: 201 },
    { batch: 40, inputs: 4000, units: 20 },
  ];
}

const LAYERS = PARTS.flatMap(([title, part]) => randomSizes().map((sizes) => ({ title, ...sizes, part })));

describe.for(LAYERS)(
  'layers of $batch × $inputs × $units on $title are those of the portable compute',
  (one) => {
    const { batch, inputs, units, part } = one;
    const layers: [title: string, inputs: number, definition: LayerDefinition][] = [
      ['dense', inputs, dense(inputs, units, { bias: false })],
      ['dense with a bias', inputs, dense(inputs, units, { bias: true })],
      ['batch normalization', units, batchNormalization(units)],
      ['leaky relu', units, leakyRelu(units)],
      ['relu', units, relu(units)],
      ['tanh', units, tanh(units)],
      ['sigmoid', units, sigmoid(units)],
    ];
    test.for(layers)('%s', async ([, width, definition], context) => {
      const found = await layerNumbers(part(context), definition, batch, width, units);
      const portable = await selectCompute('cpu');
      expect(portable.compute).toBeInstanceOf(PortableCompute);
      const expected = await layerNumbers(portable.compute, definition, batch, width, units);
      const exact = await layerNumbers(new Float64Compute(), definition, batch, width, units);
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      for (const [name, values] of Object.entries(found)) {
        // What a batch of one leaves of batch normalization's gradient is rounding: it is 0 but for that.
        if (batch === 1 && definition.kind === 'BatchNormalization' && name === 'gradient by the input')
          continue;
        expect(relativeError(values, expected[name] ?? new Float32Array()), name).toBeLessThan(2e-5);
        expect(relativeError(values, exact[name] ?? new Float64Array()), name).toBeLessThan(2e-5);
      }
    });
  },
);

test.for([
  { batchNorm: true, activation: 'leaky-relu' },
  { batchNorm: true, activation: 'relu' },
  { batchNorm: true, activation: 'tanh' },
  { batchNorm: false, activation: 'sigmoid' },
] as const)(
  'gradients of a whole network are the differences of its cost in float64: %o',
  async (changes, context) => {
    const compute = backend(context);
    const data = smallSet({ inputShape: [9, 7, 3] });
    const definition = networkDefinition(smallConfig({ layers: [12, 8], ...changes }), data.inputShape, 3);
    const network = new Network(compute, definition, seededValues(4));
    const batch = chooseCheckBatch(data.parts.training, definition.inputs, 1, 1);
    const checked = await checkGradients(network, batch, 2, 1);
    network.dispose();
    expect(checked.map((one) => one.parameter)).toEqual(network.parameters.map((one) => one.name));
    for (const { parameter, distance } of checked) expect(distance, parameter).toBeLessThan(1e-3);
  },
);

/** Computes in float64, but drops out what another compute dropped out. */
class WithMasks extends Float64Compute {
  private readonly masks: Values[];

  constructor(masks: readonly Values[]) {
    super();
    this.masks = [...masks];
  }

  override dropoutMask(shape: readonly number[]): Tensor {
    return this.upload(Float64Array.from(this.masks.shift() ?? []), shape);
  }
}

test('a network with dropout trains to the figures of float64 with the same masks', async (context) => {
  const compute = backend(context);
  const read: Promise<Values[]>[] = [];
  const draw = compute.dropoutMask.bind(compute);
  const spy = vi.spyOn(compute, 'dropoutMask').mockImplementation((...given) => {
    const mask = draw(...given);
    read.push(compute.read([mask]));
    return mask;
  });
  context.onTestFinished(() => {
    spy.mockRestore();
  });
  const config = smallConfig({ dropoutRate: 0.2, maxMinibatchSize: 10, weightDecay: 0.01 });
  const found = await trainSmall(compute, config);
  const masks = (await Promise.all(read)).flat();
  // Three minibatches in each of five epochs, through three dropout layers.
  expect(masks).toHaveLength(45);
  const expected = await trainSmall(new WithMasks(masks), config);
  for (const [index, { training, dev }] of found.epochs.entries()) {
    expect(training.loss).toBeCloseTo(expected.epochs[index]?.training.loss ?? NaN, 4);
    expect(dev?.loss).toBeCloseTo(expected.epochs[index]?.dev?.loss ?? NaN, 4);
  }
});

test('products large enough for several cores give the same figures bit for bit', async (context) => {
  const data = smallSet({ inputShape: [60, 60, 3], counts: { training: 200, dev: 40, test: 1 } });
  const config = smallConfig({ layers: [100], nbrEpochs: 3, batchNormEval: 'batch' });
  const runs = [
    await trainSmall(backend(context), config, { data }),
    await trainSmall(backend(context), config, { data }),
  ];
  const [first, second] = runs.map(({ epochs, outcome }) => [
    epochs.map(({ training, dev }) => [training, dev]),
    outcome.weightsSha256,
    outcome.final,
  ]);
  expect(second).toEqual(first);
});

/** A binding, and a count of the tensors that it holds for those who call it through here. */
function countedBinding(binding: TensorFlowBinding): {
  readonly binding: TensorFlowBinding;
  readonly held: () => number;
} {
  let held = 0;
  const counting: Partial<TensorFlowBinding> = {
    createTensor: (...given) => {
      held += 1;
      return binding.createTensor(...given);
    },
    executeOp: (...given) => {
      const made = binding.executeOp(...given);
      held += made.length;
      return made;
    },
    deleteTensor: (id) => {
      held -= 1;
      binding.deleteTensor(id);
    },
  };
  const counted = new Proxy({} as TensorFlowBinding, {
    get: (_, name): unknown => Reflect.get(name in counting ? counting : binding, name),
  });
  return { binding: counted, held: () => held };
}

test.for([
  ['by the library alone', false],
  ['by it and vector code', true],
] as const)('every tensor of the library is given back, computing %s', async ([, isMixed], context) => {
  const native = backend(context);
  const { binding, held } = countedBinding(libraryOf(native).binding);
  const library = new TensorFlowCompute({ name: 'native', library: 'counted', binding });
  const memory = createVectorMemory();
  const compute = isMixed && memory !== null ? new MixedCompute(library, memory) : library;
  const config = smallConfig({
    dropoutRate: 0.1,
    weightDecay: 0.01,
    maxMinibatchSize: 10,
    noiseIntensity: 0.1,
    trackLayer: [{ parameter: 'L0_Dense_W', units: 3 }],
    nbrEpochs: 6,
  });
  const counts: number[] = [];
  await trainSmall(compute, config, {
    isStopRequested: () => {
      counts.push(held());
      return false;
    },
  });
  expect(held()).toBe(library.alive());
  expect(memory?.taken).toBe(0);
  // Before each of three minibatches of each epoch, once every constant has been made.
  const flat = counts.slice(6);
  expect(flat).toEqual(flat.map((_, index) => flat[index % 3]));
  await compute.close();
  expect(held()).toBe(0);
  expect(compute.alive()).toBe(0);
});

test('what a variable was made of stays as it was, however the variable changes', async (context) => {
  const compute = backend(context);
  // Whether the library uses an array in place depends on where it lies: one of these lies right.
  const buffer = new ArrayBuffer(4 * 64);
  const arrays = Array.from({ length: 16 }, (_, place) => new Float32Array(buffer, 16 * place, 4).fill(1));
  const variables = arrays.map((values) => compute.variable(values, [4]));
  const before = variables.map((variable) => compute.snapshot(variable));
  const gradient = compute.upload(new Float32Array(4).fill(1), [4]);
  compute.gradientDescent(
    variables.map((parameter) => ({ parameter, gradient })),
    0.5,
  );
  const after = await compute.read(variables.map((variable) => compute.value(variable)));
  for (const values of after) expect([...values]).toEqual([0.5, 0.5, 0.5, 0.5]);
  for (const values of [...arrays, ...(await compute.read(before))])
    expect([...values]).toEqual([1, 1, 1, 1]);
  variables.forEach((variable, index) => {
    const snapshot = before[index];
    if (snapshot !== undefined) compute.restore(variable, snapshot);
  });
  const restored = await compute.read(variables.map((variable) => compute.value(variable)));
  for (const values of restored) expect([...values]).toEqual([1, 1, 1, 1]);
  compute.dispose([...variables, ...before, gradient]);
});

test('many pixels are brought to the device part by part, each to its place', async (context) => {
  const compute = backend(context);
  // More than 2¹⁷ numbers, and no whole number of parts.
  const pixels = Uint8Array.from({ length: 700 * 419 }, (_, index) => (index * 7) % 256);
  const tensor = compute.uploadPixels(pixels, [700, 419]);
  const [values] = await compute.read([tensor]);
  compute.dispose([tensor]);
  expect(values).toEqual(Float32Array.from(pixels, (pixel) => pixel / 255));
});
