import type { BackendName } from '../../../src-preload/contract/run.ts';
import type {
  Activation,
  AdamStep,
  AdamUpdate,
  BatchNormalizationGradients,
  BatchNormalized,
  Compute,
  CrossEntropy,
  Indexes,
  MovingStatistics,
  Tensor,
  Update,
  Values,
  Variable,
} from './compute.ts';
import type { KernelAttribute, TensorFlowBinding } from './tensorflow-binding.ts';
import { TensorScopes } from './tensor-scopes.ts';

/** Pixels that are turned into numbers at a time: the parts take memory beside the whole. */
const PIXELS_AT_ONCE = 2 ** 17;

/**
 * Up to this many columns, a product whose first factor is transposed is faster the other way round, although its
 * result has to be transposed: the kernel packs a transposed large factor at half its speed or less.
 */
const TURNED_COLUMNS = 200;

/** Up to so many numbers, 8 MiB of them, a matrix that is used at every step is kept in its transposed form as well. */
const KEPT_NUMBERS = 2 ** 21;

/** The least that cuDNN takes; TensorFlow's own layers raise theirs to it too. */
const LEAST_CUDNN_EPSILON = 1.001e-5;

/** Tells variables of one process apart. */
let variables = 0;

class NativeTensor implements Tensor {
  readonly kind = 'tensor';
  readonly shape: readonly number[];
  readonly id: number;
  isReleased = false;
  private readonly device: Device;
  private transposed: number | null = null;
  private wasTransposed = false;

  constructor(device: Device, id: number, shape: readonly number[]) {
    this.device = device;
    this.id = id;
    this.shape = shape;
  }

  /**
   * The transposed matrix, for who needs it again and again: kept from the second time on, while it takes little
   * memory; null where it is not.
   */
  keptTransposed(): number | null {
    if (this.transposed !== null) return this.transposed;
    const [rows = 0, columns = 0] = this.shape;
    if (this.wasTransposed && rows * columns <= KEPT_NUMBERS) {
      const { kernels } = this.device;
      this.transposed = this.device.run(kernels.transpose, [this.id, this.device.list([1, 0])]);
    }
    this.wasTransposed = true;
    return this.transposed;
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    if (this.transposed !== null) this.device.free(this.transposed);
    this.transposed = null;
    this.device.free(this.id);
  }
}

class NativeIndexes implements Indexes {
  readonly kind = 'indexes';
  readonly count: number;
  readonly id: number;
  private isReleased = false;
  private readonly device: Device;

  constructor(device: Device, id: number, count: number) {
    this.device = device;
    this.id = id;
    this.count = count;
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.device.free(this.id);
  }
}

/**
 * A resource variable. Reading it shares its buffer, and a kernel that changes a shared buffer copies it first: so
 * what was read is released before every change.
 */
class NativeVariable implements Variable {
  readonly kind = 'variable';
  readonly shape: readonly number[];
  readonly handle: number;
  private readonly device: Device;
  private read: NativeTensor | null = null;

  constructor(device: Device, handle: number, shape: readonly number[]) {
    this.device = device;
    this.handle = handle;
    this.shape = shape;
  }

  /** What it holds now; the same tensor until it is changed. */
  value(): NativeTensor {
    if (this.read === null || this.read.isReleased) this.read = this.shared();
    return this.read;
  }

  /** What it holds now, in a tensor of its own; shares the buffer until one of them is changed. */
  shared(): NativeTensor {
    return new NativeTensor(
      this.device,
      this.device.run(this.device.kernels.read, [this.handle]),
      this.shape,
    );
  }

  /** The resource, about to be changed. */
  target(): number {
    this.read?.release();
    this.read = null;
    return this.handle;
  }

  release(): void {
    this.device.execute(this.device.kernels.destroy, [this.target()]);
    this.device.free(this.handle);
  }
}

