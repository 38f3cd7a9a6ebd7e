import { expect } from 'vitest';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import type { LayerDefinition } from '../../../src-main/training/network/layer.ts';
import { countOf } from '../../../src-main/training/network/parameter.ts';
import { normalValues, randomStream } from '../../../src-main/training/random.ts';

const STEP = 1e-5;

/**
 * Holds each number of a gradient against (cost(x + step) − cost(x − step)) / (2 step). In float64 the error of that
 * is about step² = 1e-10, times the third derivative.
 */
export function expectGradient(values: Float64Array, gradient: Float64Array, cost: () => number): void {
  expect(gradient.length).toBe(values.length);
  values.forEach((value, index) => {
    values[index] = value + STEP;
    const above = cost();
    values[index] = value - STEP;
    const below = cost();
    values[index] = value;
    const measured = (above - below) / (2 * STEP);
    expect(Math.abs((gradient[index] ?? NaN) - measured)).toBeLessThan(1e-7 * (1 + Math.abs(measured)));
  });
}

/** Random numbers away from 0, where an activation may have a kink. */
export function awayFromZero(count: number, seed: number): Float64Array {
  return Float64Array.from(
    normalValues(count, 1, randomStream(seed)),
    (value) => value + Math.sign(value) * 0.01,
  );
}

/**
 * Holds all gradients of a layer, by its input and by its parameters, against central differences. The cost is the
 * sum of the outputs, each times a random number, so that its gradient by the output is these numbers.
 */
export function expectLayerGradients(definition: LayerDefinition, batch: number, inputs: number): void {
  const compute = new Float64Compute();
  const variables = [...definition.parameters, ...definition.statistics].map(({ shape }, index) =>
    compute.variable(awayFromZero(countOf(shape), index + 10), shape),
  );
  const layer = definition.build({
    compute,
    name: 'L1_Tested',
    parameters: variables.slice(0, definition.parameters.length),
    statistics: variables.slice(definition.parameters.length),
  });
  const input = compute.upload(awayFromZero(batch * inputs, 1), [batch, inputs]);
  const outputGradient = compute.upload(awayFromZero(batch * definition.outputs, 2), [
    batch,
    definition.outputs,
  ]);
  const pass = { seed: 3, moveStatistics: false };
  function cost(): number {
    const output = compute.values(layer.forward(input, pass).output);
    const factors = compute.values(outputGradient);
    return output.reduce((sum, value, index) => sum + value * (factors[index] ?? NaN), 0);
  }
  const gradients = layer.forward(input, pass).backward(outputGradient, true);
  if (gradients.input === null) throw new Error('The gradient by the input was asked for.');
  expectGradient(input.values, compute.values(gradients.input), cost);
  expect(gradients.parameters).toHaveLength(definition.parameters.length);
  gradients.parameters.forEach((gradient, index) => {
    const variable = variables[index];
    if (variable === undefined) throw new Error('There is a variable for each parameter.');
    expectGradient(compute.values(compute.value(variable)), compute.values(gradient), cost);
  });
}
