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

class Float64Tensor implements Tensor {
  readonly kind = 'tensor';
  readonly shape: readonly number[];
  readonly values: Float64Array;

  constructor(values: Float64Array, shape: readonly number[]) {
    const count = shape.reduce((product, side) => product * side, 1);
    if (values.length !== count) {
      throw new Error(`${values.length} values do not fill the shape [${shape.join(', ')}].`);
    }
    this.shape = shape;
    this.values = values;
  }
}

class Float64Indexes implements Indexes {
  readonly kind = 'indexes';
  readonly count: number;
  readonly values: Int32Array;

  constructor(values: Int32Array) {
    this.count = values.length;
    this.values = values;
  }
}

class Float64Variable implements Variable {
  readonly kind = 'variable';
  readonly shape: readonly number[];
  values: Float64Array;

  constructor(values: Float64Array, shape: readonly number[]) {
    this.shape = shape;
    this.values = values;
  }
}

const foreign = 'A tensor of another compute was used.';

function own(tensor: Tensor): Float64Tensor {
  if (!(tensor instanceof Float64Tensor)) throw new Error(foreign);
  return tensor;
}

function ownIndexes(indexes: Indexes): Int32Array {
  if (!(indexes instanceof Float64Indexes)) throw new Error(foreign);
  return indexes.values;
}

function ownVariable(variable: Variable): Float64Variable {
  if (!(variable instanceof Float64Variable)) throw new Error(foreign);
  return variable;
}

/** Element of an array that is known to be long enough: loops over whole tensors ask for millions of them. */
function at(values: Float64Array | Int32Array, index: number): number {
  return values[index] as number;
}

/** `[rows, columns]`, checked. */
function matrixOf(tensor: Tensor): {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
} {
  const { values, shape } = own(tensor);
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined || shape.length !== 2) {
    throw new Error(`A tensor of shape [${shape.join(', ')}] is no matrix.`);
  }
  return { values, rows, columns };
}

/** a `[rows, inner]` · b `[inner, columns]`; zeros of `a`, frequent in images, are skipped. */
function product(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let middle = 0; middle < inner; middle++) {
      const factor = at(a, row * inner + middle);
      if (factor === 0) continue;
      const start = middle * columns;
      const target = row * columns;
      for (let column = 0; column < columns; column++) {
        result[target + column] = at(result, target + column) + factor * at(b, start + column);
      }
    }
  }
  return result;
}

function transposed(values: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = at(values, row * columns + column);
    }
  }
  return result;
}

function columnSums(values: Float64Array, rows: number, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      sums[column] = at(sums, column) + at(values, row * columns + column);
    }
  }
  return sums;
}

function move(moving: Variable, batch: Float64Array, momentum: number): void {
  const variable = ownVariable(moving);
  variable.values = variable.values.map(
    (value, index) => momentum * value + (1 - momentum) * at(batch, index),
  );
}

/** The probabilities of each row and their logarithms. */
function softmaxRows(logits: Tensor): {
  readonly logarithms: Float64Array;
  readonly probabilities: Float64Array;
} {
  const { values, rows, columns } = matrixOf(logits);
  const logarithms = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    const line = values.subarray(row * columns, (row + 1) * columns);
    // The largest logit is taken off first, so that no exponential overflows.
    const largest = line.reduce((most, value) => Math.max(most, value), -Infinity);
    const logSum = Math.log(line.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    for (let column = 0; column < columns; column++) {
      logarithms[row * columns + column] = at(line, column) - largest - logSum;
    }
  }
  return { logarithms, probabilities: logarithms.map((logarithm) => Math.exp(logarithm)) };
}

function activated(activation: Activation, x: number): number {
  switch (activation.kind) {
    case 'leaky-relu':
      return x > 0 ? x : activation.slope * x;
    case 'relu':
      return Math.max(0, x);
    case 'tanh':
      return Math.tanh(x);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-x));
  }
}

/** Derivative of an activation, from what it gave. */
function slopeAt(activation: Activation, y: number): number {
  switch (activation.kind) {
    case 'leaky-relu':
      return y > 0 ? 1 : activation.slope;
    case 'relu':
      return y > 0 ? 1 : 0;
    case 'tanh':
      return 1 - y * y;
    case 'sigmoid':
      return y * (1 - y);
  }
}

/**
 * Computes in float64, in plain loops that follow the formulas: slow, and exact enough to judge the others by. The
 * cost of gradient checks is computed with it.
 */
export class Float64Compute implements Compute {
  readonly name = 'float64';
  readonly library = 'float64 in JavaScript';
  readonly maxTensorBytes = Infinity;

  upload(values: Float32Array | Float64Array, shape: readonly number[]): Float64Tensor {
    return new Float64Tensor(Float64Array.from(values), [...shape]);
  }

  uploadPixels(pixels: Uint8Array, shape: readonly number[]): Tensor {
    return new Float64Tensor(
      Float64Array.from(pixels, (pixel) => pixel / 255),
      [...shape],
    );
  }

  uploadIndexes(indexes: Int32Array): Indexes {
    return new Float64Indexes(indexes.slice());
  }