/** A kernel of TensorFlow with attributes that stay the same; types of inputs are attributes that it finds itself. */
interface Kernel {
  readonly name: string;
  readonly attributes: readonly KernelAttribute[];
  readonly outputs: number;
}

/** The shape of a matrix, and its shape as images of one pixel whose channels are the columns, on the device. */
type MatrixShapes = readonly [flat: number, image: number];

/** The binding with every kernel and constant prepared once, and a count of the tensors that it holds. */
class Device {
  readonly binding: TensorFlowBinding;
  readonly kernels: ReturnType<typeof prepareKernels>;
  alive = 0;
  private readonly scalars = new Map<number, number>();
  private readonly wholes = new Map<number, number>();
  private readonly lists = new Map<string, number>();
  private readonly matrixShapes = new Map<number, Map<number, MatrixShapes>>();

  constructor(binding: TensorFlowBinding) {
    this.binding = binding;
    this.kernels = prepareKernels(binding);
  }

  /** Runs a kernel and gives its first output; all others are released. */
  run(kernel: Kernel, inputs: readonly number[]): number {
    const outputs = this.binding.executeOp(kernel.name, kernel.attributes, inputs, kernel.outputs);
    for (let index = 1; index < outputs.length; index++) this.binding.deleteTensor(outputId(outputs, index));
    this.alive += 1;
    return outputId(outputs, 0);
  }

  /** Runs a kernel for all its outputs. */
  runAll(kernel: Kernel, inputs: readonly number[]): number[] {
    const outputs = this.binding.executeOp(kernel.name, kernel.attributes, inputs, kernel.outputs);
    this.alive += outputs.length;
    return outputs.map((output) => output.id);
  }

  /** Runs a kernel that gives nothing back. */
  execute(kernel: Kernel, inputs: readonly number[]): void {
    this.binding.executeOp(kernel.name, kernel.attributes, inputs, 0);
  }

  free(id: number): void {
    this.alive -= 1;
    this.binding.deleteTensor(id);
  }

  floats(values: Float32Array, shape: readonly number[]): number {
    this.alive += 1;
    return this.binding.createTensor(shape, this.binding.TF_FLOAT, values);
  }

  integers(values: Int32Array, shape: readonly number[]): number {
    this.alive += 1;
    return this.binding.createTensor(shape, this.binding.TF_INT32, values);
  }

  bytes(values: Uint8Array, shape: readonly number[]): number {
    this.alive += 1;
    return this.binding.createTensor(shape, this.binding.TF_UINT8, values);
  }

  /** A number as a scalar, made once for each value: not for those that change at every step. */
  scalar(value: number): number {
    return remembered(this.scalars, value, () => this.floats(Float32Array.of(value), []));
  }

  /** The same for a whole number. */
  whole(value: number): number {
    return remembered(this.wholes, value, () => this.integers(Int32Array.of(value), []));
  }

  /** No numbers, for an input that a kernel does not look at. */
  none(): number {
    return remembered(this.scalars, NaN, () => this.floats(new Float32Array(0), [0]));
  }

  /** Whole numbers, such as a shape or axes, made once for each list. */
  list(values: readonly number[]): number {
    return remembered(this.lists, values.join(), () =>
      this.integers(Int32Array.from(values), [values.length]),
    );
  }

  /** Shapes of a matrix: as such, and as images of one pixel whose channels are the columns. */
  shapesOf(rows: number, columns: number): MatrixShapes {
    const ofRows = remembered(this.matrixShapes, rows, () => new Map<number, MatrixShapes>());
    return remembered(ofRows, columns, () => [this.list([rows, columns]), this.list([rows, 1, 1, columns])]);
  }

