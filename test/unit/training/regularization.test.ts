import { expect, test } from 'vitest';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import { Readings } from '../../../src-main/training/readings.ts';
import { keepL2Terms, l2Cost, withL2Gradient } from '../../../src-main/training/regularization.ts';
import { expectGradient } from '../../support/training/layer-gradients.ts';

const compute = new Float64Compute();
const parameters = [
  { name: 'L0_Dense_W', shape: [2], variable: compute.variable(Float64Array.of(1, -2), [2]) },
  { name: 'L0_Dense_B', shape: [1], variable: compute.variable(Float64Array.of(3), [1]) },
];

test('the cost grows by half the weight decay times the sum of all squares', async () => {
  const readings = new Readings(compute);
  const terms = keepL2Terms(compute, readings, parameters, 0.1);
  await readings.read();
  // 0.5 × 0.1 × (1 + 4 + 9)
  expect(l2Cost(terms, 0.1)).toBeCloseTo(0.7, 12);
  expect(l2Cost(keepL2Terms(compute, readings, parameters, 0), 0)).toBe(0);
});

test('each gradient grows by (weight decay / batch size) × parameter', () => {
  const gradients = [Float64Array.of(10, 20), Float64Array.of(30)].map((values) =>
    compute.upload(values, [values.length]),
  );
  const regularized = withL2Gradient(compute, parameters, gradients, 0.5, 5);
  // 0.1 × 1, 0.1 × −2, 0.1 × 3
  expect(regularized.map((tensor) => [...compute.values(tensor)])).toEqual([[10.1, 19.8], [30.3]]);
  expect(withL2Gradient(compute, parameters, gradients, 0, 5)).toBe(gradients);
});

test('for a batch of one that is the derivative of the term in the cost', () => {
  const zero = compute.upload(new Float64Array(2), [2]);
  const first = parameters.slice(0, 1);
  const [gradient] = withL2Gradient(compute, first, [zero], 0.3, 1);
  const values = compute.values(
    compute.value(first[0]?.variable ?? compute.variable(new Float64Array(), [0])),
  );
  if (gradient === undefined) throw new Error('one gradient went in');
  expectGradient(values, compute.values(gradient), () => {
    const tensor = compute.upload(values, [2]);
    return 0.3 * (compute.values(compute.l2Loss(tensor))[0] ?? NaN);
  });
});
