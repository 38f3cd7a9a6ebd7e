import { describe, expect, test } from 'vitest';
import { Float64Compute } from '../../../../src-main/training/compute/float64.ts';
import { createOptimizer } from '../../../../src-main/training/optimizers/create-optimizer.ts';
import type { OptimizerOptions } from '../../../../src-main/training/optimizers/create-optimizer.ts';

/** Values of one parameter after each step, one gradient a step, one step an epoch. */
function trace(options: OptimizerOptions, start: number, gradients: readonly number[]): number[] {
  const compute = new Float64Compute();
  const parameter = {
    name: 'L0_Dense_W',
    shape: [1],
    variable: compute.variable(Float64Array.of(start), [1]),
  };
  const optimizer = createOptimizer(compute, [parameter], options);
  return gradients.map((gradient, index) => {
    optimizer.step([compute.upload(Float64Array.of(gradient), [1])], index + 1);
    return compute.values(compute.value(parameter.variable))[0] ?? NaN;
  });
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index] ?? NaN, 9);
  });
}

describe('Adam', () => {
  test('takes a whole step of its rate at first, whatever the size of the gradient', () => {
    // m̂ = g and v̂ = g², so that the step is rate × g / |g|, but for epsilon.
    expectClose(trace({ optimizer: 'Adam', learningRate: 0.1, decay: 0.9 }, 1, [1000]), [0.9]);
    expect(trace({ optimizer: 'Adam', learningRate: 0.1, decay: 0.9 }, 1, [-1e-3])[0]).toBeCloseTo(1.1, 5);
  });

  test('follows the algorithm of its paper for three steps', () => {
    // Gradients 1, 2, −1 with rate 0.1; epsilon 1e-8 changes nothing in seven decimals.
    // t=1: m 0.1, v 0.001: m̂ 1, v̂ 1: 1 − 0.1
    // t=2: m 0.29, v 0.004999: m̂ 0.29/0.19 = 1.5263158, v̂ 0.004999/0.001999 = 2.5007504: − 0.1 × 1.5263158/1.5813761
    // t=3: m 0.161, v 0.005994001: m̂ 0.161/0.271 = 0.5940959, v̂ 0.005994001/0.002997001 = 1.9999997:
    //      − 0.1 × 0.5940959/1.4142134
    const found = trace({ optimizer: 'Adam', learningRate: 0.1, decay: 0.9 }, 1, [1, 2, -1]);
    expect(found[0]).toBeCloseTo(0.9, 7);
    expect(found[1]).toBeCloseTo(0.803481797, 7);
    expect(found[2]).toBeCloseTo(0.761472867, 7);
  });
});

test('Constant subtracts rate × gradient at every step', () => {
  // 1 − 0.5 × 0.2, then − 0.5 × −0.4, then − 0.5 × 1
  expectClose(
    trace({ optimizer: 'Constant', learningRate: 0.5, decay: 0.9 }, 1, [0.2, -0.4, 1]),
    [0.9, 1.1, 0.6],
  );
});

test('ExponentialDecay takes the whole rate in the first epoch, then e^(−decay) times the one before', () => {
  // decay ln 2 halves the rate: 1, 0.5, 0.25 times gradient 1.
  const options = { optimizer: 'ExponentialDecay', learningRate: 1, decay: Math.log(2) } as const;
  expectClose(trace(options, 0, [1, 1, 1]), [-1, -1.5, -1.75]);
});

test('the rate of an epoch can be asked for; epochs count from 1', () => {
  const compute = new Float64Compute();
  const rates = (['Adam', 'Constant', 'ExponentialDecay'] as const).map((optimizer) =>
    [1, 3].map((epoch) =>
      createOptimizer(compute, [], { optimizer, learningRate: 2, decay: 0.9 }).learningRate(epoch),
    ),
  );
  expect(rates.slice(0, 2)).toEqual([
    [2, 2],
    [2, 2],
  ]);
  expect(rates[2]?.[0]).toBe(2);
  // 2 × exp(−0.9 × 2)
  expect(rates[2]?.[1]).toBeCloseTo(0.330597776, 8);
});