  /** Releases all constants. */
  close(): void {
    for (const constants of [this.scalars, this.wholes, this.lists]) {
      for (const id of constants.values()) this.free(id);
      constants.clear();
    }
    this.matrixShapes.clear();
  }
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

function outputId(outputs: readonly { readonly id: number }[], place: number): number {
  const output = outputs[place];
  if (output === undefined) throw new Error('A kernel gave fewer tensors than it promises.');
  return output.id;
}

function prepareKernels(binding: TensorFlowBinding) {
  const { TF_FLOAT, TF_INT32, TF_UINT8 } = binding;
  function type(name: string, value: number): KernelAttribute {
    return { name, type: binding.TF_ATTR_TYPE, value };
  }
  function flag(name: string, value: boolean): KernelAttribute {
    return { name, type: binding.TF_ATTR_BOOL, value };
  }
  function kernel(name: string, attributes: readonly KernelAttribute[] = [], outputs = 1): Kernel {
    return { name, attributes, outputs };
  }
  return {
    read: kernel('ReadVariableOp', [type('dtype', TF_FLOAT)]),
    assign: kernel('AssignVariableOp', [type('dtype', TF_FLOAT)], 0),
    destroy: kernel('DestroyResourceOp', [], 0),
    adam: kernel('ResourceApplyAdam', [], 0),
    descend: kernel('ResourceApplyGradientDescent', [], 0),
    /** Parameter, moment, rate, two factors of the rate, the share that the moment keeps, and what it moves towards. */
    moveTowards: kernel('ResourceApplyAddSign', [], 0),
    copy: kernel('DeepCopy'),
    fill: kernel('Fill'),
    /** Changes its first input, and gives it back by another number. */
    writeRows: kernel('InplaceUpdate'),
    castPixels: kernel('Cast', [type('SrcT', TF_UINT8), type('DstT', TF_FLOAT)]),
    reshape: kernel('Reshape'),
    transpose: kernel('Transpose'),
    gather: kernel('GatherV2'),
    slice: kernel('Slice'),
    product: kernel('MatMul'),
    productOfTransposed: kernel('MatMul', [flag('transpose_a', true)]),
    productWithTransposed: kernel('MatMul', [flag('transpose_b', true)]),
    addBias: kernel('BiasAdd'),
    add: kernel('AddV2'),
    multiply: kernel('Mul'),
    divide: kernel('RealDiv'),
    maximum: kernel('Maximum'),
    floor: kernel('Floor'),
    sum: kernel('Sum'),
    l2Loss: kernel('L2Loss'),
    relu: kernel('Relu'),
    reluGradient: kernel('ReluGrad'),
    tanh: kernel('Tanh'),
    tanhGradient: kernel('TanhGrad'),
    sigmoid: kernel('Sigmoid'),
    sigmoidGradient: kernel('SigmoidGrad'),
    softmax: kernel('Softmax'),
    crossEntropy: kernel('SparseSoftmaxCrossEntropyWithLogits', [], 2),
    largest: kernel('ArgMax', [type('output_type', TF_INT32)]),
    random: kernel('StatelessRandomUniform', [type('dtype', TF_FLOAT)]),
    variable: (shape: readonly number[]): Kernel => {
      variables += 1;
      const text = binding.TF_ATTR_STRING;
      return kernel('VarHandleOp', [
        { name: 'container', type: text, value: '' },
        { name: 'shared_name', type: text, value: `layerbench-${variables}` },
        type('dtype', TF_FLOAT),
        { name: 'shape', type: binding.TF_ATTR_SHAPE, value: shape },
      ]);
    },
    leakyReluGradient: perNumber((slope) =>
      kernel('LeakyReluGrad', [{ name: 'alpha', type: binding.TF_ATTR_FLOAT, value: slope }]),
    ),
    /** Output, mean and unbiased variance of the batch, and what the gradient needs of them, twice. */
    normalize: perNumber((epsilon) => kernel('FusedBatchNorm', normalization(binding, epsilon, true), 5)),
    normalizeWith: perNumber((epsilon) =>
      kernel('FusedBatchNorm', normalization(binding, epsilon, false), 5),
    ),
    /** Gradients by input, scale and offset, and two tensors that stand for nothing. */
    normalizeGradient: perNumber((epsilon) =>
      kernel('FusedBatchNormGrad', normalization(binding, epsilon, true), 5),
    ),
  };
}

function normalization(binding: TensorFlowBinding, epsilon: number, isTraining: boolean): KernelAttribute[] {
  return [
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    // Training is what the kernel does unless it is told otherwise.
    ...(isTraining ? [] : [{ name: 'is_training', type: binding.TF_ATTR_BOOL, value: false }]),
  ];
}

/** A kernel for each value of an attribute, of which a network has one or two. */
function perNumber(make: (value: number) => Kernel): (value: number) => Kernel {
  const made = new Map<number, Kernel>();
  return (value) => remembered(made, value, () => make(value));
}

/** What a `TensorFlowCompute` stands on. */
export interface TensorFlowBackend {
  readonly name: BackendName;
  readonly library: string;
  readonly binding: TensorFlowBinding;
}

/**
 * Computes with TensorFlow's kernels, called one by one through the native binding, in float32, on the CPU or on an
 * NVIDIA GPU: wherever the library puts them. Parameters are resource variables, changed in place.
 */
export class TensorFlowCompute implements Compute {
  readonly name: BackendName;
  readonly library: string;
  readonly maxTensorBytes = Infinity;
  readonly binding: TensorFlowBinding;
  private readonly device: Device;
  private readonly leastEpsilon: number;
  private readonly scopes = new TensorScopes<NativeTensor | NativeIndexes>();
  /** Variables of each shape that stand where a kernel wants one and does nothing with it. */
  private readonly scratches = new Map<string, NativeVariable>();

