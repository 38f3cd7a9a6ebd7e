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
import { TensorScopes } from './tensor-scopes.ts';
import { type Layout, layoutOf, paddedCount, type VectorMemory } from './vector-memory.ts';

/**
 * Up to so many numbers, what is done with a matrix one number at a time is done in vector code: a call of the library
 * costs more than the work, and its kernels go over a matrix many times.
 */
const SMALL_NUMBERS = 2 ** 16;

/** Up to so many multiplications a product of such matrices is made in vector code. */
const SMALL_PRODUCT = 2 ** 17;

/** A compute whose results are there when a call returns. */
export interface ImmediateCompute extends Compute {
  /** What a tensor holds, copied. */
  readNow(tensor: Tensor | Indexes): Values;
}

/** Where numbers are: in the vector code's memory, with the library, or with both. */
class MixedTensor implements Tensor {
  readonly kind = 'tensor';
  readonly shape: readonly number[];
  readonly layout: Layout;
  /** Address in the memory of the vector kernels. */
  place: number | null = null;
  /** With the library, as it is, and with its rows padded. */
  exact: Tensor | null = null;
  padded: Tensor | null = null;
  isReleased = false;
  private readonly home: Home;
  private ownsPlace = false;

  constructor(home: Home, shape: readonly number[]) {
    this.home = home;
    this.shape = shape;
    this.layout = layoutOf(shape);
  }

  get isSmall(): boolean {
    return paddedCount(this.layout) <= SMALL_NUMBERS;
  }

  /** Gives it a place of its own in memory, with anything in it. */
  takePlace(): number {
    this.ownsPlace = true;
    return (this.place = this.home.memory.take(this.layout));
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    const { library, memory } = this.home;
    if (this.exact !== null) library.dispose([this.exact]);
    if (this.padded !== null && this.padded !== this.exact) library.dispose([this.padded]);
    if (this.place !== null && this.ownsPlace) memory.giveBack(this.place, this.layout);
  }
}

class MixedIndexes implements Indexes {
  readonly kind = 'indexes';
  readonly values: Int32Array;
  private readonly home: Home;
  private withLibrary: Indexes | null;
  private isReleased = false;

  constructor(home: Home, values: Int32Array, withLibrary: Indexes | null = null) {
    this.home = home;
    this.values = values;
    this.withLibrary = withLibrary;
  }

  get count(): number {
    return this.values.length;
  }

  /** With the library. */
  indexes(): Indexes {
    const { library } = this.home;
    return (this.withLibrary ??= library.keep(library.uploadIndexes(this.values)));
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    if (this.withLibrary !== null) this.home.library.dispose([this.withLibrary]);
  }
}

/** Numbers that change in place: in the vector code's memory, or in a variable of the library. */
class MixedVariable implements Variable {
  readonly kind = 'variable';
  readonly shape: readonly number[];
  readonly layout: Layout;
  private readonly home: Home;
  private held: { readonly place: number } | { readonly variable: Variable };
  private read: MixedTensor | null = null;

  constructor(home: Home, shape: readonly number[], values: Float32Array | Float64Array | null) {
    const { memory, library } = home;
    this.home = home;
    this.shape = shape;
    this.layout = layoutOf(shape);
    if (paddedCount(this.layout) > SMALL_NUMBERS) {
      this.held = { variable: values === null ? library.zeros(shape) : library.variable(values, shape) };
      return;
    }
    const place = memory.take(this.layout);
    this.held = { place };
    if (values === null) memory.clear(place, this.layout);
    else memory.write(place, this.layout, values);
  }

  get isInMemory(): boolean {
    return 'place' in this.held;
  }

  /** What it holds now; the same tensor until it is changed. */
  value(): MixedTensor {
    if (this.read !== null && !this.read.isReleased) return this.read;
    const tensor = new MixedTensor(this.home, this.shape);
    if ('place' in this.held) tensor.place = this.held.place;
    else tensor.exact = this.home.library.keep(this.home.library.value(this.held.variable));
    this.read = tensor;
    return tensor;
  }

