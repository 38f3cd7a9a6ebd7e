import { expect, test } from 'vitest';
import { ablationRuns, ablations } from '../../../src-preload/contract/ablation.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';

const CONFIG = {
  ...defaultConfig(),
  trim: true,
  grayscale: true,
  dropoutRate: 0.5,
  rotAngle: 20,
  layers: [16],
};

test('every piece that is on is left out once, alone, beside the whole', () => {
  const all = ablations(CONFIG, 'K');
  expect(all.map(({ name }) => name)).toEqual([
    'K',
    'K without trim',
    'K without grayscale',
    'K without rotation',
    'K without dropout',
  ]);
  expect(all[1]?.config).toEqual({ ...CONFIG, trim: false });
  expect(all[4]?.config).toEqual({ ...CONFIG, dropoutRate: 0 });
});

test('of a plain configuration nothing can be left out', () => {
  expect(ablations(defaultConfig(), 'plain')).toHaveLength(1);
});

test('each has the same seeds, so that they can be held against each other in pairs', () => {
  const runs = ablationRuns({ ...CONFIG, modelSeed: 7 }, 'K', 3);
  expect(runs).toHaveLength(15);
  expect(new Set(runs.map(({ modelSeed }) => modelSeed))).toEqual(new Set([7, 8, 9]));
  expect(runs.filter(({ expId }) => expId === 'K without trim').map(({ modelSeed }) => modelSeed)).toEqual([
    7, 8, 9,
  ]);
});