  constructor(backend: TensorFlowBackend) {
    this.name = backend.name;
    this.library = backend.library;
    this.binding = backend.binding;
    this.device = new Device(backend.binding);
    this.leastEpsilon = backend.binding.isUsingGpuDevice() ? LEAST_CUDNN_EPSILON : 0;
  }

  upload(values: Float32Array | Float64Array, shape: readonly number[]): Tensor {
    return this.made(this.device.floats(asFloats(values), shape), shape);
  }

  uploadPixels(pixels: Uint8Array, shape: readonly number[]): Tensor {
    const [rows = 1, ...others] = shape;
    const perRow = others.reduce((product, side) => product * side, 1);
    const rowsAtOnce = Math.max(1, Math.floor(PIXELS_AT_ONCE / perRow));
    if (rows <= rowsAtOnce) return this.made(this.scaledPixels(pixels, shape), shape);
    // Written part by part into one buffer: the numbers of all images are there once, and never twice.
    const { device } = this;
    const whole = device.run(device.kernels.fill, [device.list(shape), device.scalar(0)]);
    for (let start = 0; start < rows; start += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - start);
      const end = (start + count) * perRow;
      const part = this.scaledPixels(pixels.subarray(start * perRow, end), [count, ...others]);
      this.placeRows(whole, start, count, part);
      device.free(part);
    }
    return this.made(whole, shape);
  }

  uploadIndexes(indexes: Int32Array): Indexes {
    const { length } = indexes;
    return this.scopes.track(new NativeIndexes(this.device, this.device.integers(indexes, [length]), length));
  }

  variable(values: Float32Array | Float64Array, shape: readonly number[]): Variable {
    const variable = this.makeVariable(shape);
    this.assign(variable, values);
    return variable;
  }

  zeros(shape: readonly number[]): NativeVariable {
    const { device } = this;
    const variable = this.makeVariable(shape);
    const zeros = device.run(device.kernels.fill, [device.list(shape), device.scalar(0)]);
    device.execute(device.kernels.assign, [variable.handle, zeros]);
    device.free(zeros);
    return variable;
  }

  value(variable: Variable): Tensor {
    return ownVariable(variable).value();
  }

  assign(variable: Variable, values: Float32Array | Float64Array): void {
    const { device } = this;
    const given = device.floats(asFloats(values), variable.shape);
    // The tensor may stand on the very array of the caller, which later steps must not change.
    const copy = device.run(device.kernels.copy, [given]);
    device.free(given);
    device.execute(device.kernels.assign, [ownVariable(variable).target(), copy]);
    device.free(copy);
  }

