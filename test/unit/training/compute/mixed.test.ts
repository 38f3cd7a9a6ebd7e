import { describe, expect, test } from 'vitest';
import type { Compute } from '../../../../src-main/training/compute/compute.ts';
import { Float64Compute } from '../../../../src-main/training/compute/float64.ts';
import { MixedCompute } from '../../../../src-main/training/compute/mixed.ts';
import { createVectorMemory, layoutOf } from '../../../../src-main/training/compute/vector-memory.ts';
import { normalValues, randomStream } from '../../../../src-main/training/random.ts';
import { relativeError, useBackend } from '../../../support/training/compute-agreement.ts';

const backend = useBackend('native');

function numbers(count: number, name: string): Float32Array<ArrayBuffer> {
  return normalValues(count, 1, randomStream(5, name));
}

describe('memory of the vector kernels', () => {
  test('rows are padded with zeros, and read without', () => {
    const memory = createVectorMemory();
    if (memory === null) throw new Error('This engine has vector instructions.');
    const layout = layoutOf([2, 5]);
    const place = memory.take(layout);
    memory.view(place, layout).fill(9);
    memory.write(place, layout, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([...memory.view(place, layout)]).toEqual([1, 2, 3, 4, 5, 0, 0, 0, 6, 7, 8, 9, 10, 0, 0, 0]);
    expect([...memory.read(place, layout)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('a place that was given back is handed out again', () => {
    const memory = createVectorMemory();
    if (memory === null) throw new Error('This engine has vector instructions.');
    const layout = layoutOf([30, 7]);
    const first = memory.take(layout);
    const second = memory.take(layout);
    expect(second).not.toBe(first);
    memory.giveBack(first, layout);
    expect(memory.take(layout)).toBe(first);
    expect(memory.taken).toBe(2);
  });
});

test('what is held stays while the memory grows, and so does what the library uses in place', async (context) => {
  const compute = backend(context);
  const values = numbers(64 * 16, 'values');
  const weights = numbers(16 * 1024, 'weights');
  const held = compute.upload(values, [64, 16]);
  const factor = compute.upload(weights, [16, 1024]);
  // Made by the library from both, where they lie.
  const before = compute.dense(held, factor, null);
  const many = Array.from({ length: 300 }, () => compute.upload(numbers(2 ** 14, 'many'), [128, 128]));
  const after = compute.dense(held, factor, null);
  const [first, second, still] = await compute.read([before, after, held]);
  expect(second).toEqual(first);
  expect(still).toEqual(values);
  compute.dispose([held, factor, before, after, ...many]);
});

test('what is no number stays none, all the way to the loss and the gradients', async (context) => {
  const compute = backend(context);
  const input = compute.upload(Float32Array.of(1, 2, NaN, 4, 5, 6), [2, 3]);
  const read = await compute.read(
    compute.scope(() => {
      const activated = compute.activate({ kind: 'leaky-relu', slope: 0.01 }, input);
      const entropy = compute.softmaxCrossEntropy(activated, compute.uploadIndexes(Int32Array.of(0, 1)));
      const gradient = entropy.gradient();
      return [entropy.losses, gradient, compute.sum(gradient), compute.l2Loss(input)].map((one) =>
        compute.keep(one),
      );
    }),
  );
  const [losses, gradient, sum, l2] = read.map((one) => [...one].map((value) => Number.isNaN(value)));
  expect(losses).toEqual([true, false]);
  expect(gradient).toEqual([true, true, true, false, false, false]);
  expect([sum, l2]).toEqual([[true], [true]]);
});

/** A batch that is normalized with running statistics, again and again, large and small by turns. */
function normalizedByTurns(compute: Compute) {
  const units = 12;
  const moving = {
    mean: compute.zeros([units]),
    variance: compute.variable(new Float32Array(units).fill(1), [units]),
    momentum: 0.9,
  };
  const [gamma, beta] = ['gamma', 'beta'].map((name) => compute.upload(numbers(units, name), [units]));
  if (gamma === undefined || beta === undefined) throw new Error('two were made');
  const outputs = [10_000, 7, 10_000, 3].flatMap((batch, turn) => {
    const input = compute.upload(numbers(batch * units, `batch ${turn}`), [batch, units]);
    const dy = compute.upload(numbers(batch * units, `gradient ${turn}`), [batch, units]);
    const normalized = compute.batchNormalization(input, gamma, beta, 1e-5, moving);
    const back = normalized.backward(dy);
    return [normalized.output, back.input, back.gamma, back.beta];
  });
  return [...outputs, compute.value(moving.mean), compute.value(moving.variance)];
}

test('running statistics go on, whichever part of the compute moves them', async (context) => {
  const found = await backend(context).read(normalizedByTurns(backend(context)));
  const exact = new Float64Compute();
  const expected = await exact.read(normalizedByTurns(exact));
  found.forEach((values, index) => {
    expect(relativeError(values, expected[index] ?? new Float64Array())).toBeLessThan(1e-4);
  });
});

test('parts of other computes are refused', (context) => {
  const compute = backend(context);
  expect(compute).toBeInstanceOf(MixedCompute);
  const other = new Float64Compute();
  const foreign = other.upload(Float64Array.of(1), [1]);
  expect(() => compute.sum(foreign)).toThrow('A tensor of another compute was used.');
});
