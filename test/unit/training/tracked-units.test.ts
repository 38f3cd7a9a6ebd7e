import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../src-preload/contract/config.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { describeNetwork, networkDefinition } from '../../../src-main/training/network/network.ts';
import { pictureScale, trackedUnits, unitsSnapshot } from '../../../src-main/training/tracked-units.ts';

const inputShape = [4, 6, 3] as const;
const description = describeNetwork(
  networkDefinition({ ...defaultConfig(), layers: [12, 7] }, inputShape, 10),
);

function track(parameter: string, units: number) {
  const [tracked] = trackedUnits([{ parameter, units }], description, inputShape);
  if (tracked === undefined) throw new Error('one was asked for');
  return tracked;
}

describe('a tracked unit is a picture', () => {
  test("of the image's own shape for the first layer's weights", () => {
    expect(track('L0_Dense_W', 12)).toMatchObject({ width: 6, height: 4, channels: 3, units: 12 });
  });

  test('in the grid nearest to a square for other weights', () => {
    // 12 = 4 × 3; 7 is prime.
    expect(track('L4_Dense_W', 2)).toMatchObject({ width: 4, height: 3, channels: 1 });
    expect(track('L8_Dense_W', 2)).toMatchObject({ width: 7, height: 1, channels: 1 });
  });

  test('of one pixel where a unit has one number', () => {
    expect(track('L2_BatchNormalization_Gamma', 12)).toMatchObject({ width: 1, height: 1, channels: 1 });
  });
});

test('a parameter that is not there is refused with the list of those that are', () => {
  expect(() => track('L1_Dense_W', 2)).toThrow(UserError);
  expect(() => track('L1_Dense_W', 2)).toThrow(
    'there is no parameter L1_Dense_W. There are L0_Dense_W, L2_BatchNormalization_Gamma, L2_BatchNormalization_Beta, L4_Dense_W',
  );
});

test('more units than there are are refused with the range', () => {
  expect(() => track('L0_Dense_W', 13)).toThrow('L0_Dense_W has 12 units; take 1 to 12.');
});

test('weights become grey values on one scale: 0 in the middle, the scale at the ends, beyond it cut off', () => {
  const tracked = {
    parameter: 'L4_Dense_W',
    shape: [3, 9],
    units: 2,
    width: 3,
    height: 1,
    channels: 1,
  } as const;
  // Values [weights, units]: unit 0 is 0, 1, −1; unit 1 is 0.5, 2, −2. round(127.5 + 127.5 w / 1)
  const snapshot = unitsSnapshot(tracked, Float32Array.of(0, 0.5, 1, 2, -1, -2), 1, 4);
  expect([...snapshot.pixels]).toEqual([128, 255, 0, 191, 255, 0]);
  expect(snapshot).toMatchObject({ kind: 'units', epoch: 4, count: 2, width: 3, height: 1, scale: 1 });
});

test('the scale leaves room above the largest first weight, and is 1 where all are 0', () => {
  expect(pictureScale(Float32Array.of(0.25, -0.75))).toBe(1.5);
  expect(pictureScale(new Float32Array(3))).toBe(1);
});