  /** What it holds now, in a tensor that later changes leave alone. */
  snapshot(): MixedTensor {
    const { memory, library } = this.home;
    const tensor = new MixedTensor(this.home, this.shape);
    if ('place' in this.held) {
      memory.view(tensor.takePlace(), this.layout).set(memory.view(this.held.place, this.layout));
    } else {
      tensor.exact = library.keep(library.snapshot(this.held.variable));
    }
    return tensor;
  }

  /** Its place in memory, about to be changed: it moves there if it has to. */
  targetPlace(): number {
    const { memory, library } = this.home;
    this.forgetValue();
    if ('place' in this.held) return this.held.place;
    const { variable } = this.held;
    const value = library.value(variable);
    const place = memory.take(this.layout);
    memory.write(place, this.layout, library.readNow(value));
    library.dispose([value, variable]);
    this.held = { place };
    return place;
  }

  /** The library's variable, about to be changed: it moves there if it has to. */
  targetVariable(): Variable {
    const { memory, library } = this.home;
    this.forgetValue();
    if ('variable' in this.held) return this.held.variable;
    const { place } = this.held;
    const variable = library.variable(memory.read(place, this.layout), this.shape);
    memory.giveBack(place, this.layout);
    this.held = { variable };
    return variable;
  }

  release(): void {
    const { memory, library } = this.home;
    this.forgetValue();
    if ('place' in this.held) memory.giveBack(this.held.place, this.layout);
    else library.dispose([this.held.variable]);
  }

  private forgetValue(): void {
    this.read?.release();
    this.read = null;
  }
}

/** What all tensors of a compute share. */
interface Home {
  readonly library: ImmediateCompute;
  readonly memory: VectorMemory;
}

/**
 * Computes in float32 on the CPU with a library whose kernels are fast and whose calls are not: large products and
 * everything large by the library, all that is small in vector code. Which of both depends on shapes alone, so that
 * the same network gives the same numbers again.
 */
export class MixedCompute implements Compute {
  readonly name: BackendName | 'float64';
  readonly library: string;
  readonly maxTensorBytes: number;
  readonly large: ImmediateCompute;
  private readonly memory: VectorMemory;
  private readonly home: Home;
  private readonly scopes = new TensorScopes<MixedTensor | MixedIndexes>();

  constructor(large: ImmediateCompute, memory: VectorMemory) {
    this.name = large.name;
    this.library = large.library;
    this.maxTensorBytes = large.maxTensorBytes;
    this.large = large;
    this.memory = memory;
    this.home = { library: large, memory };
  }

  upload(values: Float32Array | Float64Array, shape: readonly number[]): Tensor {
    const tensor = this.made(shape);
    if (!tensor.isSmall) return this.adopt(tensor, this.large.upload(values, shape));
    this.memory.write(tensor.takePlace(), tensor.layout, values);
    return tensor;
  }

  uploadPixels(pixels: Uint8Array, shape: readonly number[]): Tensor {
    return this.adopt(this.made(shape), this.large.uploadPixels(pixels, shape));
  }

  uploadIndexes(indexes: Int32Array): Indexes {
    return this.scopes.track(new MixedIndexes(this.home, indexes));
  }

  variable(values: Float32Array | Float64Array, shape: readonly number[]): Variable {
    return new MixedVariable(this.home, shape, values);
  }

  zeros(shape: readonly number[]): Variable {
    return new MixedVariable(this.home, shape, null);
  }

  value(variable: Variable): Tensor {
    return ownVariable(variable).value();
  }

  assign(variable: Variable, values: Float32Array | Float64Array): void {
    const own = ownVariable(variable);
    if (own.isInMemory) this.memory.write(own.targetPlace(), own.layout, values);
    else this.large.assign(own.targetVariable(), values);
  }

