import { expect, test } from 'vitest';
import { placesOf } from '../../../../src-renderer/stores/shown-colors.ts';

test('a run keeps its look as long as no other one that is shown has it', () => {
  const first = placesOf(['a', 'b'], new Map());
  expect([...first]).toEqual([
    ['a', 0],
    ['b', 1],
  ]);
  const known = new Map([...first, ['c', 1] as const]);
  // c and b had the same look at different times: shown together, the one that comes first keeps it.
  const together = placesOf(['c', 'b', 'd'], known);
  expect(new Set(together.values()).size).toBe(3);
  expect(together.get('c')).toBe(1);
});

test('a few runs have the colours that everyone can tell apart, whatever they looked like in a crowd', () => {
  const crowd = Array.from({ length: 200 }, (_, index) => `run${index}`);
  const known = placesOf(crowd, new Map());
  expect(new Set(known.values()).size).toBe(200);
  const few = placesOf(['run3', 'run150', 'run160'], known);
  expect(few.get('run3')).toBe(3);
  expect(Math.max(...few.values())).toBeLessThan(7);
  // Alone it has nothing to be told from.
  expect(placesOf(['run150'], known).get('run150')).toBe(150);
});
