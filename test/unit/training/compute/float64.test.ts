import { describe, expect, test } from 'vitest';
import { Float64Compute } from '../../../../src-main/training/compute/float64.ts';
import { testSmallNetworks } from '../../../support/training/small-networks.ts';

const compute = new Float64Compute();

function matrix(rows: number[][]) {
  return compute.upload(Float64Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]);
}

describe('a small network in float64', () => {
  testSmallNetworks(() => compute, 6);
});

describe('float64 gives what the formulas give', () => {
  test('a dense layer with a bias', () => {
    // [1 2; 3 4] · [1 0 2; 0 1 1] + [10 20 30] = [1 2 4; 3 4 10] + [10 20 30]
    const bias = compute.upload(Float64Array.of(10, 20, 30), [3]);
    const weights = matrix([
      [1, 0, 2],
      [0, 1, 1],
    ]);
    const input = matrix([
      [1, 2],
      [3, 4],
    ]);
    expect([...compute.values(compute.dense(input, weights, bias))]).toEqual([11, 22, 34, 13, 24, 40]);
  });

  test('batch normalization and its running statistics', () => {
    // Column 1, 3, 5: mean 3, biased variance (4 + 0 + 4) / 3 = 8/3, unbiased 4.
    // With gamma 2, beta 1, epsilon 1/3: 1 + 2 (x − 3) / √3.
    const mean = compute.variable(Float64Array.of(1), [1]);
    const variance = compute.variable(Float64Array.of(2), [1]);
    const [gamma, beta] = [2, 1].map((value) => compute.upload(Float64Array.of(value), [1]));
    if (!gamma || !beta) throw new Error('two were made');
    const { output } = compute.batchNormalization(matrix([[1], [3], [5]]), gamma, beta, 1 / 3, {
      mean,
      variance,
      momentum: 0.9,
    });
    const step = 4 / Math.sqrt(3);
    [1 - step, 1, 1 + step].forEach((value, index) => {
      expect(compute.values(output)[index]).toBeCloseTo(value, 12);
    });
    // 0.9 × 1 + 0.1 × 3 and 0.9 × 2 + 0.1 × 4
    expect(compute.values(compute.value(mean))[0]).toBeCloseTo(1.2, 12);
    expect(compute.values(compute.value(variance))[0]).toBeCloseTo(2.2, 12);
  });

  test('a batch of one sample moves the running variance towards 0, not to infinity', () => {
    const variance = compute.variable(Float64Array.of(1), [1]);
    const one = compute.upload(Float64Array.of(1), [1]);
    compute.batchNormalization(matrix([[7]]), one, one, 1e-5, {
      mean: compute.variable(Float64Array.of(0), [1]),
      variance,
      momentum: 0.9,
    });
    expect(compute.values(compute.value(variance))[0]).toBeCloseTo(0.9, 12);
  });

  test('softmax cross-entropy', () => {
    // Logits 0, ln 3: probabilities 1/4, 3/4. Labels 1 and 0 cost −ln 3/4 and −ln 1/4.
    const logits = matrix([
      [0, Math.log(3)],
      [0, Math.log(3)],
    ]);
    const entropy = compute.softmaxCrossEntropy(logits, compute.uploadIndexes(Int32Array.of(1, 0)));
    expect(compute.values(entropy.losses)[0]).toBeCloseTo(Math.log(4 / 3), 12);
    expect(compute.values(entropy.losses)[1]).toBeCloseTo(Math.log(4), 12);
    expect([...compute.values(entropy.predicted)]).toEqual([1, 1]);
    // (probability − truth) / 2
    [0.125, -0.125, -0.375, 0.375].forEach((value, index) => {
      expect(compute.values(entropy.gradient())[index]).toBeCloseTo(value, 12);
    });
  });
});
