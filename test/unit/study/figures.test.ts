import { expect, test } from 'vitest';
import { figureOf, noise } from '../../../src-main/study/figures.ts';
import { studyRun } from './study-run.ts';

test('figures of the last epoch are those of the tables', () => {
  const run = studyRun({
    training: [0.2, 0.6],
    dev: [0.1, 0.25],
    trainingCost: [2, 1],
    devCost: [2.5, 2.25],
  });
  expect(figureOf('training', run)).toBe(0.6);
  expect(figureOf('dev', run)).toBe(0.25);
  expect(figureOf('trainingCost', run)).toBe(1);
  expect(figureOf('devCost', run)).toBe(2.25);
  expect(figureOf('variance', run)).toBeCloseTo(0.35, 12);
});

test('an accuracy is reached at the first epoch that has it, and one epoch too late where none has', () => {
  const run = studyRun({ training: [0.1, 0.3, 0.2, 0.4] });
  expect(figureOf({ kind: 'epochTo', accuracy: 0.3 }, run)).toBe(2);
  expect(figureOf({ kind: 'epochTo', accuracy: 0.5 }, run)).toBe(5);
});

test('noise is what jumps, whatever slope is under it', () => {
  // A straight line has none; second differences of 0, 1, 0, 1 are −2, 2: √(8 / (6 · 2)).
  expect(noise([1, 2, 3, 4])).toBe(0);
  expect(noise([0, 1, 0, 1])).toBeCloseTo(Math.sqrt(8 / 12), 12);
  expect(noise([10, 13, 14, 17])).toBeCloseTo(Math.sqrt(8 / 12), 12);
  expect(noise([1, 2])).toBeNaN();
});

test('noise of a part of a curve, and how it grows', () => {
  const run = studyRun({ training: [0, 1, 0, 1, 2, 2, 2, 2] });
  expect(figureOf({ kind: 'noise', of: 'training', from: 1, to: 4 }, run)).toBeCloseTo(Math.sqrt(8 / 12), 12);
  expect(figureOf({ kind: 'noise', of: 'training', from: 5, to: 8 }, run)).toBe(0);
  expect(figureOf({ kind: 'noiseGrowth', of: 'training', at: 4 }, run)).toBe(0);
  // A steep beginning is no noise: of ten epochs the first is left out.
  const steep = studyRun({ training: [-9, 0, 1, 2, 3, 4, 5, 6, 7, 8] });
  expect(figureOf({ kind: 'noise', of: 'training' }, steep)).toBe(0);
  // The last three epochs are held against the three before them, which are a straight line, whatever came earlier.
  const late = studyRun({ training: [9, 0, 9, 0, 1, 2, 3, 5, 4] });
  expect(figureOf({ kind: 'noiseGrowth', of: 'training', at: 6 }, late)).toBe(Infinity);
  // It was cut short before that epoch.
  expect(figureOf({ kind: 'noise', of: 'training', from: 5, to: 100 }, run)).toBeNaN();
});

test('a curve is read about an epoch as the mean of five', () => {
  const run = studyRun({ dev: [0, 0, 0, 0, 0, 1, 2, 3, 4, 5] });
  expect(figureOf({ kind: 'at', of: 'dev', epoch: 10 }, run)).toBe(3);
  expect(figureOf({ kind: 'change', of: 'dev', from: 5, to: 10 }, run)).toBe(3);
  expect(figureOf({ kind: 'change', of: 'dev', from: 5, to: 11 }, run)).toBeNaN();
  expect(figureOf({ kind: 'least', of: 'dev', from: 7 }, run)).toBe(2);
  expect(figureOf({ kind: 'least', of: 'dev', from: 11 }, run)).toBeNaN();
});

test('the first layer is held against the one of the others that moved most', () => {
  expect(figureOf('firstLayerMoves', studyRun({}, { moved: [0.9, 0.1, 0.3] }))).toBeCloseTo(3, 12);
  expect(figureOf('firstLayerMoves', studyRun({}, { moved: [0.9] }))).toBeNaN();
});

test('what is lost by stopping early is how much lower the dev cost falls after it', () => {
  const devCost = [2, 1.5, 1.6, 1.7, 1.2];
  expect(figureOf('lostByStopping', studyRun({ devCost }, { earlyStopEpoch: 3 }))).toBeCloseTo(0.3, 12);
  expect(figureOf('lostByStopping', studyRun({ devCost }, { earlyStopEpoch: 5 }))).toBe(0);
  expect(figureOf('lostByStopping', studyRun({ devCost }))).toBeNaN();
});
