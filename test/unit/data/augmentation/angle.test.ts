import { expect, test } from 'vitest';
import { cosine, halfTurns, side, sine } from '../../../../src-main/data/augmentation/angle.ts';

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
