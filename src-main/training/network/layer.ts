import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { Compute, Tensor, Variable } from '../compute/compute.ts';
import type { ParameterDefinition } from './parameter.ts';

/** Whose mean and variance batch normalization uses at evaluation. */
export type EvaluationStatistics = RunConfig['batchNormEval'];

/** What one training step tells its layers. */
export interface TrainingPass {
  /** Seed of this step's dropout masks. */
  readonly seed: number;
  /** Whether running statistics follow the batch; not while gradients are only looked at. */
  readonly moveStatistics: boolean;
}

/** Gradients of the cost that a layer gives back. */
export interface LayerGradients {
  /** `[batch, inputs]`; null where nobody needs it. */
  readonly input: Tensor | null;
  /** One for each of the layer's parameters, in their order and shape. */
  readonly parameters: readonly Tensor[];
}

/** A batch that has gone through a layer in training. */
export interface LayerPass {
  /** `[batch, outputs]` */
  readonly output: Tensor;
  /**
   * @param outputGradient gradient of the cost by the output, `[batch, outputs]`
   * @param needsInput false for the first layer that has parameters: nothing before it learns
   */
  backward(outputGradient: Tensor, needsInput: boolean): LayerGradients;
}

/** A layer on its device. */
export interface Layer {
  /** A training step's way through; to be gone back through in the same scope. */
  forward(input: Tensor, pass: TrainingPass): LayerPass;
  /** What the layer gives at evaluation: `[batch, inputs]` to `[batch, outputs]`. */
  evaluate(input: Tensor, statistics: EvaluationStatistics): Tensor;
}

/** What a layer is made of on its device. */
export interface LayerParts {
  readonly compute: Compute;
  /** `L<i>_<Layer>` */
  readonly name: string;
  /** One variable for each parameter of the definition, in its order. */
  readonly parameters: readonly Variable[];
  /** One variable for each statistic of the definition, in its order. */
  readonly statistics: readonly Variable[];
}

/** A layer before there is a device: all that a description needs. */
export interface LayerDefinition {
  /** Middle part of its name: `Dense`. */
  readonly kind: string;
  /** Numbers it gives for each sample. */
  readonly outputs: number;
  /** Whether it is the nonlinear function that a hidden layer ends with. */
  readonly isActivation?: boolean;
  /** Tensors that training changes by their gradient. */
  readonly parameters: readonly ParameterDefinition[];
  /** Tensors that belong to the model but follow the data instead of a gradient: not counted as parameters. */
  readonly statistics: readonly ParameterDefinition[];
  build(parts: LayerParts): Layer;
}

/** The variable at a place that the definition promised. */
export function variableAt(variables: readonly Variable[], place: number, layer: string): Variable {
  const variable = variables[place];
  if (variable === undefined) throw new Error(`Layer ${layer} lacks variable ${place}.`);
  return variable;
}