  snapshot(variable: Variable): Tensor {
    return this.scopes.track(ownVariable(variable).shared());
  }

  restore(variable: Variable, snapshot: Tensor): void {
    this.device.execute(this.device.kernels.assign, [ownVariable(variable).target(), own(snapshot)]);
  }

  read(tensors: readonly (Tensor | Indexes)[]): Promise<Values[]> {
    try {
      return Promise.resolve(tensors.map((tensor) => this.readNow(tensor)));
    } catch (thrown) {
      return Promise.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  /** What a tensor holds, copied. */
  readNow(tensor: Tensor | Indexes): Values {
    const id = tensor.kind === 'indexes' ? ownIndexes(tensor) : own(tensor);
    const values = this.device.binding.tensorDataSync(id);
    if (values instanceof Uint8Array) throw new Error('A tensor of bytes cannot be read as numbers.');
    return values;
  }

  gather(rows: Tensor, indexes: Indexes): Tensor {
    const { device } = this;
    const id = device.run(device.kernels.gather, [own(rows), ownIndexes(indexes), device.whole(0)]);
    return this.made(id, [indexes.count, ...rows.shape.slice(1)]);
  }

  columns(matrix: Tensor, count: number): Tensor {
    const { device } = this;
    const shape = [matrix.shape[0] ?? 0, count];
    const id = device.run(device.kernels.slice, [own(matrix), device.list([0, 0]), device.list(shape)]);
    return this.made(id, shape);
  }

  dense(input: Tensor, weights: Tensor, bias: Tensor | null): Tensor {
    const { device } = this;
    const shape = [input.shape[0] ?? 0, weights.shape[1] ?? 0];
    const product = device.run(device.kernels.product, [own(input), own(weights)]);
    if (bias === null) return this.made(product, shape);
    const sum = device.run(device.kernels.addBias, [product, own(bias)]);
    device.free(product);
    return this.made(sum, shape);
  }

  denseWeightsGradient(input: Tensor, outputGradient: Tensor): Tensor {
    const { device } = this;
    const { productOfTransposed, transpose } = device.kernels;
    const [x, dy] = [own(input), own(outputGradient)];
    const kept = ownTensor(input).keptTransposed();
    const [inputs, units] = [input.shape[1] ?? 0, outputGradient.shape[1] ?? 0];
    if (kept !== null) return this.made(device.run(device.kernels.product, [kept, dy]), [inputs, units]);
    if (units > TURNED_COLUMNS) return this.made(device.run(productOfTransposed, [x, dy]), [inputs, units]);
    const turned = device.run(productOfTransposed, [dy, x]);
    const gradient = device.run(transpose, [turned, device.list([1, 0])]);
    device.free(turned);
    return this.made(gradient, [inputs, units]);
  }

  denseInputGradient(outputGradient: Tensor, weights: Tensor): Tensor {
    const { device } = this;
    const id = device.run(device.kernels.productWithTransposed, [own(outputGradient), own(weights)]);
    return this.made(id, [outputGradient.shape[0] ?? 0, weights.shape[0] ?? 0]);
  }

  biasGradient(outputGradient: Tensor): Tensor {
    const { device } = this;
    const id = device.run(device.kernels.sum, [own(outputGradient), device.list([0])]);
    return this.made(id, outputGradient.shape.slice(1));
  }

  batchNormalization(
    input: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
    moving: MovingStatistics | null,
  ): BatchNormalized {
    const { device } = this;
    const { kernels } = device;
    const { shape } = input;
    const [flatShape, imageShape] = device.shapesOf(shape[0] ?? 0, shape[1] ?? 0);
    const least = Math.max(epsilon, this.leastEpsilon);
    const scale = own(gamma);
    const units = gamma.shape;
    const none = device.none();
    const image = this.made(device.run(kernels.reshape, [own(input), imageShape]), shape);
    const [y, mean, variance, ...saved] = device.runAll(kernels.normalize(least), [
      image.id,
      scale,
      own(beta),
      none,
      none,
    ]);
    const [savedMean, savedVariance] = saved;
    if (
      y === undefined ||
      mean === undefined ||
      variance === undefined ||
      savedMean === undefined ||
      savedVariance === undefined
    ) {
      throw new Error('Batch normalization gave too few tensors.');
    }
    const output = this.made(device.run(kernels.reshape, [y, flatShape]), shape);
    device.free(y);
    if (moving !== null) {
      const momentum = device.scalar(moving.momentum);
      this.move(moving.mean, mean, momentum);
      this.move(moving.variance, variance, momentum);
    }
    device.free(mean);
    device.free(variance);
    const kept = [image, this.made(savedMean, units), this.made(savedVariance, units)];
    return {
      output,
      backward: (outputGradient): BatchNormalizationGradients => {
        if (kept.length === 0) throw new Error('A batch can be gone back through only once.');
        const dy = device.run(kernels.reshape, [own(outputGradient), imageShape]);
        const [dx, dGamma, dBeta, ...rest] = device.runAll(kernels.normalizeGradient(least), [
          dy,
          image.id,
          scale,
          savedMean,
          savedVariance,
        ]);
        if (dx === undefined || dGamma === undefined || dBeta === undefined) {
          throw new Error('The gradient of batch normalization gave too few tensors.');
        }
        const back = this.made(device.run(kernels.reshape, [dx, flatShape]), shape);
        for (const id of [dy, dx, ...rest]) device.free(id);
        this.dispose(kept.splice(0));
        return { input: back, gamma: this.made(dGamma, units), beta: this.made(dBeta, units) };
      },
    };
  }

  batchNormalizationWith(
    input: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
    mean: Tensor,
    variance: Tensor,
  ): Tensor {
    const { device } = this;
    const { kernels } = device;
    const { shape } = input;
    const [flatShape, imageShape] = device.shapesOf(shape[0] ?? 0, shape[1] ?? 0);
    const image = device.run(kernels.reshape, [own(input), imageShape]);
    const y = device.run(kernels.normalizeWith(Math.max(epsilon, this.leastEpsilon)), [
      image,
      own(gamma),
      own(beta),
      own(mean),
      own(variance),
    ]);
    const output = device.run(kernels.reshape, [y, flatShape]);
    device.free(y);
    device.free(image);
    return this.made(output, shape);
  }

  activate(activation: Activation, input: Tensor): Tensor {
    const { device } = this;
    const { kernels } = device;
    const x = own(input);
    switch (activation.kind) {
      case 'leaky-relu': {
        // The kernel that does both at once does not use the vector units: it takes five times as long.
        const scaled = device.run(kernels.multiply, [x, device.scalar(activation.slope)]);
        const output = device.run(kernels.maximum, [x, scaled]);
        device.free(scaled);
        return this.made(output, input.shape);
      }
      case 'relu':
        return this.made(device.run(kernels.relu, [x]), input.shape);
      case 'tanh':
        return this.made(device.run(kernels.tanh, [x]), input.shape);
      case 'sigmoid':
        return this.made(device.run(kernels.sigmoid, [x]), input.shape);
    }
  }

  activateBackward(activation: Activation, output: Tensor, outputGradient: Tensor): Tensor {
    const { device } = this;
    const { kernels } = device;
    const [y, dy] = [own(output), own(outputGradient)];
    switch (activation.kind) {
      case 'leaky-relu':
        return this.made(device.run(kernels.leakyReluGradient(activation.slope), [dy, y]), output.shape);
      case 'relu':
        return this.made(device.run(kernels.reluGradient, [dy, y]), output.shape);
      case 'tanh':
        return this.made(device.run(kernels.tanhGradient, [y, dy]), output.shape);
      case 'sigmoid':
        return this.made(device.run(kernels.sigmoidGradient, [y, dy]), output.shape);
    }
  }

  dropoutMask(shape: readonly number[], rate: number, seed: number): Tensor {
    const { device } = this;
    const { kernels } = device;
    const seeds = device.integers(Int32Array.of(seed, 0), [2]);
    // ⌊u + 1 − rate⌋ is 1 where u ≥ rate, u uniform in [0, 1): no comparison, which would not use the vector units.
    const uniform = device.run(kernels.random, [device.list(shape), seeds]);
    const raised = device.run(kernels.add, [uniform, device.scalar(1 - rate)]);
    const ones = device.run(kernels.floor, [raised]);
    const mask = device.run(kernels.multiply, [ones, device.scalar(1 / (1 - rate))]);
    for (const id of [seeds, uniform, raised, ones]) device.free(id);
    return this.made(mask, shape);
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    return this.made(this.device.run(this.device.kernels.multiply, [own(a), own(b)]), a.shape);
  }

  softmaxCrossEntropy(logits: Tensor, labels: Indexes): CrossEntropy {
    const { device } = this;
    const { kernels } = device;
    const z = own(logits);
    const [losses, difference] = device.runAll(kernels.crossEntropy, [z, ownIndexes(labels)]);
    if (losses === undefined || difference === undefined) throw new Error('The loss gave too few tensors.');
    const ofEach = this.made(difference, logits.shape);
    const predicted = device.run(kernels.largest, [z, device.whole(1)]);
    return {
      losses: this.made(losses, [labels.count]),
      predicted: this.scopes.track(new NativeIndexes(device, predicted, labels.count)),
      gradient: () => this.scaled(ofEach, 1 / labels.count),
    };
  }

  softmax(logits: Tensor): Tensor {
    return this.made(this.device.run(this.device.kernels.softmax, [own(logits)]), logits.shape);
  }

  addScaled(a: Tensor, b: Tensor, factor: number): Tensor {
    const { device } = this;
    const scaled = device.run(device.kernels.multiply, [own(b), device.scalar(factor)]);
    const sum = device.run(device.kernels.add, [own(a), scaled]);
    device.free(scaled);
    return this.made(sum, a.shape);
  }

  l2Loss(tensor: Tensor): Tensor {
    return this.made(this.device.run(this.device.kernels.l2Loss, [own(tensor)]), []);
  }

  sum(tensor: Tensor): Tensor {
    const { device } = this;
    const axes = device.list(tensor.shape.map((_, axis) => axis));
    return this.made(device.run(device.kernels.sum, [own(tensor), axes]), []);
  }

  adam(updates: readonly AdamUpdate[], step: AdamStep): void {
    const { device } = this;
    const { beta1, beta2 } = step;
    // Both corrections of the bias are put into the rate and into epsilon, in float64: the kernel would take them
    // from powers in float32, of which 1 − β2ᵗ keeps few digits at the first steps.
    const secondCorrection = Math.sqrt(1 - beta2 ** step.step);
    const corrected = (step.learningRate * secondCorrection) / (1 - beta1 ** step.step);
    const rate = device.floats(Float32Array.of(corrected), []);
    const epsilon = device.floats(Float32Array.of(step.epsilon * secondCorrection), []);
    const noPower = device.scalar(0);
    const [first, second] = [device.scalar(beta1), device.scalar(beta2)];
    for (const { parameter, gradient, firstMoment, secondMoment } of updates) {
      device.execute(device.kernels.adam, [
        ownVariable(parameter).target(),
        ownVariable(firstMoment).target(),
        ownVariable(secondMoment).target(),
        noPower,
        noPower,
        rate,
        first,
        second,
        epsilon,
        own(gradient),
      ]);
    }
    device.free(rate);
    device.free(epsilon);
  }

  gradientDescent(updates: readonly Update[], learningRate: number): void {
    const { device } = this;
    const rate = device.floats(Float32Array.of(learningRate), []);
    for (const { parameter, gradient } of updates) {
      device.execute(device.kernels.descend, [ownVariable(parameter).target(), rate, own(gradient)]);
    }
    device.free(rate);
  }

  scope<Result>(run: () => Result): Result {
    return this.scopes.run(run);
  }

  keep<Kept extends Tensor | Indexes>(tensor: Kept): Kept {
    if (!(tensor instanceof NativeTensor || tensor instanceof NativeIndexes)) throw new Error(foreign);
    this.scopes.forget(tensor);
    return tensor;
  }

  dispose(tensors: readonly (Tensor | Indexes | Variable)[]): void {
    for (const tensor of tensors) {
      if (tensor instanceof NativeVariable) {
        tensor.release();
      } else if (tensor instanceof NativeTensor || tensor instanceof NativeIndexes) {
        this.scopes.forget(tensor);
        tensor.release();
      } else {
        throw new Error(foreign);
      }
    }
  }

  alive(): number {
    return this.device.alive;
  }

  close(): Promise<void> {
    for (const scratch of this.scratches.values()) scratch.release();
    this.scratches.clear();
    this.device.close();
    // The library stays loaded until the process ends; tensors are released by whoever made them.
    return Promise.resolve();
  }

  private made(id: number, shape: readonly number[]): NativeTensor {
    return this.scopes.track(new NativeTensor(this.device, id, shape));
  }

  private makeVariable(shape: readonly number[]): NativeVariable {
    const { device } = this;
    return new NativeVariable(device, device.run(device.kernels.variable(shape), []), shape);
  }

  /** Writes rows into a tensor, in the buffer that it shares with whoever else has it. */
  private placeRows(tensor: number, start: number, count: number, rows: number): void {
    const { device } = this;
    const places = device.integers(
      Int32Array.from({ length: count }, (_, index) => start + index),
      [count],
    );
    const alias = device.run(device.kernels.writeRows, [tensor, places, rows]);
    device.free(alias);
    device.free(places);
  }

  private scaledPixels(pixels: Uint8Array, shape: readonly number[]): number {
    const { device } = this;
    const bytes = device.bytes(pixels, shape);
    const floats = device.run(device.kernels.castPixels, [bytes]);
    const scaled = device.run(device.kernels.divide, [floats, device.scalar(255)]);
    device.free(bytes);
    device.free(floats);
    return scaled;
  }

  private scaled(tensor: Tensor, factor: number): NativeTensor {
    const { device } = this;
    const id = device.run(device.kernels.multiply, [own(tensor), device.scalar(factor)]);
    return this.made(id, tensor.shape);
  }

  /**
   * moving = momentum × moving + (1 − momentum) × batch. No kernel does only that, but an optimizer that starts with
   * it does: with a rate of 0 it leaves the parameter that it has to be given, here the scratch, as it is.
   */
  private move(moving: Variable, batch: number, momentum: number): void {
    const { device } = this;
    const none = device.scalar(0);
    const target = ownVariable(moving).target();
    const scratch = remembered(this.scratches, moving.shape.join(), () => this.zeros(moving.shape));
    device.execute(device.kernels.moveTowards, [scratch.handle, target, none, none, none, momentum, batch]);
  }
}

const foreign = 'A tensor of another compute was used.';

function own(tensor: Tensor): number {
  return ownTensor(tensor).id;
}

function ownTensor(tensor: Tensor): NativeTensor {
  if (!(tensor instanceof NativeTensor)) throw new Error(foreign);
  return tensor;
}

function ownIndexes(indexes: Indexes): number {
  if (!(indexes instanceof NativeIndexes)) throw new Error(foreign);
  return indexes.id;
}

function ownVariable(variable: Variable): NativeVariable {
  if (!(variable instanceof NativeVariable)) throw new Error(foreign);
  return variable;
}

function asFloats(values: Float32Array | Float64Array): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
