import { expect, test } from 'vitest';
import { LiveSeries } from '../../../../src-renderer/stores/live-series.ts';
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

test('a curve takes what was read and what came meanwhile, each epoch once', () => {
  const curve = new LiveSeries('run', 'dev.loss');
  curve.push(4, 0.4);
  curve.push(5, 0.5);
  curve.reset(new Uint32Array([1, 2, 3, 4]), new Float64Array([0.1, 0.2, 0.3, 0.4]));
  curve.push(5, 9);
  expect([...curve.series().epochs]).toEqual([1, 2, 3, 4, 5]);
  expect([...curve.series().values]).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
});

test('a curve grows beyond the room that it had at first', () => {
  const curve = new LiveSeries('run', 'dev.loss');
  for (let epoch = 1; epoch <= 1000; epoch++) curve.push(epoch, epoch / 2);
  expect(curve.series().epochs).toHaveLength(1000);
  expect(curve.series().values[999]).toBe(500);
});
