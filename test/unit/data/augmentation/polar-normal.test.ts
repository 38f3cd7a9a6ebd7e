import { expect, test } from 'vitest';
import {
  cosine,
  halfTurns,
  radius,
  side,
  sine,
} from '../../../../src-main/data/augmentation/polar-normal.ts';

test('the upper 18 bits choose the distance', () => {
  for (let level = 0; level < 2 ** 18; level += level < 1000 || level > 2 ** 18 - 1000 ? 1 : 97) {
    const expected = Math.sqrt(-2 * Math.log((level + 0.5) / 2 ** 18));
    expect(Math.abs(radius(level << 14) / expected - 1)).toBeLessThan(1e-5);
    // The lower bits have no part in it.
    expect(radius((level << 14) | 0x3fff)).toBe(radius(level << 14));
  }
});

test('the lower 14 bits choose the angle', () => {
  for (let level = 0; level < 2 ** 13; level += 1) {
    const turns = halfTurns(level);
    // Two's complement: the upper half of the levels stands for the negative angles.
    expect(turns).toBe(((level < 4096 ? level : level - 8192) + 0.5) / 8192);
    expect(Math.abs(cosine(turns) - Math.cos(Math.PI * turns))).toBeLessThan(1e-5);
    expect(Math.abs(sine(turns) - Math.sin(Math.PI * turns))).toBeLessThan(1e-5);
  }
  expect([side(0x1fff), side(0x2000), side(0x4000)]).toEqual([1, -1, 1]);
});
