import { expect, test } from 'vitest';
import type { SeenDataset } from '../../../src-preload/contract/dataset.ts';
import { temporaryStore } from '../../support/store/temporary-store.ts';

const numbers: SeenDataset = {
  name: 'numbers',
  folder: '/data/numbers',
  fingerprint: 'f1',
  classes: ['0', '1'],
  samples: { training: 7, dev: 2, test: 1 },
  images: 11,
  unreadable: 1,
  lastUsedAt: '2026-01-01T00:00:00.000Z',
};

test('a data set used again is one, with its latest use; with other images it is another one', () => {
  const store = temporaryStore();
  expect(store.datasets()).toEqual([]);
  const colors = {
    ...numbers,
    name: 'colors',
    folder: '/data/colors',
    lastUsedAt: '2026-01-02T00:00:00.000Z',
  };
  const again = { ...numbers, lastUsedAt: '2026-01-03T00:00:00.000Z' };
  const changed = { ...numbers, fingerprint: 'f2', images: 12, lastUsedAt: '2026-01-04T00:00:00.000Z' };
  for (const seen of [numbers, colors, again, changed]) store.recordDataset(seen);
  expect(store.datasets()).toEqual([changed, again, colors]);
});
