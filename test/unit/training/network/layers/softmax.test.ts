import { expect, test } from 'vitest';
import { Float64Compute } from '../../../../../src-main/training/compute/float64.ts';
import { softmax } from '../../../../../src-main/training/network/layers/softmax.ts';
import { awayFromZero, expectGradient } from '../../../../support/training/layer-gradients.ts';

const compute = new Float64Compute();
const layer = softmax(4).build(compute);

test('the gradient of softmax cross-entropy is that of the mean loss', () => {
  const logits = compute.upload(awayFromZero(20, 1), [5, 4]);
  const labels = compute.uploadIndexes(Int32Array.of(0, 3, 2, 2, 1));
  function cost(): number {
    const losses = compute.values(layer.loss(logits, labels).losses);
    return losses.reduce((sum, loss) => sum + loss, 0) / 5;
  }
  expectGradient(logits.values, compute.values(layer.loss(logits, labels).gradient()), cost);
});

test('equal logits share the probability, and cost ln of the number of classes', () => {
  const logits = compute.upload(Float64Array.of(9, 9, 9, 9), [1, 4]);
  expect([...compute.values(layer.probabilities(logits))]).toEqual([0.25, 0.25, 0.25, 0.25]);
  const { losses } = layer.loss(logits, compute.uploadIndexes(Int32Array.of(2)));
  expect(compute.values(losses)[0]).toBeCloseTo(Math.log(4), 12);
});
