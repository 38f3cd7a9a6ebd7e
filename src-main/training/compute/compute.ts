import type { BackendName } from '../../../src-preload/contract/run.ts';

/** Numbers on a device. Only the compute that made it can use it, until it is disposed of. */
export interface Tensor {
  readonly kind: 'tensor';
  readonly shape: readonly number[];
}

/** Whole numbers on a device, `[count]`: classes of samples, or rows to gather. */
export interface Indexes {
  readonly kind: 'indexes';
  readonly count: number;
}

/** Numbers on a device that training changes in place. It lives until it is disposed of, whatever the scope. */
export interface Variable {
  readonly kind: 'variable';
  readonly shape: readonly number[];
}

/** What a read gives: `Int32Array` for indexes, else the precision of the compute. */
export type Values = Float32Array | Float64Array | Int32Array;

/** An activation; `slope` is the factor below 0. */
export type Activation =
  { readonly kind: 'leaky-relu'; readonly slope: number } | { readonly kind: 'relu' | 'tanh' | 'sigmoid' };

/** Running statistics that a training pass moves: value = momentum × value + (1 − momentum) × the batch's. */
export interface MovingStatistics {
  /** `[units]` */
  readonly mean: Variable;
  /** `[units]` */
  readonly variance: Variable;
  /** 0..1 */
  readonly momentum: number;
}

/** A batch normalized by its own statistics. */
export interface BatchNormalized {
  /** `[batch, units]` */
  readonly output: Tensor;
  /** Gradients of the cost, given its gradient by the output, `[batch, units]`. To be called in the same scope. */
  backward(outputGradient: Tensor): BatchNormalizationGradients;
}

export interface BatchNormalizationGradients {
  /** `[batch, units]` */
  readonly input: Tensor;
  /** `[units]` */
  readonly gamma: Tensor;
  /** `[units]` */
  readonly beta: Tensor;
}

/** Softmax cross-entropy of a batch. */
export interface CrossEntropy {
  /** −log of the probability given to each sample's own class, `[batch]`. */
  readonly losses: Tensor;
  /** The most probable class of each sample, the first of equals, `[batch]`. */
  readonly predicted: Indexes;
  /** Gradient of the mean loss by the logits, `[batch, classes]`. To be called in the same scope. */
  gradient(): Tensor;
}

/** A parameter and the gradient of the cost by it; both of one shape. */
export interface Update {
  readonly parameter: Variable;
  readonly gradient: Tensor;
}

/** The moments that Adam keeps of a parameter, of its shape, 0 before the first step. */
export interface AdamUpdate extends Update {
  readonly firstMoment: Variable;
  readonly secondMoment: Variable;
}

export interface AdamStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Steps taken, this one included: 1 at the first. */
  readonly step: number;
}

/**
 * What a network needs computed, on one backend. Calls only dispatch work and return at once; `read` alone waits for
 * results. Matrices are row-major, `[batch, units]`. Everything made within `scope` is released at its end.
 */
export interface Compute {
  readonly name: BackendName | 'float64';
  /** The library that computes, such as `libtensorflow 1.15.0`. */
  readonly library: string;
  /** The most bytes that one tensor may have. */
  readonly maxTensorBytes: number;

  /** Brings numbers to the device. The array must not be changed while the tensor lives. */
  upload(values: Float32Array | Float64Array, shape: readonly number[]): Tensor;
  /** Brings pixels of 0..255 to the device as numbers of 0..1. */
  uploadPixels(pixels: Uint8Array, shape: readonly number[]): Tensor;
  uploadIndexes(indexes: Int32Array): Indexes;
  /** Makes a variable that starts with these values. */
  variable(values: Float32Array | Float64Array, shape: readonly number[]): Variable;
  /** Makes a variable that starts with 0 everywhere. */
  zeros(shape: readonly number[]): Variable;
  /** What a variable holds now; valid until it is changed. */
  value(variable: Variable): Tensor;
  /** Replaces what a variable holds. */
  assign(variable: Variable, values: Float32Array | Float64Array): void;
  /** What a variable holds now, in a tensor that later steps do not change. */
  snapshot(variable: Variable): Tensor;
  /** Gives a variable back what a snapshot of it kept. */
  restore(variable: Variable, snapshot: Tensor): void;
  /** Waits for results and copies them to the host, all in one go where the backend can. */
  read(tensors: readonly (Tensor | Indexes)[]): Promise<Values[]>;

