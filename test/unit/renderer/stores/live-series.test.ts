import { expect, test } from 'vitest';
import { LiveSeries } from '../../../../src-renderer/stores/live-series.ts';

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

test('what was missed is put between what was there before and what has come since', () => {
  const curve = new LiveSeries('run', 'dev.loss');
  for (const epoch of [1, 2, 3]) curve.push(epoch, epoch);
  const before = curve.lastEpoch;
  curve.push(7, 7);
  curve.reset(new Uint32Array([4, 5, 6, 7]), new Float64Array([4, 5, 6, 9]), before);
  curve.push(8, 8);
  expect([...curve.series().epochs]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...curve.series().values]).toEqual([1, 2, 3, 4, 5, 6, 9, 8]);
  expect(curve.lastEpoch).toBe(8);
});
