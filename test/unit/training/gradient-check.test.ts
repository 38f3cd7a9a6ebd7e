import { describe, expect, test } from 'vitest';
import type { RunConfig } from '../../../src-preload/contract/config.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import type { Tensor } from '../../../src-main/training/compute/compute.ts';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import {
  checkGradients,
  chooseCheckBatch,
  gradientDistance,
  gradientFault,
  isCheckDue,
} from '../../../src-main/training/gradient-check.ts';
import { Network, networkDefinition, seededValues } from '../../../src-main/training/network/network.ts';
import { smallConfig, smallSet, trainSmall } from '../../support/training/small-set.ts';

/** A compute whose weight gradients are off by a tenth. */
class WrongGradient extends Float64Compute {
  override denseWeightsGradient(input: Tensor, outputGradient: Tensor): Tensor {
    const gradient = super.denseWeightsGradient(input, outputGradient);
    return this.addScaled(gradient, gradient, 0.1);
  }
}

function check(compute: Float64Compute, changes: Partial<RunConfig> = {}) {
  const data = smallSet();
  const definition = networkDefinition(smallConfig(changes), data.inputShape, 3);
  const network = new Network(compute, definition, seededValues(2));
  return checkGradients(network, chooseCheckBatch(data.parts.training, 16, 3, 1), 4, 1);
}

test('the distance is that of the formula', () => {
  // ‖(1, 0)‖ / (‖(2, 0)‖ + ‖(1, 0)‖)
  expect(gradientDistance([2, 0], [1, 0])).toBeCloseTo(1 / 3, 12);
  expect(gradientDistance([0, 0], [0, 0])).toBe(0);
  expect(gradientDistance([1, 1], [-1, -1])).toBe(1);
  // What float32 leaves of nothing is no difference.
  expect(gradientDistance([0, 1e-12], [5e-7, 0])).toBe(0);
});

test('it is due before the first epoch and every 25 epochs from there', () => {
  expect([1, 2, 25, 26, 27, 51].filter(isCheckDue)).toEqual([1, 26, 51]);
});

test.for([
  { layers: [6, 5] },
  { batchNorm: false, activation: 'sigmoid' },
  { model: 'OneLayer' },
] satisfies Partial<RunConfig>[])(
  'gradients that are right agree, two parameters of each tensor: %o',
  async (changes) => {
    const checked = await check(new Float64Compute(), changes);
    expect(gradientFault(1, checked)).toBeNull();
    for (const { analytic, numeric, distance } of checked) {
      expect(analytic).toHaveLength(2);
      expect(numeric).toHaveLength(2);
      // Both are in float64 here: differences alone, or the part of them below rounding.
      expect(distance).toBeLessThan(1e-5);
    }
  },
);

describe('a gradient that is wrong by a tenth', () => {
  test('is found, in every tensor that it concerns and in no other', async () => {
    const checked = await check(new WrongGradient());
    const off = checked.filter(({ distance }) => distance > 1e-3);
    expect(off.map((one) => one.parameter)).toEqual(['L0_Dense_W', 'L4_Dense_W', 'L8_Dense_W']);
    // 0.1 / (1 + 1.1)
    for (const { distance } of off) expect(distance).toBeCloseTo(0.1 / 2.1, 4);
    expect(gradientFault(26, checked)).toMatch(
      /^The gradient check before epoch 26 failed, .*L0_Dense_W by 0\.048/,
    );
  });

  test('ends the run where that is asked for', async () => {
    const config = smallConfig({ gradientChecks: 'exception' });
    const failing = trainSmall(new WrongGradient(), config);
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow('The gradient check before epoch 1 failed');
  });

  test('is told at every check otherwise', async () => {
    const config = smallConfig({ gradientChecks: 'warning', nbrEpochs: 27 });
    const { notices, epochs } = await trainSmall(new WrongGradient(), config);
    expect(notices.map((notice) => notice.slice(0, 42))).toEqual([
      'The gradient check before epoch 1 failed, ',
      'The gradient check before epoch 26 failed,',
    ]);
    expect(epochs).toHaveLength(27);
  });
});

test('checks change nothing', async () => {
  const [checked, unchecked] = [
    await trainSmall(new Float64Compute(), smallConfig({ gradientChecks: 'exception' })),
    await trainSmall(new Float64Compute(), smallConfig()),
  ];
  expect(checked.outcome.weightsSha256).toBe(unchecked.outcome.weightsSha256);
});

test('they are skipped with weight decay or dropout, which is said once', async () => {
  for (const changes of [{ weightDecay: 0.1 }, { dropoutRate: 0.2 }]) {
    const config = smallConfig({ gradientChecks: 'exception', nbrEpochs: 27, ...changes });
    const { notices } = await trainSmall(new WrongGradient(), config);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^Gradient checks are skipped: with --(weight-decay|dropout-rate)/);
  }
});