  variable(values: Float32Array | Float64Array, shape: readonly number[]): Variable {
    return new Float64Variable(Float64Array.from(values), [...shape]);
  }

  zeros(shape: readonly number[]): Variable {
    const count = shape.reduce((product, side) => product * side, 1);
    return new Float64Variable(new Float64Array(count), [...shape]);
  }

  value(variable: Variable): Tensor {
    return new Float64Tensor(ownVariable(variable).values, variable.shape);
  }

  assign(variable: Variable, values: Float32Array | Float64Array): void {
    ownVariable(variable).values = Float64Array.from(values);
  }

  snapshot(variable: Variable): Tensor {
    return new Float64Tensor(ownVariable(variable).values.slice(), variable.shape);
  }

  restore(variable: Variable, snapshot: Tensor): void {
    ownVariable(variable).values = own(snapshot).values.slice();
  }

  read(tensors: readonly (Tensor | Indexes)[]): Promise<Values[]> {
    return Promise.resolve(
      tensors.map((tensor) =>
        tensor.kind === 'indexes' ? ownIndexes(tensor).slice() : own(tensor).values.slice(),
      ),
    );
  }

  /** What a tensor holds, without waiting: nothing here is ever pending. Not a copy. */
  values(tensor: Tensor): Float64Array;
  values(indexes: Indexes): Int32Array;
  values(tensor: Tensor | Indexes): Float64Array | Int32Array {
    return tensor.kind === 'indexes' ? ownIndexes(tensor) : own(tensor).values;
  }

  gather(rows: Tensor, indexes: Indexes): Tensor {
    const { values, columns } = matrixOf(rows);
    const chosen = ownIndexes(indexes);
    const result = new Float64Array(chosen.length * columns);
    chosen.forEach((row, place) => {
      result.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
    });
    return new Float64Tensor(result, [chosen.length, columns]);
  }

  columns(matrix: Tensor, count: number): Tensor {
    const { values, rows, columns } = matrixOf(matrix);
    const result = new Float64Array(rows * count);
    for (let row = 0; row < rows; row++) {
      result.set(values.subarray(row * columns, row * columns + count), row * count);
    }
    return new Float64Tensor(result, [rows, count]);
  }

  dense(input: Tensor, weights: Tensor, bias: Tensor | null): Tensor {
    const [x, w] = [matrixOf(input), matrixOf(weights)];
    const result = product(x.values, w.values, x.rows, x.columns, w.columns);
    if (bias !== null) {
      const added = own(bias).values;
      for (let index = 0; index < result.length; index++) {
        result[index] = at(result, index) + at(added, index % w.columns);
      }
    }
    return new Float64Tensor(result, [x.rows, w.columns]);
  }

  denseWeightsGradient(input: Tensor, outputGradient: Tensor): Tensor {
    const [x, dy] = [matrixOf(input), matrixOf(outputGradient)];
    return new Float64Tensor(
      product(transposed(x.values, x.rows, x.columns), dy.values, x.columns, x.rows, dy.columns),
      [x.columns, dy.columns],
    );
  }

  denseInputGradient(outputGradient: Tensor, weights: Tensor): Tensor {
    const [dy, w] = [matrixOf(outputGradient), matrixOf(weights)];
    return new Float64Tensor(
      product(dy.values, transposed(w.values, w.rows, w.columns), dy.rows, dy.columns, w.rows),
      [dy.rows, w.rows],
    );
  }

  biasGradient(outputGradient: Tensor): Tensor {
    const { values, rows, columns } = matrixOf(outputGradient);
    return new Float64Tensor(columnSums(values, rows, columns), [columns]);
  }

