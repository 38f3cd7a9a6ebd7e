import { expect, test } from 'vitest';
import { packPredictions, unpackPredictions } from '../../../src-main/store/predictions.ts';
import type { Prediction } from '../../../src-preload/contract/run.ts';
import { ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStore } from '../../support/store/temporary-store.ts';

const predictions: Prediction[] = [
  { path: '0/a "quoted" name.png', label: 0, predicted: 9, probability: 1 / 3 },
  { path: 'été/二.png', label: 70_000, predicted: 1, probability: 1 },
  { path: '1/b.png', label: 1, predicted: 0, probability: NaN },
];

test('predictions come back as they were: paths in any script, probabilities to the last bit, NaN', () => {
  expect(unpackPredictions(packPredictions(predictions))).toEqual(predictions);
  expect(unpackPredictions(packPredictions([]))).toEqual([]);
});

test('paths of one folder take little room', () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({
    path: `seven/image-${index}.png`,
    label: 7,
    predicted: 7,
    probability: 0.5,
  }));
  // 16 bytes each beside the path, whose text alone is some 19.
  expect(packPredictions(many).length).toBeLessThan(1000 * 22);
});

test('bytes that are cut off are refused', () => {
  const packed = packPredictions(predictions);
  expect(() => unpackPredictions(packed.subarray(0, 40))).toThrow(/damaged/);
  expect(() => unpackPredictions(packed.subarray(0, 4))).toThrow(/damaged/);
});

test('a run that has ended gives them, and one that has not has none', () => {
  const store = temporaryStore();
  const owner = ownerNamed('owner');
  const run = queuedRun({ id: 'a' });
  store.insert([run, queuedRun({ id: 'b' })], owner, 0);
  store.end({ ...run, status: 'finished' }, owner, [], predictions);
  expect(store.predictions('a')).toEqual(predictions);
  expect(store.predictions('b')).toEqual([]);
});
