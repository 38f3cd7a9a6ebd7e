import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import type { BackendName } from '../../../src-preload/contract/run.ts';
import type {
  Activation,
  Compute,
  Indexes,
  Tensor,
  Values,
} from '../../../src-main/training/compute/compute.ts';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import { ladder, selectCompute } from '../../../src-main/training/compute/select.ts';
import { normalValues, randomStream } from '../../../src-main/training/random.ts';

/** float32 carries 24 bits; sums of up to a few hundred terms lose some of them. */
const TOLERANCE = 2e-5;

/** Largest difference, relative to the largest number that should have come out. */
export function relativeError(found: Values, expected: Values): number {
  expect(found.length).toBe(expected.length);
  let difference = 0;
  let largest = 1e-30;
  expected.forEach((value, index) => {
    largest = Math.max(largest, Math.abs(value));
    const error = Math.abs((found[index] ?? NaN) - value);
    difference = Number.isNaN(error) ? Infinity : Math.max(difference, error);
  });
  return difference / largest;
}

/** Backends that a machine may lack; the others are part of every installation. */
const MAY_BE_ABSENT: readonly BackendName[] = ['cuda', 'webgpu', 'native'];

/** Opens a backend before the tests of a file and closes it after them; skips them where it is not there. */
export function useBackend(name: BackendName): (context: TestContext) => Compute {
  let compute: Compute | undefined;
  let absence = '';
  beforeAll(async () => {
    const rung = (await ladder()).find((one) => one.name === name);
    if (rung?.available === true || !MAY_BE_ABSENT.includes(name)) {
      compute = (await selectCompute(name)).compute;
    } else {
      absence = `no ${name} here: ${rung?.reason ?? ''}`;
      console.log(`skipped, ${absence}`);
    }
  });
  afterAll(() => compute?.close());
  return (context) => compute ?? context.skip(absence);
}

type Made = (Tensor | Indexes)[];

