import { describe, expect, test } from 'vitest';
import { lossShape } from '../../../src-main/analysis/loss-shape.ts';

function curve(epochs: number, lossAt: (epoch: number) => number): number[] {
  return Array.from({ length: epochs }, (_, index) => lossAt(index + 1));
}

/** Between −1 and 1, by chance. */
function noise(epoch: number): number {
  return Math.sin(epoch * 12.9898) * Math.cos(epoch * 78.233);
}

test('a few epochs have no shape', () => {
  expect(lossShape(curve(9, (epoch) => 1 / epoch))).toBe(null);
  expect(lossShape(curve(10, (epoch) => 1 / epoch))).not.toBe(null);
});

test('what a loss fell by over the last fifth, and over all', () => {
  // From 2 at the first epoch to 1 at the last, 0.01 an epoch: 1.2 twenty epochs before the end.
  const shape = lossShape(curve(101, (epoch) => 2 - (epoch - 1) / 100));
  expect(shape?.epochs).toBe(20);
  expect(shape?.fall).toBeCloseTo(0.2 / 1.2, 12);
  expect(shape?.wholeFall).toBeCloseTo(0.5, 12);
  expect(shape).toMatchObject({ isFalling: true, fallsThroughout: true, keepsPace: true });
  expect(shape?.bounce).toMatchObject({ rises: 0, rise: NaN });
});

test('one that has slowed down does not keep pace', () => {
  const shape = lossShape(curve(100, (epoch) => 1 + Math.exp(-epoch / 5)));
  expect(shape).toMatchObject({ isFalling: true, keepsPace: false });
  expect(shape?.fall).toBeLessThan(1e-6);
});

describe('what chance does is no fall', () => {
  test('of a loss that lies flat under noise', () => {
    expect(lossShape(curve(200, (epoch) => 1 + 0.1 * noise(epoch)))).toMatchObject({
      isFalling: false,
      fallsThroughout: false,
    });
  });

  test('a fall that noise hides in the end shows throughout', () => {
    expect(lossShape(curve(200, (epoch) => 1 - epoch / 5000 + 0.02 * noise(epoch)))).toMatchObject({
      fallsThroughout: true,
    });
  });
});

test('a bounce is counted over the second half, and over a thousand epochs at most', () => {
  const bounce = lossShape(curve(40, (epoch) => (epoch < 20 ? 5 : 1 + (epoch % 2))))?.bounce;
  // 19 steps from epoch 21 to 40, every other one from 1 up to 2.
  expect(bounce).toEqual({ steps: 19, rises: 9, rise: 1, size: 1 });
  expect(lossShape(curve(5000, (epoch) => 1 + (epoch % 2)))?.bounce.steps).toBe(1000);
});