  snapshot(variable: Variable): Tensor {
    return this.scopes.track(ownVariable(variable).snapshot());
  }

  restore(variable: Variable, snapshot: Tensor): void {
    const own = ownVariable(variable);
    if (own.isInMemory) {
      const from = this.placeOf(snapshot);
      const to = own.targetPlace();
      this.memory.view(to, own.layout).set(this.memory.view(from, own.layout));
    } else {
      const from = this.exactOf(snapshot);
      this.large.restore(own.targetVariable(), from);
    }
  }

  async read(tensors: readonly (Tensor | Indexes)[]): Promise<Values[]> {
    return await Promise.resolve(tensors.map((tensor) => this.valuesOf(tensor)));
  }

  gather(rows: Tensor, indexes: Indexes): Tensor {
    const made = this.large.gather(this.exactOf(rows), ownIndexes(indexes).indexes());
    return this.adopt(this.made(made.shape), made);
  }

  columns(matrix: Tensor, count: number): Tensor {
    const made = this.large.columns(this.exactOf(matrix), count);
    return this.adopt(this.made(made.shape), made);
  }

  dense(input: Tensor, weights: Tensor, bias: Tensor | null): Tensor {
    const [x, w] = [own(input), own(weights)];
    const output = this.made([x.layout.rows, w.layout.columns]);
    if (!output.isSmall) {
      const exactBias = bias === null ? null : this.exactOf(bias);
      return this.adopt(output, this.large.dense(this.exactOf(x), this.exactOf(w), exactBias));
    }
    if (isInMemory(x) && isSmallProduct(x.layout.rows, x.layout.columns, w)) {
      const [from, by] = [this.placeOf(x), this.placeOf(w)];
      const to = output.takePlace();
      const step = { row: rowBytes(x), column: 4, fours: foursOf(x.layout.rows), steps: x.layout.columns };
      this.product(to, from, by, step, w.layout.groups);
    } else {
      this.take(output, this.large.dense(this.exactOf(x), this.factorOf(w), null));
    }
    if (bias !== null) {
      const { rows, groups } = output.layout;
      const [place, shift] = [this.placeOf(output), this.placeOf(bias)];
      this.memory.kernels.addRow(place, place, shift, rows, groups);
    }
    return output;
  }

  denseWeightsGradient(input: Tensor, outputGradient: Tensor): Tensor {
    const [x, dy] = [own(input), own(outputGradient)];
    const gradient = this.made([x.layout.columns, dy.layout.columns]);
    if (!gradient.isSmall) {
      return this.adopt(gradient, this.large.denseWeightsGradient(this.exactOf(x), this.exactOf(dy)));
    }
    if (isInMemory(x) && isSmallProduct(x.layout.rows, x.layout.columns, dy)) {
      const [from, by] = [this.placeOf(x), this.placeOf(dy)];
      const to = gradient.takePlace();
      const step = { row: 4, column: rowBytes(x), fours: x.layout.groups, steps: x.layout.rows };
      this.product(to, from, by, step, dy.layout.groups);
      return gradient;
    }
    return this.take(gradient, this.large.denseWeightsGradient(this.exactOf(x), this.factorOf(dy)));
  }

  denseInputGradient(outputGradient: Tensor, weights: Tensor): Tensor {
    const [dy, w] = [own(outputGradient), own(weights)];
    const gradient = this.made([dy.layout.rows, w.layout.rows]);
    if (!gradient.isSmall || !isSmallProduct(dy.layout.rows, dy.layout.columns, gradient)) {
      const made = this.large.denseInputGradient(this.exactOf(dy), this.exactOf(w));
      return gradient.isSmall ? this.take(gradient, made) : this.adopt(gradient, made);
    }
    const { memory } = this;
    const [from, by] = [this.placeOf(dy), this.placeOf(w)];
    const turned = this.made([w.layout.columns, w.layout.rows]);
    const turnedAt = turned.takePlace();
    memory.clear(turnedAt, turned.layout);
    const { rows, columns } = w.layout;
    memory.kernels.transpose(turnedAt, by, rows, columns, rowBytes(w), rowBytes(turned));
    const to = gradient.takePlace();
    const step = { row: rowBytes(dy), column: 4, fours: foursOf(dy.layout.rows), steps: dy.layout.columns };
    this.product(to, from, turnedAt, step, turned.layout.groups);
    this.dispose([turned]);
    return gradient;
  }