/** Holds a backend against float64, operation by operation. */
export function describeAgreement(name: BackendName, backend: (context: TestContext) => Compute): void {
  const exact = new Float64Compute();

  async function agree(context: TestContext, run: (compute: Compute) => Made, tolerance = TOLERANCE) {
    const compute = backend(context);
    const found = run(compute);
    const expected = await exact.read(run(exact));
    const values = await compute.read(found);
    compute.dispose(found);
    expect(values.length).toBe(expected.length);
    values.forEach((one, index) => {
      expect(relativeError(one, expected[index] ?? new Float64Array())).toBeLessThan(tolerance);
    });
  }

  describe(`${name} agrees with float64`, () => {
    const random = randomStream(7, name);
    function numbers(count: number): Float32Array<ArrayBuffer> {
      return normalValues(count, 1, random);
    }
    const shapes = [
      { batch: 1, inputs: 1, units: 2 },
      { batch: 5, inputs: 3, units: 4 },
      { batch: 17, inputs: 70, units: 9 },
      { batch: 64, inputs: 33, units: 10 },
      { batch: 7, inputs: 300, units: 21 },
    ];

    test.for(shapes)('dense layers of %o', async ({ batch, inputs, units }, context) => {
      const [x, w, bias, dy] = [
        numbers(batch * inputs),
        numbers(inputs * units),
        numbers(units),
        numbers(batch * units),
      ];
      await agree(context, (compute) => {
        const input = compute.upload(x, [batch, inputs]);
        const weights = compute.upload(w, [inputs, units]);
        const gradient = compute.upload(dy, [batch, units]);
        const shift = compute.upload(bias, [units]);
        const made = [
          compute.dense(input, weights, null),
          compute.dense(input, weights, shift),
          compute.denseWeightsGradient(input, gradient),
          compute.denseInputGradient(gradient, weights),
          compute.biasGradient(gradient),
        ];
        compute.dispose([input, weights, gradient, shift]);
        return made;
      });
    });

    test.for(shapes)('batch normalization of %o', async ({ batch, units }, context) => {
      const [x, gamma, beta, dy] = [
        numbers(batch * units),
        numbers(units),
        numbers(units),
        numbers(batch * units),
      ];
      const [mean, variance] = [numbers(units), numbers(units).map((value) => value * value)];
      await agree(
        context,
        (compute) => {
          const input = compute.upload(x, [batch, units]);
          const parts = [gamma, beta, mean, variance].map((values) => compute.upload(values, [units]));
          const [scale, shift, centre, spread] = parts;
          if (!scale || !shift || !centre || !spread) throw new Error('four parts were made');
          const moving = {
            mean: compute.variable(mean, [units]),
            variance: compute.variable(variance, [units]),
            momentum: 0.9,
          };
          const gradient = compute.upload(dy, [batch, units]);
          const trained = compute.batchNormalization(input, scale, shift, 1e-5, moving);
          const back = trained.backward(gradient);
          const given = compute.batchNormalizationWith(input, scale, shift, 1e-5, centre, spread);
          const zeros = compute.upload(new Float32Array(units), [units]);
          const moved = [moving.mean, moving.variance].map((one) =>
            compute.addScaled(compute.value(one), zeros, 1),
          );
          compute.dispose([input, gradient, zeros, ...parts, moving.mean, moving.variance]);
          return [trained.output, back.gamma, back.beta, given, ...moved, back.input];
        },
        // A batch of one has no spread, so that only rounding is left of its gradient.
        batch === 1 ? 1e-3 : TOLERANCE,
      );
    });

    test.for([
      { kind: 'leaky-relu', slope: 0.01 },
      { kind: 'relu' },
      { kind: 'tanh' },
      { kind: 'sigmoid' },
    ] satisfies Activation[])('activation %o', async (activation, context) => {
      const [x, dy] = [numbers(60), numbers(60)];
      x.set([0, -0.0001, 0.0001, 8, -8]);
      await agree(context, (compute) => {
        const input = compute.upload(x, [6, 10]);
        const gradient = compute.upload(dy, [6, 10]);
        const output = compute.activate(activation, input);
        const back = compute.activateBackward(activation, output, gradient);
        compute.dispose([input, gradient]);
        return [output, back];
      });
    });

    test('softmax cross-entropy, also of logits whose exponentials overflow', async (context) => {
      const logits = numbers(40).map((value) => value * 5);
      logits.set([500, -500, 0, 1]);
      await agree(context, (compute) => {
        const input = compute.upload(logits, [10, 4]);
        const labels = compute.uploadIndexes(Int32Array.of(1, 0, 2, 3, 1, 1, 0, 2, 3, 3));
        const entropy = compute.softmaxCrossEntropy(input, labels);
        const made = [entropy.losses, entropy.predicted, entropy.gradient(), compute.softmax(input)];
        return [...made, input, labels];
      });
    });

    test('gather, columns, products, scaled sums and reductions', async (context) => {
      const [a, b] = [numbers(70), numbers(70)];
      await agree(context, (compute) => {
        const left = compute.upload(a, [7, 10]);
        const right = compute.upload(b, [7, 10]);
        const rows = compute.uploadIndexes(Int32Array.of(6, 0, 3, 3));
        return [
          left,
          right,
          rows,
          compute.gather(left, rows),
          compute.columns(left, 3),
          compute.multiply(left, right),
          compute.addScaled(left, right, 0.37),
          compute.l2Loss(left),
          compute.sum(left),
          compute.uploadPixels(Uint8Array.of(0, 1, 127, 128, 254, 255), [2, 3]),
        ];
      });
    });

    test('dropout masks are the same for the same seed, and leave the mean where it was', async (context) => {
      const compute = backend(context);
      const masks = [5, 5, 6].map((seed) => compute.dropoutMask([100, 100], 0.25, seed));
      const [first, second, third] = await compute.read(masks);
      compute.dispose(masks);
      expect(first).toEqual(second);
      expect(first).not.toEqual(third);
      const kept = [...(first ?? [])].filter((value) => value !== 0);
      // 1 / (1 − 0.25); the share kept of 10,000 has a standard deviation of √(0.25 × 0.75 / 10,000) = 0.0043.
      expect(Math.max(...kept)).toBeCloseTo(4 / 3, 6);
      expect(Math.min(...kept)).toBeCloseTo(4 / 3, 6);
      expect(Math.abs(kept.length / 10_000 - 0.75)).toBeLessThan(5 * 0.0043);
    });

    test('five steps of Adam and of gradient descent', async (context) => {
      const start = numbers(12);
      const gradients = Array.from({ length: 5 }, () => numbers(12));
      await agree(context, (compute) => {
        const variables = [start, start, new Float32Array(12), new Float32Array(12)].map((values) =>
          compute.variable(values, [3, 4]),
        );
        const [parameter, other, firstMoment, secondMoment] = variables;
        if (!parameter || !other || !firstMoment || !secondMoment)
          throw new Error('four variables were made');
        gradients.forEach((values, index) => {
          const gradient = compute.upload(values, [3, 4]);
          const hyper = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: index + 1 };
          compute.adam([{ parameter, gradient, firstMoment, secondMoment }], hyper);
          compute.gradientDescent([{ parameter: other, gradient }], 0.1);
          compute.dispose([gradient]);
        });
        const ones = compute.upload(new Float32Array(12).fill(1), [3, 4]);
        const read = variables.map((one) => compute.multiply(compute.value(one), ones));
        compute.dispose([...variables, ones]);
        return read;
      });
    });

    test('a scope releases all but what is kept, also when it throws', async (context) => {
      const compute = backend(context);
      const alive = compute.alive();
      const kept = compute.scope(() => {
        const one = compute.upload(Float32Array.of(1, 2), [2]);
        compute.scope(() => compute.multiply(one, one));
        return compute.keep(compute.multiply(one, one));
      });
      expect(() =>
        compute.scope(() => {
          compute.uploadIndexes(Int32Array.of(1));
          throw new Error('on the way');
        }),
      ).toThrow('on the way');
      expect(compute.alive()).toBe(alive + 1);
      expect(await compute.read([kept])).toEqual([Float32Array.of(1, 4)]);
      compute.dispose([kept]);
      expect(compute.alive()).toBe(alive);
    });
  });
}
