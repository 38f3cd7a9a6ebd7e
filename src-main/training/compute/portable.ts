import type * as tfjs from '@tensorflow/tfjs-core';
import type { BackendName } from '../../../src-preload/contract/run.ts';
import { dropoutMaskValues } from '../random.ts';
import type {
  Activation,
  AdamStep,
  AdamUpdate,
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
import { TensorScopes } from './tensor-scopes.ts';

type Tfjs = typeof tfjs;

/** `pixel / 255` in float32 for every pixel value. */
const PIXEL_VALUES = Float32Array.from({ length: 256 }, (_, pixel) => pixel / 255);

class PortableTensor implements Tensor {
  readonly kind = 'tensor';
  readonly shape: readonly number[];
  readonly held: tfjs.Tensor;

  constructor(held: tfjs.Tensor) {
    this.shape = held.shape;
    this.held = held;
  }

  release(): void {
    this.held.dispose();
  }
}

class PortableIndexes implements Indexes {
  readonly kind = 'indexes';
  readonly count: number;
  readonly held: tfjs.Tensor1D;
  private encoded: tfjs.Tensor | undefined;

  constructor(held: tfjs.Tensor1D) {
    this.count = held.size;
    this.held = held;
  }

  /** 1 where the column is the index, else 0: `[count, classes]`. Made once, because the same labels come every epoch. */
  oneHot(tf: Tfjs, classes: number): tfjs.Tensor {
    if (this.encoded?.shape[1] === classes) return this.encoded;
    this.encoded?.dispose();
    // Made as whole numbers first: on wasm they are written as such even where floats are asked for.
    this.encoded = tf.tidy(() => tf.cast(tf.oneHot(this.held, classes), 'float32'));
    return this.encoded;
  }

  release(): void {
    this.held.dispose();
    this.encoded?.dispose();
    this.encoded = undefined;
  }
}

class PortableVariable implements Variable {
  readonly kind = 'variable';
  readonly shape: readonly number[];
  /** What it holds now. */
  now: PortableTensor;

  constructor(value: PortableTensor) {
    this.shape = value.shape;
    this.now = value;
  }

  /** Takes the new value's place; the old one is released. */
  replace(value: tfjs.Tensor): void {
    this.now.release();
    this.now = new PortableTensor(value);
  }

  release(): void {
    this.now.release();
  }
}

/** What a `PortableCompute` stands on. */
export interface PortableBackend {
  readonly name: BackendName;
  readonly library: string;
  readonly tf: Tfjs;
  /** Whether a product with a transposed factor is slower than transposing first: up to 12 times on wasm. */
  readonly transposeFirst: boolean;
  /** The most bytes that one tensor may have. */
  readonly maxTensorBytes: number;
  /** Gives the device back. */
  close(): Promise<void>;
}

/** Computes with the public operations of tfjs, in float32, on whichever backend is set. */
export class PortableCompute implements Compute {
  readonly name: BackendName;
  readonly library: string;
  readonly maxTensorBytes: number;
  private readonly tf: Tfjs;
  private readonly transposeFirst: boolean;
  private readonly giveBack: () => Promise<void>;
  private readonly scopes = new TensorScopes<PortableTensor | PortableIndexes>();
  private readonly constants = new Map<number, tfjs.Scalar>();

  constructor(backend: PortableBackend) {
    this.name = backend.name;
    this.library = backend.library;
    this.maxTensorBytes = backend.maxTensorBytes;
    this.tf = backend.tf;
    this.transposeFirst = backend.transposeFirst;
    this.giveBack = () => backend.close();
  }

  upload(values: Float32Array | Float64Array, shape: readonly number[]): Tensor {
    const floats = values instanceof Float32Array ? values : Float32Array.from(values);
    return this.made(this.tf.tensor(floats, [...shape], 'float32'));
  }

  uploadPixels(pixels: Uint8Array, shape: readonly number[]): Tensor {
    const values = new Float32Array(pixels.length);
    for (let index = 0; index < pixels.length; index++) values[index] = PIXEL_VALUES[pixels[index] ?? 0] ?? 0;
    return this.upload(values, shape);
  }

  uploadIndexes(indexes: Int32Array): Indexes {
    return this.scopes.track(new PortableIndexes(this.tf.tensor1d(indexes, 'int32')));
  }

  variable(values: Float32Array | Float64Array, shape: readonly number[]): Variable {
    // A copy, because the plain cpu backend keeps the very array it is given.
    return new PortableVariable(
      new PortableTensor(this.tf.tensor(Float32Array.from(values), [...shape], 'float32')),
    );
  }

  zeros(shape: readonly number[]): Variable {
    return new PortableVariable(new PortableTensor(this.tf.zeros([...shape], 'float32')));
  }

  value(variable: Variable): Tensor {
    return ownVariable(variable).now;
  }

  assign(variable: Variable, values: Float32Array | Float64Array): void {
    ownVariable(variable).replace(this.tf.tensor(Float32Array.from(values), [...variable.shape], 'float32'));
  }

  snapshot(variable: Variable): Tensor {
    return this.made(this.tf.clone(this.held(variable)));
  }

  restore(variable: Variable, snapshot: Tensor): void {
    ownVariable(variable).replace(this.tf.clone(this.own(snapshot)));
  }

  async read(tensors: readonly (Tensor | Indexes)[]): Promise<Values[]> {
    const held = tensors.map((tensor) => (tensor.kind === 'indexes' ? ownIndexes(tensor) : this.own(tensor)));
    const floats = await this.readTogether(held.filter((tensor) => tensor.dtype !== 'int32'));
    const integers = await this.readTogether(held.filter((tensor) => tensor.dtype === 'int32'));
    return held.map((tensor) => {
      const values = (tensor.dtype === 'int32' ? integers : floats).shift();
      if (values === undefined) throw new Error('A backend gave fewer tensors than were read.');
      return values;
    });
  }

  /** One transfer for all tensors of a type: a device answers each read with a delay of its own. */
  private async readTogether(tensors: readonly tfjs.Tensor[]): Promise<Values[]> {
    if (tensors.length < 2) return await Promise.all(tensors.map((tensor) => hostValues(tensor)));
    const { tf } = this;
    const joined = tf.tidy(() => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [tensor.size]))));
    const values = await hostValues(joined);
    joined.dispose();
    let start = 0;
    return tensors.map((tensor) => values.subarray(start, (start += tensor.size)));
  }

  gather(rows: Tensor, indexes: Indexes): Tensor {
    return this.made(this.tf.gather(this.own(rows), ownIndexes(indexes)));
  }

  columns(matrix: Tensor, count: number): Tensor {
    return this.made(this.tf.slice(this.own(matrix), [0, 0], [matrix.shape[0] ?? 0, count]));
  }

  dense(input: Tensor, weights: Tensor, bias: Tensor | null): Tensor {
    const { tf } = this;
    const product = tf.matMul(this.own(input), this.own(weights));
    if (bias === null) return this.made(product);
    const sum = tf.add(product, this.own(bias));
    product.dispose();
    return this.made(sum);
  }

  denseWeightsGradient(input: Tensor, outputGradient: Tensor): Tensor {
    const { tf } = this;
    const [a, b] = [this.own(input), this.own(outputGradient)];
    if (!this.transposeFirst) return this.made(tf.matMul(a, b, true, false));
    const [inputs, units] = [input.shape[1] ?? 0, outputGradient.shape[1] ?? 0];
    // aᵀb = (bᵀa)ᵀ: the smaller of input and result is the one that is turned.
    return this.made(
      tf.tidy(() =>
        a.size <= inputs * units
          ? tf.matMul(tf.transpose(a), b)
          : tf.transpose(tf.matMul(tf.transpose(b), a)),
      ),
    );
  }

  denseInputGradient(outputGradient: Tensor, weights: Tensor): Tensor {
    const { tf } = this;
    const [a, b] = [this.own(outputGradient), this.own(weights)];
    return this.made(
      this.transposeFirst ? tf.tidy(() => tf.matMul(a, tf.transpose(b))) : tf.matMul(a, b, false, true),
    );
  }

  biasGradient(outputGradient: Tensor): Tensor {
    return this.made(this.columnSums(this.own(outputGradient)));
  }

  batchNormalization(
    input: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
    moving: MovingStatistics | null,
  ): BatchNormalized {
    const { tf } = this;
    const [x, scale, shift] = [this.own(input), this.own(gamma), this.own(beta)];
    const batch = input.shape[0] ?? 0;
    const share = this.constant(1 / batch);
    const [output, normalized, inverseDeviation, mean, variance] = tf.tidy(() => {
      const mean = tf.mul(this.columnSums(x), share);
      const centred = tf.sub(x, mean);
      const variance = tf.mul(this.columnSums(tf.square(centred)), share);
      const inverseDeviation = tf.rsqrt(tf.add(variance, this.constant(epsilon)));
      const normalized = tf.mul(centred, inverseDeviation);
      const output = tf.add(tf.mul(normalized, scale), shift);
      return [output, normalized, inverseDeviation, mean, variance] as const satisfies tfjs.Tensor[];
    });
    if (moving !== null) {
      const unbiased = tf.tidy(() => tf.mul(variance, this.constant(batch / Math.max(1, batch - 1))));
      this.move(moving.mean, mean, moving.momentum);
      this.move(moving.variance, unbiased, moving.momentum);
      unbiased.dispose();
    }
    tf.dispose([mean, variance]);
    const kept = [normalized, inverseDeviation].map((tensor) => this.made(tensor));
    return {
      output: this.made(output),
      backward: (outputGradient) => {
        if (kept.length === 0) throw new Error('A batch can be gone back through only once.');
        const gradient = this.own(outputGradient);
        const [inputGradient, gammaGradient, betaGradient] = tf.tidy(() => {
          const betaGradient = this.columnSums(gradient);
          const gammaGradient = this.columnSums(tf.mul(gradient, normalized));
          // Ioffe and Szegedy's three equations for the input, put together.
          const inputGradient = tf.mul(
            tf.sub(
              gradient,
              tf.add(tf.mul(betaGradient, share), tf.mul(normalized, tf.mul(gammaGradient, share))),
            ),
            tf.mul(scale, inverseDeviation),
          );
          return [inputGradient, gammaGradient, betaGradient] as const satisfies tfjs.Tensor[];
        });
        this.dispose(kept.splice(0));
        return {
          input: this.made(inputGradient),
          gamma: this.made(gammaGradient),
          beta: this.made(betaGradient),
        };
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
    const { tf } = this;
    return this.made(
      tf.tidy(() => {
        const factor = tf.mul(this.own(gamma), tf.rsqrt(tf.add(this.own(variance), this.constant(epsilon))));
        const offset = tf.sub(this.own(beta), tf.mul(this.own(mean), factor));
        return tf.add(tf.mul(this.own(input), factor), offset);
      }),
    );
  }

  activate(activation: Activation, input: Tensor): Tensor {
    const { tf } = this;
    const x = this.own(input);
    switch (activation.kind) {
      case 'leaky-relu':
        return this.made(tf.leakyRelu(x, activation.slope));
      case 'relu':
        return this.made(tf.relu(x));
      case 'tanh':
        return this.made(tf.tanh(x));
      case 'sigmoid':
        return this.made(tf.sigmoid(x));
    }
  }

  activateBackward(activation: Activation, output: Tensor, outputGradient: Tensor): Tensor {
    const { tf } = this;
    const [y, gradient] = [this.own(output), this.own(outputGradient)];
    return this.made(
      tf.tidy(() => {
        switch (activation.kind) {
          case 'leaky-relu':
            return tf.mul(gradient, tf.step(y, activation.slope));
          case 'relu':
            return tf.mul(gradient, tf.step(y));
          case 'tanh':
            return tf.mul(gradient, tf.sub(this.constant(1), tf.square(y)));
          case 'sigmoid':
            return tf.mul(gradient, tf.mul(y, tf.sub(this.constant(1), y)));
        }
      }),
    );
  }

  dropoutMask(shape: readonly number[], rate: number, seed: number): Tensor {
    const count = shape.reduce((product, side) => product * side, 1);
    return this.upload(dropoutMaskValues(count, rate, seed), shape);
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    return this.made(this.tf.mul(this.own(a), this.own(b)));
  }

  softmaxCrossEntropy(logits: Tensor, labels: Indexes): CrossEntropy {
    const { tf } = this;
    const z = this.own(logits);
    if (!(labels instanceof PortableIndexes)) throw new Error(foreign);
    const truth = labels.oneHot(tf, logits.shape[1] ?? 0);
    const share = this.constant(1 / labels.count);
    const logProbabilities = this.made(tf.tidy(() => tf.logSoftmax(z)));
    const held = logProbabilities.held;
    return {
      losses: this.made(tf.tidy(() => tf.neg(tf.sum(tf.mul(truth, held), 1)))),
      predicted: this.scopes.track(new PortableIndexes(tf.argMax<tfjs.Tensor1D>(z, 1))),
      gradient: () => this.made(tf.tidy(() => tf.mul(tf.sub(tf.exp(held), truth), share))),
    };
  }

  softmax(logits: Tensor): Tensor {
    const { tf } = this;
    return this.made(tf.tidy(() => tf.softmax(this.own(logits))));
  }

  addScaled(a: Tensor, b: Tensor, factor: number): Tensor {
    const { tf } = this;
    return this.made(tf.tidy(() => tf.add(this.own(a), tf.mul(this.own(b), this.constant(factor)))));
  }

  l2Loss(tensor: Tensor): Tensor {
    const { tf } = this;
    return this.made(tf.tidy(() => tf.mul(tf.sum(tf.square(this.own(tensor))), this.constant(0.5))));
  }

  sum(tensor: Tensor): Tensor {
    return this.made(this.tf.sum(this.own(tensor)));
  }

  adam(updates: readonly AdamUpdate[], step: AdamStep): void {
    const { tf } = this;
    const { learningRate, beta1, beta2, epsilon } = step;
    // Both corrections of the bias in the rate and in epsilon instead of in two more tensors.
    const secondCorrection = Math.sqrt(1 - beta2 ** step.step);
    const rate = tf.scalar((learningRate * secondCorrection) / (1 - beta1 ** step.step));
    const correctedEpsilon = tf.scalar(epsilon * secondCorrection);
    const [firstShare, secondShare] = [this.constant(1 - beta1), this.constant(1 - beta2)];
    for (const { parameter, gradient, firstMoment, secondMoment } of updates) {
      const g = this.own(gradient);
      const square = tf.square(g);
      this.moveTowards(ownVariable(firstMoment), g, firstShare);
      this.moveTowards(ownVariable(secondMoment), square, secondShare);
      square.dispose();
      const root = tf.sqrt(this.held(secondMoment));
      const divisor = after(tf.add(root, correctedEpsilon), root);
      const scaled = tf.mul(this.held(firstMoment), rate);
      const change = after(tf.div(scaled, divisor), scaled, divisor);
      ownVariable(parameter).replace(after(tf.sub(this.held(parameter), change), change));
    }
    tf.dispose([rate, correctedEpsilon]);
  }

  gradientDescent(updates: readonly Update[], learningRate: number): void {
    const { tf } = this;
    const rate = tf.scalar(learningRate);
    for (const { parameter, gradient } of updates) {
      const change = tf.mul(this.own(gradient), rate);
      ownVariable(parameter).replace(after(tf.sub(this.held(parameter), change), change));
    }
    rate.dispose();
  }

  scope<Result>(run: () => Result): Result {
    return this.scopes.run(run);
  }

  keep<Kept extends Tensor | Indexes>(tensor: Kept): Kept {
    if (!(tensor instanceof PortableTensor || tensor instanceof PortableIndexes)) throw new Error(foreign);
    this.scopes.forget(tensor);
    return tensor;
  }

  dispose(tensors: readonly (Tensor | Indexes | Variable)[]): void {
    for (const tensor of tensors) {
      if (tensor instanceof PortableVariable) {
        tensor.release();
      } else if (tensor instanceof PortableTensor || tensor instanceof PortableIndexes) {
        this.scopes.forget(tensor);
        tensor.release();
      } else {
        throw new Error(foreign);
      }
    }
  }

  alive(): number {
    return this.tf.memory().numTensors;
  }

  async close(): Promise<void> {
    for (const scalar of this.constants.values()) scalar.dispose();
    this.constants.clear();
    await this.giveBack();
  }

  private held(variable: Variable): tfjs.Tensor {
    return ownVariable(variable).now.held;
  }

  private made(tensor: tfjs.Tensor): PortableTensor {
    return this.scopes.track(new PortableTensor(tensor));
  }

  private own(tensor: Tensor): tfjs.Tensor2D {
    if (!(tensor instanceof PortableTensor)) throw new Error(foreign);
    // The rank is the caller's promise; tfjs checks it again.
    return tensor.held as tfjs.Tensor2D;
  }

  /** A scalar on the device, made once for each value: not for rates that change at every step. */
  private constant(value: number): tfjs.Scalar {
    const known = this.constants.get(value);
    if (known !== undefined) return known;
    const scalar = this.tf.keep(this.tf.scalar(value));
    this.constants.set(value, scalar);
    return scalar;
  }

  private columnSums(matrix: tfjs.Tensor): tfjs.Tensor {
    return this.tf.sum(matrix, 0);
  }

  /** moving = momentum × moving + (1 − momentum) × batch */
  private move(moving: Variable, batch: tfjs.Tensor, momentum: number): void {
    this.moveTowards(ownVariable(moving), batch, this.constant(1 - momentum));
  }

  /** value += share × (target − value): an exponential moving average in three operations instead of four. */
  private moveTowards(variable: PortableVariable, target: tfjs.Tensor, share: tfjs.Scalar): void {
    const { tf } = this;
    const value = this.held(variable);
    const difference = tf.sub(target, value);
    const part = after(tf.mul(difference, share), difference);
    variable.replace(after(tf.add(value, part), part));
  }
}

const foreign = 'A tensor of another compute was used.';

function ownIndexes(indexes: Indexes): tfjs.Tensor1D {
  if (!(indexes instanceof PortableIndexes)) throw new Error(foreign);
  return indexes.held;
}

function ownVariable(variable: Variable): PortableVariable {
  if (!(variable instanceof PortableVariable)) throw new Error(foreign);
  return variable;
}

/** What was made of tensors that are of no use any more: releasing them at once keeps the peak of memory low. */
function after(made: tfjs.Tensor, ...spent: readonly tfjs.Tensor[]): tfjs.Tensor {
  for (const tensor of spent) tensor.dispose();
  return made;
}

async function hostValues(tensor: tfjs.Tensor): Promise<Float32Array | Int32Array> {
  const values = await tensor.data();
  if (values instanceof Float32Array || values instanceof Int32Array) return values;
  throw new Error(`A tensor of type ${tensor.dtype} cannot be read as numbers.`);
}
