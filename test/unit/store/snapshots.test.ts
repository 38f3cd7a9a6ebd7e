import { expect, test } from 'vitest';
import { packSnapshot, unpackSnapshot } from '../../../src-main/store/snapshots.ts';
import type {
  ConfusionSnapshot,
  FinalConfusionSnapshot,
  ImagesSnapshot,
  PredictedSnapshot,
  SamplesSnapshot,
  UnitsSnapshot,
} from '../../../src-preload/contract/snapshot.ts';
import { epochFigures, ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStore } from '../../support/store/temporary-store.ts';

const owner = ownerNamed('owner');

function confusion(epoch: number, part: ConfusionSnapshot['part']): ConfusionSnapshot {
  return { kind: 'confusion', epoch, part, classes: 2, counts: Uint32Array.of(70_000, 1, 2, epoch) };
}

function finalConfusion(epoch: number, part: ConfusionSnapshot['part']): FinalConfusionSnapshot {
  return { ...confusion(epoch, part), kind: 'final-confusion', counts: Uint32Array.of(1, 2, 3, 4) };
}

function units(epoch: number, parameter: string): UnitsSnapshot {
  return {
    kind: 'units',
    epoch,
    parameter,
    scale: 0.25,
    count: 2,
    width: 2,
    height: 1,
    channels: 3,
    pixels: Uint8Array.from({ length: 12 }, (_, index) => index * 20 + epoch),
  };
}

const samples: SamplesSnapshot = {
  kind: 'samples',
  epoch: 3,
  labels: [4, 0],
  count: 2,
  width: 1,
  height: 2,
  channels: 1,
  pixels: Uint8Array.of(0, 127, 128, 255),
};

const images: ImagesSnapshot = {
  kind: 'images',
  epoch: 1,
  part: 'training',
  clones: 2,
  labels: Uint16Array.of(0, 300, 65_535),
  paths: ['a/1.png', 'größe/2.png', 'c/3.png'],
};
const few: PredictedSnapshot = {
  kind: 'predicted',
  epoch: 7,
  part: 'dev',
  classes: 256,
  predicted: Uint8Array.of(0, 255, 7),
};
const many: PredictedSnapshot = { ...few, classes: 257, predicted: Uint16Array.of(0, 256, 7) };

test('every kind comes back from its bytes as it was, wherever the bytes lie in memory', () => {
  const all = [confusion(7, 'dev'), finalConfusion(7, 'test'), units(7, 'L0_Dense_W'), samples];
  for (const snapshot of [...all, images, few, many]) {
    const packed = packSnapshot(snapshot);
    const shifted = new Uint8Array(packed.length + 5);
    shifted.set(packed, 5);
    expect(unpackSnapshot(shifted.subarray(5))).toEqual(snapshot);
  }
});

test('bytes that are cut off, or hold fewer numbers than they say, are refused', () => {
  for (const snapshot of [confusion(7, 'dev'), samples, images]) {
    const packed = packSnapshot(snapshot);
    expect(() => unpackSnapshot(packed.subarray(0, packed.length - 4))).toThrow(/damaged/);
  }
  expect(() => unpackSnapshot(packSnapshot(samples).subarray(0, 20))).toThrow(/damaged/);
  expect(() => unpackSnapshot(Uint8Array.of())).toThrow(/damaged/);
});

test('snapshots are read by epoch, else of the last epoch that has any, ordered by name', () => {
  const store = temporaryStore();
  const run = queuedRun({ id: 'a' });
  store.insert([run], owner, 0);
  store.recordEpochs(run, owner, [
    { figures: epochFigures(1), snapshots: [confusion(1, 'training'), confusion(1, 'dev')] },
  ]);
  store.recordEpochs(run, owner, [
    { figures: epochFigures(2), snapshots: [units(2, 'L4_Dense_W'), units(2, 'L0_Dense_W')] },
  ]);
  store.end({ ...run, status: 'finished' }, owner, [finalConfusion(1, 'dev')], []);

  expect(store.snapshots('a', 'confusion')).toEqual([confusion(1, 'dev'), confusion(1, 'training')]);
  // The weights of epoch 1 were kept; what was counted in that epoch stays beside what they are worth.
  expect(store.snapshots('a', 'final-confusion')).toEqual([finalConfusion(1, 'dev')]);
  expect(store.snapshots('a', 'confusion', 1)).toEqual([confusion(1, 'dev'), confusion(1, 'training')]);
  expect(store.snapshots('a', 'units')).toEqual([units(2, 'L0_Dense_W'), units(2, 'L4_Dense_W')]);
  expect(store.snapshots('a', 'samples')).toEqual([]);
  expect(store.snapshots('a', 'units', 1)).toEqual([]);
  expect(store.snapshotEpochs('a', 'units')).toEqual([2]);
  expect(() => store.snapshots('b', 'units')).toThrow(/no run/);
});