  batchNormalization(
    input: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
    moving: MovingStatistics | null,
  ): BatchNormalized {
    const { values: x, rows, columns } = matrixOf(input);
    const [scale, shift] = [own(gamma).values, own(beta).values];
    const mean = columnSums(x, rows, columns).map((sum) => sum / rows);
    const centred = x.map((value, index) => value - at(mean, index % columns));
    const squares = columnSums(
      centred.map((value) => value * value),
      rows,
      columns,
    );
    const inverseDeviation = squares.map((sum) => 1 / Math.sqrt(sum / rows + epsilon));
    const normalized = centred.map((value, index) => value * at(inverseDeviation, index % columns));
    if (moving !== null) {
      const unbiased = squares.map((sum) => sum / Math.max(1, rows - 1));
      move(moving.mean, mean, moving.momentum);
      move(moving.variance, unbiased, moving.momentum);
    }
    return {
      output: new Float64Tensor(
        normalized.map((value, index) => value * at(scale, index % columns) + at(shift, index % columns)),
        input.shape,
      ),
      backward: (outputGradient) => {
        const dy = own(outputGradient).values;
        const betaGradient = columnSums(dy, rows, columns);
        const gammaGradient = columnSums(
          dy.map((value, index) => value * at(normalized, index)),
          rows,
          columns,
        );
        const inputGradient = dy.map((value, index) => {
          const column = index % columns;
          return (
            ((at(scale, column) * at(inverseDeviation, column)) / rows) *
            (rows * value - at(betaGradient, column) - at(normalized, index) * at(gammaGradient, column))
          );
        });
        return {
          input: new Float64Tensor(inputGradient, input.shape),
          gamma: new Float64Tensor(gammaGradient, [columns]),
          beta: new Float64Tensor(betaGradient, [columns]),
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
    const { values, columns } = matrixOf(input);
    const [scale, shift, centre, spread] = [gamma, beta, mean, variance].map((tensor) => own(tensor).values);
    if (!scale || !shift || !centre || !spread) throw new Error(foreign);
    return new Float64Tensor(
      values.map((value, index) => {
        const column = index % columns;
        const normalized = (value - at(centre, column)) / Math.sqrt(at(spread, column) + epsilon);
        return at(scale, column) * normalized + at(shift, column);
      }),
      input.shape,
    );
  }

  activate(activation: Activation, input: Tensor): Tensor {
    return new Float64Tensor(
      own(input).values.map((x) => activated(activation, x)),
      input.shape,
    );
  }

  activateBackward(activation: Activation, output: Tensor, outputGradient: Tensor): Tensor {
    const y = own(output).values;
    return new Float64Tensor(
      own(outputGradient).values.map((dy, index) => dy * slopeAt(activation, at(y, index))),
      output.shape,
    );
  }

  dropoutMask(shape: readonly number[], rate: number, seed: number): Tensor {
    const count = shape.reduce((product, side) => product * side, 1);
    return new Float64Tensor(Float64Array.from(dropoutMaskValues(count, rate, seed)), [...shape]);
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    const factor = own(b).values;
    return new Float64Tensor(
      own(a).values.map((value, index) => value * at(factor, index)),
      a.shape,
    );
  }

  softmaxCrossEntropy(logits: Tensor, labels: Indexes): CrossEntropy {
    const { values, rows, columns } = matrixOf(logits);
    const classes = ownIndexes(labels);
    const { logarithms, probabilities } = softmaxRows(logits);
    const predicted = Int32Array.from({ length: rows }, (_, row) => {
      const line = values.subarray(row * columns, (row + 1) * columns);
      return line.reduce((best, value, column) => (value > at(line, best) ? column : best), 0);
    });
    return {
      losses: new Float64Tensor(
        Float64Array.from(classes, (label, row) => -at(logarithms, row * columns + label)),
        [rows],
      ),
      predicted: new Float64Indexes(predicted),
      gradient: () =>
        new Float64Tensor(
          probabilities.map((probability, index) => {
            const isLabel = index % columns === at(classes, Math.floor(index / columns));
            return (probability - (isLabel ? 1 : 0)) / rows;
          }),
          logits.shape,
        ),
    };
  }

  softmax(logits: Tensor): Tensor {
    return new Float64Tensor(softmaxRows(logits).probabilities, logits.shape);
  }

  addScaled(a: Tensor, b: Tensor, factor: number): Tensor {
    const added = own(b).values;
    return new Float64Tensor(
      own(a).values.map((value, index) => value + factor * at(added, index)),
      a.shape,
    );
  }

  l2Loss(tensor: Tensor): Tensor {
    return new Float64Tensor(
      Float64Array.of(own(tensor).values.reduce((sum, value) => sum + value * value, 0) / 2),
      [],
    );
  }

  sum(tensor: Tensor): Tensor {
    return new Float64Tensor(Float64Array.of(own(tensor).values.reduce((sum, value) => sum + value, 0)), []);
  }

  adam(updates: readonly AdamUpdate[], step: AdamStep): void {
    const { learningRate, beta1, beta2, epsilon } = step;
    for (const update of updates) {
      const gradient = own(update.gradient).values;
      const [first, second] = [ownVariable(update.firstMoment), ownVariable(update.secondMoment)];
      first.values = first.values.map((m, index) => beta1 * m + (1 - beta1) * at(gradient, index));
      second.values = second.values.map((v, index) => beta2 * v + (1 - beta2) * at(gradient, index) ** 2);
      const parameter = ownVariable(update.parameter);
      parameter.values = parameter.values.map((value, index) => {
        const corrected = at(first.values, index) / (1 - beta1 ** step.step);
        const spread = at(second.values, index) / (1 - beta2 ** step.step);
        return value - (learningRate * corrected) / (Math.sqrt(spread) + epsilon);
      });
    }
  }

  gradientDescent(updates: readonly Update[], learningRate: number): void {
    for (const update of updates) {
      const gradient = own(update.gradient).values;
      const parameter = ownVariable(update.parameter);
      parameter.values = parameter.values.map((value, index) => value - learningRate * at(gradient, index));
    }
  }

  scope<Result>(run: () => Result): Result {
    return run();
  }

  keep<Kept extends Tensor | Indexes>(tensor: Kept): Kept {
    return tensor;
  }

  /** Nothing to do: these tensors are ordinary arrays. */
  dispose(): void {}

  alive(): number {
    return 0;
  }

  async close(): Promise<void> {}
}