  biasGradient(outputGradient: Tensor): Tensor {
    const dy = own(outputGradient);
    const sum = this.made(dy.shape.slice(1));
    if (!dy.isSmall) return this.adopt(sum, this.large.biasGradient(this.exactOf(dy)));
    const from = this.placeOf(dy);
    this.memory.kernels.sumRows(sum.takePlace(), from, dy.layout.rows, dy.layout.groups);
    return sum;
  }

  batchNormalization(
    input: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
    moving: MovingStatistics | null,
  ): BatchNormalized {
    const x = own(input);
    if (!x.isSmall) return this.largeBatchNormalization(x, gamma, beta, epsilon, moving);
    const { memory } = this;
    const { kernels } = memory;
    const { rows, groups } = x.layout;
    const [from, scale, shift] = [this.placeOf(x), this.placeOf(gamma), this.placeOf(beta)];
    const [mean, variance] = [this.made(gamma.shape), this.made(gamma.shape)];
    const [meanAt, varianceAt] = [mean.takePlace(), variance.takePlace()];
    kernels.moments(meanAt, varianceAt, from, rows, groups, 1 / rows);
    const output = this.made(x.shape);
    const to = output.takePlace();
    kernels.normalize(to, from, scale, shift, meanAt, varianceAt, rows, groups, epsilon);
    if (moving !== null) {
      this.move(moving.mean, meanAt, moving.momentum, 1);
      this.move(moving.variance, varianceAt, moving.momentum, rows > 1 ? rows / (rows - 1) : 1);
    }
    return {
      output,
      backward: (outputGradient): BatchNormalizationGradients => {
        const dy = this.placeOf(outputGradient);
        const [dx, dGamma, dBeta] = [this.made(x.shape), this.made(gamma.shape), this.made(gamma.shape)];
        kernels.normalizeGradient(
          dx.takePlace(),
          dGamma.takePlace(),
          dBeta.takePlace(),
          dy,
          from,
          scale,
          meanAt,
          varianceAt,
          rows,
          groups,
          epsilon,
          1 / rows,
        );
        return { input: dx, gamma: dGamma, beta: dBeta };
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
    const x = own(input);
    const output = this.made(x.shape);
    if (!x.isSmall) {
      const [scale, shift, centre, spread] = [gamma, beta, mean, variance].map((one) => this.exactOf(one));
      if (!scale || !shift || !centre || !spread) throw new Error('Four tensors were given.');
      const made = this.large.batchNormalizationWith(this.exactOf(x), scale, shift, epsilon, centre, spread);
      return this.adopt(output, made);
    }
    const [from, scale, shift] = [this.placeOf(x), this.placeOf(gamma), this.placeOf(beta)];
    const [centre, spread] = [this.placeOf(mean), this.placeOf(variance)];
    const { rows, groups } = x.layout;
    const { kernels } = this.memory;
    kernels.normalize(output.takePlace(), from, scale, shift, centre, spread, rows, groups, epsilon);
    return output;
  }

  activate(activation: Activation, input: Tensor): Tensor {
    const { kernels } = this.memory;
    const x = own(input);
    const output = this.made(x.shape);
    if (!x.isSmall || activation.kind === 'tanh' || activation.kind === 'sigmoid') {
      const made = this.large.activate(activation, this.exactOf(x));
      return x.isSmall ? this.take(output, made) : this.adopt(output, made);
    }
    const from = this.placeOf(x);
    const to = output.takePlace();
    if (activation.kind === 'leaky-relu') kernels.leakyRelu(to, from, vectorsOf(x), activation.slope);
    else kernels.relu(to, from, vectorsOf(x));
    return output;
  }

  activateBackward(activation: Activation, output: Tensor, outputGradient: Tensor): Tensor {
    const [y, dy] = [own(output), own(outputGradient)];
    const gradient = this.made(y.shape);
    if (!y.isSmall || activation.kind === 'tanh' || activation.kind === 'sigmoid') {
      const made = this.large.activateBackward(activation, this.exactOf(y), this.exactOf(dy));
      return y.isSmall ? this.take(gradient, made) : this.adopt(gradient, made);
    }
    const slope = activation.kind === 'leaky-relu' ? activation.slope : 0;
    const [from, by] = [this.placeOf(y), this.placeOf(dy)];
    this.memory.kernels.leakyReluGradient(gradient.takePlace(), from, by, vectorsOf(y), slope);
    return gradient;
  }

  dropoutMask(shape: readonly number[], rate: number, seed: number): Tensor {
    const mask = this.made(shape);
    const made = this.large.dropoutMask(shape, rate, seed);
    return mask.isSmall ? this.take(mask, made) : this.adopt(mask, made);
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    const product = this.made(a.shape);
    if (!product.isSmall) return this.adopt(product, this.large.multiply(this.exactOf(a), this.exactOf(b)));
    const [one, other] = [this.placeOf(a), this.placeOf(b)];
    this.memory.kernels.multiply(product.takePlace(), one, other, vectorsOf(product));
    return product;
  }

  softmaxCrossEntropy(logits: Tensor, labels: Indexes): CrossEntropy {
    const z = own(logits);
    const { values } = ownIndexes(labels);
    if (!z.isSmall) return this.largeCrossEntropy(z, ownIndexes(labels));
    const { memory } = this;
    const { rows } = z.layout;
    const { probabilities, figures } = this.softmaxOf(z);
    const [largestAt, sumAt, placeAt] = rowsOf(figures);
    const losses = this.made([rows]);
    const lossesAt = losses.takePlace() / 4;
    const { floats } = memory;
    const width = rowBytes(z) / 4;
    const start = this.placeOf(z) / 4;
    for (let row = 0; row < rows; row++) {
      const logit = floats[start + row * width + (values[row] ?? 0)] ?? NaN;
      const distance = logit - (floats[largestAt + row] ?? NaN);
      floats[lossesAt + row] = Math.log(floats[sumAt + row] ?? NaN) - distance;
    }
    floats.fill(0, lossesAt + rows, lossesAt + paddedCount(losses.layout));
    const places = memory.integers.slice(placeAt, placeAt + rows);
    this.dispose([figures]);
    return {
      losses,
      predicted: this.scopes.track(new MixedIndexes(this.home, places)),
      gradient: () => {
        const gradient = this.made(z.shape);
        const from = this.placeOf(probabilities);
        const to = gradient.takePlace();
        memory.kernels.scale(to, from, vectorsOf(z), 1 / rows);
        for (let row = 0; row < rows; row++) {
          const at = to / 4 + row * width + (values[row] ?? 0);
          // From the probability itself: a share of it has lost the digits that are left beside 1.
          const probability = memory.floats[from / 4 + row * width + (values[row] ?? 0)] ?? NaN;
          memory.floats[at] = (probability - 1) / rows;
        }
        return gradient;
      },
    };
  }

  softmax(logits: Tensor): Tensor {
    const z = own(logits);
    if (!z.isSmall) return this.adopt(this.made(z.shape), this.large.softmax(this.exactOf(z)));
    const { probabilities, figures } = this.softmaxOf(z);
    this.dispose([figures]);
    return probabilities;
  }

  addScaled(a: Tensor, b: Tensor, factor: number): Tensor {
    const sum = this.made(a.shape);
    if (!sum.isSmall) {
      return this.adopt(sum, this.large.addScaled(this.exactOf(a), this.exactOf(b), factor));
    }
    const [one, other] = [this.placeOf(a), this.placeOf(b)];
    this.memory.kernels.addScaled(sum.takePlace(), one, other, vectorsOf(sum), factor);
    return sum;
  }

  l2Loss(tensor: Tensor): Tensor {
    const x = own(tensor);
    if (!x.isSmall) return this.adopt(this.made([]), this.large.l2Loss(this.exactOf(x)));
    return this.number(this.sums(x).squares / 2);
  }

  sum(tensor: Tensor): Tensor {
    const x = own(tensor);
    if (!x.isSmall) return this.adopt(this.made([]), this.large.sum(this.exactOf(x)));
    return this.number(this.sums(x).sum);
  }

  adam(updates: readonly AdamUpdate[], step: AdamStep): void {
    const { beta1, beta2 } = step;
    // Both corrections of the bias are put into the rate and into epsilon, in float64.
    const secondCorrection = Math.sqrt(1 - beta2 ** step.step);
    const rate = (step.learningRate * secondCorrection) / (1 - beta1 ** step.step);
    const epsilon = step.epsilon * secondCorrection;
    const large: AdamUpdate[] = [];
    for (const update of updates) {
      const { parameter, gradient, firstMoment, secondMoment } = update;
      if (paddedCount(layoutOf(parameter.shape)) > SMALL_NUMBERS) {
        large.push({
          parameter: ownVariable(parameter).targetVariable(),
          gradient: this.exactOf(gradient),
          firstMoment: ownVariable(firstMoment).targetVariable(),
          secondMoment: ownVariable(secondMoment).targetVariable(),
        });
        continue;
      }
      const by = this.placeOf(gradient);
      this.memory.kernels.adam(
        ownVariable(parameter).targetPlace(),
        ownVariable(firstMoment).targetPlace(),
        ownVariable(secondMoment).targetPlace(),
        by,
        vectorsOf(own(gradient)),
        rate,
        1 - beta1,
        1 - beta2,
        epsilon,
      );
    }
    if (large.length > 0) this.large.adam(large, step);
  }

  gradientDescent(updates: readonly Update[], learningRate: number): void {
    const large: Update[] = [];
    for (const { parameter, gradient } of updates) {
      if (paddedCount(layoutOf(parameter.shape)) > SMALL_NUMBERS) {
        large.push({
          parameter: ownVariable(parameter).targetVariable(),
          gradient: this.exactOf(gradient),
        });
        continue;
      }
      const by = this.placeOf(gradient);
      const at = ownVariable(parameter).targetPlace();
      this.memory.kernels.addScaled(at, at, by, vectorsOf(own(gradient)), -learningRate);
    }
    if (large.length > 0) this.large.gradientDescent(large, learningRate);
  }

  scope<Result>(run: () => Result): Result {
    return this.large.scope(() => this.scopes.run(run));
  }

  keep<Kept extends Tensor | Indexes>(tensor: Kept): Kept {
    if (!(tensor instanceof MixedTensor || tensor instanceof MixedIndexes)) throw new Error(foreign);
    this.scopes.forget(tensor);
    return tensor;
  }

  dispose(tensors: readonly (Tensor | Indexes | Variable)[]): void {
    for (const tensor of tensors) {
      if (tensor instanceof MixedVariable) {
        tensor.release();
      } else if (tensor instanceof MixedTensor || tensor instanceof MixedIndexes) {
        this.scopes.forget(tensor);
        tensor.release();
      } else {
        throw new Error(foreign);
      }
    }
  }

  alive(): number {
    return this.memory.taken + this.large.alive();
  }

  async close(): Promise<void> {
    await this.large.close();
  }

  private made(shape: readonly number[]): MixedTensor {
    return this.scopes.track(new MixedTensor(this.home, shape));
  }

  /** Makes a tensor of the library's the tensor's own. */
  private adopt(tensor: MixedTensor, made: Tensor): MixedTensor {
    tensor.exact = this.large.keep(made);
    return tensor;
  }

  /** Copies what the library made to memory, padded or not, and gives it back. */
  private take(tensor: MixedTensor, made: Tensor): MixedTensor {
    const { memory } = this;
    const values = this.large.readNow(made);
    this.large.dispose([made]);
    const { layout } = tensor;
    const place = tensor.takePlace();
    const isPadded = values.length === paddedCount(layout);
    memory.write(place, isPadded ? { ...layout, columns: layout.groups * 4 } : layout, values);
    return tensor;
  }

  /** Where a tensor is in memory; it is copied there if it has to be. */
  private placeOf(tensor: Tensor): number {
    const one = own(tensor);
    if (one.place !== null) return one.place;
    if (one.exact === null) throw new Error('A tensor holds nothing.');
    const values = this.large.readNow(one.exact);
    const place = one.takePlace();
    this.memory.write(place, one.layout, values);
    return place;
  }

  /** The tensor with the library; it is sent there if it has to be. */
  private exactOf(tensor: Tensor): Tensor {
    const one = own(tensor);
    if (one.exact !== null) return one.exact;
    if (one.place === null) throw new Error('A tensor holds nothing.');
    const { columns, groups } = one.layout;
    if (columns === groups * 4) return (one.exact = this.paddedOf(one, one.shape));
    const values = this.memory.read(one.place, one.layout);
    return (one.exact = this.large.keep(this.large.upload(values, one.shape)));
  }

  /** A matrix as the second factor of a product, whose columns may be padded. */
  private factorOf(tensor: MixedTensor): Tensor {
    if (tensor.place === null) return this.exactOf(tensor);
    return this.paddedOf(tensor, [tensor.layout.rows, tensor.layout.groups * 4]);
  }

  /** The tensor's place in memory, as a tensor of the library's: nothing is copied. */
  private paddedOf(tensor: MixedTensor, shape: readonly number[]): Tensor {
    if (tensor.padded !== null) return tensor.padded;
    if (tensor.place === null) throw new Error('A tensor is not in memory.');
    const view = this.memory.view(tensor.place, tensor.layout);
    return (tensor.padded = this.large.keep(this.large.upload(view, shape)));
  }

  private product(
    to: number,
    from: number,
    by: number,
    step: {
      readonly row: number;
      readonly column: number;
      readonly fours: number;
      readonly steps: number;
    },
    groups: number,
  ): void {
    this.memory.kernels.product(to, from, step.row, step.column, by, step.fours, step.steps, groups);
  }

  private largeBatchNormalization(
    x: MixedTensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
    moving: MovingStatistics | null,
  ): BatchNormalized {
    const { large } = this;
    const [scale, shift] = [this.exactOf(gamma), this.exactOf(beta)];
    const normalized = large.batchNormalization(
      this.exactOf(x),
      scale,
      shift,
      epsilon,
      moving && {
        mean: ownVariable(moving.mean).targetVariable(),
        variance: ownVariable(moving.variance).targetVariable(),
        momentum: moving.momentum,
      },
    );
    return {
      output: this.adopt(this.made(x.shape), normalized.output),
      backward: (outputGradient): BatchNormalizationGradients => {
        const back = normalized.backward(this.exactOf(outputGradient));
        return {
          input: this.adopt(this.made(x.shape), back.input),
          gamma: this.adopt(this.made(gamma.shape), back.gamma),
          beta: this.adopt(this.made(gamma.shape), back.beta),
        };
      },
    };
  }

  private largeCrossEntropy(z: MixedTensor, labels: MixedIndexes): CrossEntropy {
    const entropy = this.large.softmaxCrossEntropy(this.exactOf(z), labels.indexes());
    const predicted = this.large.readNow(entropy.predicted);
    this.large.dispose([entropy.predicted]);
    return {
      losses: this.adopt(this.made(entropy.losses.shape), entropy.losses),
      predicted: this.scopes.track(new MixedIndexes(this.home, Int32Array.from(predicted))),
      gradient: () => this.adopt(this.made(z.shape), entropy.gradient()),
    };
  }

  /** Probabilities, and of each row the largest number, the sum of powers, and the place of the largest: `[3, rows]`. */
  private softmaxOf(z: MixedTensor): { readonly probabilities: MixedTensor; readonly figures: MixedTensor } {
    const { memory } = this;
    const { rows, columns, groups } = z.layout;
    const from = this.placeOf(z);
    const [probabilities, figures] = [this.made(z.shape), this.made([3, rows])];
    const to = probabilities.takePlace();
    figures.takePlace();
    const [largest, sum, place] = rowsOf(figures);
    const mask = memory.maskOf(columns);
    memory.kernels.softmax(to, 4 * largest, 4 * sum, 4 * place, from, mask, rows, groups);
    return { probabilities, figures };
  }

  private sums(x: MixedTensor): { readonly sum: number; readonly squares: number } {
    const { memory } = this;
    const result = this.made([2]);
    const from = this.placeOf(x);
    const at = result.takePlace();
    memory.kernels.sums(at, from, vectorsOf(x));
    const sums = { sum: memory.floats[at / 4] ?? NaN, squares: memory.floats[at / 4 + 1] ?? NaN };
    this.dispose([result]);
    return sums;
  }

  private number(value: number): MixedTensor {
    const tensor = this.made([]);
    this.memory.write(tensor.takePlace(), tensor.layout, [value]);
    return tensor;
  }

  /** moving = momentum × moving + (1 − momentum) × factor × batch */
  private move(moving: Variable, batch: number, momentum: number, factor: number): void {
    const { memory } = this;
    const variable = ownVariable(moving);
    const start = variable.targetPlace() / 4;
    const { floats } = memory;
    const share = (1 - momentum) * factor;
    for (let unit = 0; unit < variable.layout.columns; unit++) {
      const at = start + unit;
      floats[at] = momentum * (floats[at] ?? NaN) + share * (floats[batch / 4 + unit] ?? NaN);
    }
  }

  private valuesOf(tensor: Tensor | Indexes): Values {
    if (tensor.kind === 'indexes') return ownIndexes(tensor).values;
    const one = own(tensor);
    if (one.place !== null) return this.memory.read(one.place, one.layout);
    return this.large.readNow(this.exactOf(one));
  }
}

const foreign = 'A tensor of another compute was used.';

function own(tensor: Tensor): MixedTensor {
  if (!(tensor instanceof MixedTensor)) throw new Error(foreign);
  return tensor;
}

function ownIndexes(indexes: Indexes): MixedIndexes {
  if (!(indexes instanceof MixedIndexes)) throw new Error(foreign);
  return indexes;
}

function ownVariable(variable: Variable): MixedVariable {
  if (!(variable instanceof MixedVariable)) throw new Error(foreign);
  return variable;
}

/** Where the first three rows of a matrix in memory begin, in numbers. */
function rowsOf({ place, layout }: MixedTensor): [first: number, second: number, third: number] {
  if (place === null) throw new Error('A tensor is not in memory.');
  const width = layout.groups * 4;
  return [place / 4, place / 4 + width, place / 4 + 2 * width];
}

function isInMemory(tensor: MixedTensor): boolean {
  return tensor.place !== null;
}

function isSmallProduct(rows: number, columns: number, { layout }: MixedTensor): boolean {
  return rows * columns * layout.columns <= SMALL_PRODUCT;
}

function rowBytes(tensor: MixedTensor): number {
  return tensor.layout.groups * 16;
}

function vectorsOf(tensor: MixedTensor): number {
  return tensor.layout.rows * tensor.layout.groups;
}

function foursOf(rows: number): number {
  return Math.ceil(rows / 4);
}
