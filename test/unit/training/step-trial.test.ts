import { expect, test } from 'vitest';
import { selectCompute } from '../../../src-main/training/compute/select.ts';
import { workloadOf } from '../../../src-main/training/step-trial.ts';
import { smallConfig, smallSet } from '../../support/training/small-set.ts';

test('a workload counts what a step multiplies', () => {
  // 16 inputs, 6 and 5 units, 3 classes, minibatches of 10.
  const workload = workloadOf(smallConfig({ maxMinibatchSize: 10 }), smallSet());
  expect(workload.largestProduct).toBe(10 * 16 * 6);
  // Two products of the first layer, three of each other one, a multiplication and an addition each time.
  expect(workload.stepOperations).toBe(2 * 10 * (2 * 16 * 6 + 3 * 6 * 5 + 3 * 5 * 3));
  expect(workloadOf(smallConfig(), smallSet()).largestProduct).toBe(23 * 16 * 6);
  expect(workloadOf(smallConfig({ nbrClones: 3 }), smallSet()).largestProduct).toBe(69 * 16 * 6);
});

test('steps are timed on a whole minibatch where there is time, and leave nothing behind', async () => {
  const { compute } = await selectCompute('cpu');
  const workload = workloadOf(smallConfig({ maxMinibatchSize: 10, dropoutRate: 0.1 }), smallSet());
  await workload.time(compute, 1, Infinity);
  const alive = compute.alive();
  const { milliseconds, images } = await workload.time(compute, 60_000, Infinity);
  expect(images).toBe(10);
  expect(milliseconds).toBeGreaterThan(0);
  expect(compute.alive()).toBe(alive);
  await compute.close();
});

test('a step of many images is told from few of them where the time would not do', async () => {
  const { compute } = await selectCompute('cpu');
  const data = smallSet({ inputShape: [50, 50, 3], counts: { training: 60, dev: 1, test: 1 } });
  // 7500 × 200 multiplications an image: 11 images are the 2²⁴ to begin with.
  const workload = workloadOf(smallConfig({ layers: [200] }), data);
  const known = await workload.time(compute, 0, Infinity);
  expect(known.images).toBe(11);
  expect(known.milliseconds).toBeGreaterThan(0);
  await compute.close();
});