  /** Rows of a matrix, `[indexes, columns]`. */
  gather(rows: Tensor, indexes: Indexes): Tensor;
  /** The first columns of a matrix, `[rows, count]`. */
  columns(matrix: Tensor, count: number): Tensor;

  /** input `[batch, inputs]` · weights `[inputs, units]` (+ bias `[units]`): `[batch, units]`. */
  dense(input: Tensor, weights: Tensor, bias: Tensor | null): Tensor;
  /** inputᵀ · output gradient: `[inputs, units]`. */
  denseWeightsGradient(input: Tensor, outputGradient: Tensor): Tensor;
  /** output gradient · weightsᵀ: `[batch, inputs]`. */
  denseInputGradient(outputGradient: Tensor, weights: Tensor): Tensor;
  /** The output gradient summed over the batch: `[units]`. */
  biasGradient(outputGradient: Tensor): Tensor;

  /**
   * gamma × (input − mean) / √(variance + epsilon) + beta with the batch's own mean and variance (S. Ioffe and
   * C. Szegedy, Batch Normalization, 2015). With `moving`, these are moved towards the batch's mean and its unbiased
   * variance, Σ(x − mean)² / (batch − 1), because they stand for those of all images, not of this batch (the biased
   * one where the batch is a single sample).
   */
  batchNormalization(
    input: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
    moving: MovingStatistics | null,
  ): BatchNormalized;
  /** The same with a mean and a variance that are given, each `[units]`. */
  batchNormalizationWith(
    input: Tensor,
    gamma: Tensor,
    beta: Tensor,
    epsilon: number,
    mean: Tensor,
    variance: Tensor,
  ): Tensor;

  /** The activation of every element. */
  activate(activation: Activation, input: Tensor): Tensor;
  /** Gradient by an activation's input, from what it gave and the gradient by that. */
  activateBackward(activation: Activation, output: Tensor, outputGradient: Tensor): Tensor;

  /** 0 with probability `rate`, else 1 / (1 − rate); the same seed gives the same mask on the same backend. */
  dropoutMask(shape: readonly number[], rate: number, seed: number): Tensor;
  /** Element by element; both of one shape. */
  multiply(a: Tensor, b: Tensor): Tensor;

  softmaxCrossEntropy(logits: Tensor, labels: Indexes): CrossEntropy;
  /** Probabilities of each row, `[batch, classes]`. */
  softmax(logits: Tensor): Tensor;

  /** a + factor × b, both of one shape. */
  addScaled(a: Tensor, b: Tensor, factor: number): Tensor;
  /** ½ Σ x², `[]`. */
  l2Loss(tensor: Tensor): Tensor;
  /** Σ x, `[]`: finite where every element is. */
  sum(tensor: Tensor): Tensor;

  /** One step of Adam on every parameter, in place (D. P. Kingma and J. Ba, Adam, 2015, algorithm 1). */
  adam(updates: readonly AdamUpdate[], step: AdamStep): void;
  /** parameter −= learning rate × gradient for every parameter, in place. */
  gradientDescent(updates: readonly Update[], learningRate: number): void;

  /** Runs and releases every tensor made meanwhile, but those kept. Scopes may nest; nothing in it may be awaited. */
  scope<Result>(run: () => Result): Result;
  /** Takes a tensor out of the scope it was made in: it lives until it is disposed of. */
  keep<Kept extends Tensor | Indexes>(tensor: Kept): Kept;
  dispose(tensors: readonly (Tensor | Indexes | Variable)[]): void;
  /** Tensors and variables alive, the backend's own included. */
  alive(): number;
  /** Gives the device back; nothing can be computed afterwards. */
  close(): Promise<void>;
}
