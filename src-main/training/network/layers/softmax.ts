import type { Compute, CrossEntropy, Indexes, Tensor } from '../../compute/compute.ts';

/** The last layer: it turns logits into probabilities, and is the one that knows the loss. */
export interface OutputLayer {
  /** Cross-entropy of logits `[batch, classes]`; its gradient by a logit is (probability − truth) / batch. */
  loss(logits: Tensor, labels: Indexes): CrossEntropy;
  /** e^z / Σ e^z of each row, `[batch, classes]`. */
  probabilities(logits: Tensor): Tensor;
}

export interface OutputDefinition {
  readonly kind: 'Softmax';
  readonly outputs: number;
  build(compute: Compute): OutputLayer;
}

/** Softmax with cross-entropy. Both are computed in one step, so that no probability is rounded to 0 before its log. */
export function softmax(classes: number): OutputDefinition {
  return {
    kind: 'Softmax',
    outputs: classes,
    build: (compute) => ({
      loss: (logits, labels) => compute.softmaxCrossEntropy(logits, labels),
      probabilities: (logits) => compute.softmax(logits),
    }),
  };
}
