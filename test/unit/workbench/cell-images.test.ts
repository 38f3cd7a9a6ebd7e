import { expect, test } from 'vitest';
import type { Prediction } from '../../../src-preload/contract/run.ts';
import type { Snapshot } from '../../../src-preload/contract/snapshot.ts';
import { cellImages } from '../../../src-main/workbench/cell-images.ts';

const IMAGES: Snapshot[] = [
  {
    ...{ kind: 'images', epoch: 1, part: 'training', clones: 2 },
    labels: Uint16Array.of(0, 0, 1),
    paths: ['a/1.png', 'a/2.png', 'b/1.png'],
  },
  {
    ...{ kind: 'images', epoch: 1, part: 'dev', clones: 1 },
    labels: Uint16Array.of(0, 0, 1),
    paths: ['a/3.png', 'a/4.png', 'b/2.png'],
  },
];

function predicted(epoch: number, part: 'training' | 'dev', ...classes: number[]): Snapshot {
  return { kind: 'predicted', epoch, part, classes: 2, predicted: Uint8Array.from(classes) };
}

function storeOf(snapshots: readonly Snapshot[], predictions: Prediction[] = []) {
  return {
    snapshots: (_id: string, kind: Snapshot['kind'], epoch?: number) =>
      snapshots.filter((one) => one.kind === kind && (epoch === undefined || one.epoch === epoch)),
    snapshotEpochs: (_id: string, kind: Snapshot['kind']) => [
      ...new Set(snapshots.flatMap((one) => (one.kind === kind ? [one.epoch] : []))),
    ],
    predictions: () => predictions,
  };
}

test('a cell of training images counts clones, and names each image once', () => {
  const store = storeOf([...IMAGES, predicted(4, 'training', 1, 1, 0, 1, 1, 1)]);
  expect(cellImages(store, 'run', { part: 'training', epoch: 4, actual: 0, predicted: 1 })).toEqual({
    epoch: 4,
    count: 3,
    images: [
      { path: 'a/1.png', times: 2, probability: null },
      { path: 'a/2.png', times: 1, probability: null },
    ],
  });
});

test('an epoch of which nothing is kept has the images of the one before it, which is said', () => {
  const store = storeOf([...IMAGES, predicted(1, 'dev', 1, 0, 0), predicted(9, 'dev', 0, 1, 1)]);
  const cell = { part: 'dev', actual: 0, predicted: 1 } as const;
  expect(cellImages(store, 'run', { ...cell, epoch: 8 })).toMatchObject({
    epoch: 1,
    images: [{ path: 'a/3.png' }],
  });
  expect(cellImages(store, 'run', { ...cell, epoch: 20 })).toMatchObject({
    epoch: 9,
    images: [{ path: 'a/4.png' }],
  });
});

test('dev images of the weights that were kept come the surest first', () => {
  const final: Snapshot = {
    ...{ kind: 'final-confusion', epoch: 2, part: 'dev', classes: 2 },
    counts: Uint32Array.of(0, 2, 0, 1),
  };
  const sure = [0.6, 0.9, 0.7].map((probability, index) => ({
    path: ['a/3.png', 'a/4.png', 'b/2.png'][index] ?? '',
    label: index === 2 ? 1 : 0,
    predicted: 1,
    probability,
  }));
  const store = storeOf([...IMAGES, predicted(1, 'dev', 1, 1, 1), predicted(2, 'dev', 1, 1, 1), final], sure);
  const cell = { part: 'dev', actual: 0, predicted: 1 } as const;
  expect(cellImages(store, 'run', { ...cell, epoch: 2 })?.images).toEqual([
    { path: 'a/4.png', times: 1, probability: 0.9 },
    { path: 'a/3.png', times: 1, probability: 0.6 },
  ]);
  expect(
    cellImages(store, 'run', { ...cell, epoch: 1 })?.images.map(({ probability }) => probability),
  ).toEqual([null, null]);
});

test('a run that keeps counts alone says so', () => {
  expect(cellImages(storeOf([]), 'run', { part: 'dev', epoch: 1, actual: 0, predicted: 1 })).toBeNull();
});
