import { expect, test } from 'vitest';
import { createPaceKeeper } from '../../../src-main/cli/pace.ts';

test('the speed is that of the epochs so far, and then of the last ten', () => {
  const pace = createPaceKeeper(500, 100);
  // One epoch of 500 images in 250 ms: 2,000 images/s; 99 more take 99 × 250 ms.
  expect(pace.add({ epoch: 1, elapsed: 250 })).toEqual({ imagesPerSecond: 2000, leftMs: 24_750 });
  for (let epoch = 2; epoch <= 12; epoch++) pace.add({ epoch, elapsed: 250 * epoch });
  // Ten times as fast from here on: ten epochs later nothing is left of the slow ones.
  let last = { imagesPerSecond: 0, leftMs: 0 };
  for (let epoch = 13; epoch <= 22; epoch++) last = pace.add({ epoch, elapsed: 3000 + 25 * (epoch - 12) });
  expect(last.imagesPerSecond).toBeCloseTo(20_000);
  expect(last.leftMs).toBeCloseTo(78 * 25);
});

test('epochs that take no time have no speed', () => {
  expect(createPaceKeeper(500, 1).add({ epoch: 1, elapsed: 0 })).toEqual({ imagesPerSecond: 0, leftMs: 0 });
});
