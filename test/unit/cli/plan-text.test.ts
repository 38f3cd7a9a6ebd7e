import { expect, test } from 'vitest';
import { classesText, planText } from '../../../src-main/cli/plan-text.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';
import type { RunPlan } from '../../../src-preload/contract/run.ts';

const plan: RunPlan = {
  name: 'main',
  config: { ...defaultConfig(), nbrClones: 2, maxMinibatchSize: 30 },
  classes: ['cat', 'dog'],
  inputShape: [8, 4, 1],
  layers: [
    {
      name: 'L0_Dense',
      outputShape: [2],
      parameters: [{ name: 'L0_Dense_W', shape: [32, 2], count: 64 }],
    },
    { name: 'L1_Dropout', outputShape: [2], parameters: [] },
    {
      name: 'L2_BatchNormalization',
      outputShape: [2],
      parameters: [
        { name: 'L2_BatchNormalization_Gamma', shape: [2], count: 2 },
        { name: 'L2_BatchNormalization_Beta', shape: [2], count: 2 },
      ],
    },
  ],
  parameters: 68,
  samples: { training: 50, dev: 10, test: 9 },
  paramsPerSample: 0.68,
};

test('a plan tells samples, input, batches and the ratio of parameters to samples', () => {
  const text = planText(plan);
  expect(text).toMatch(/Samples +50 training × 2 clones, 10 dev, 9 test/);
  expect(text).toMatch(/Input +8×4×1 \(height × width × channels\)/);
  // 50 images and a clone of each are 100: three minibatches of 30 and one of 10.
  expect(text).toMatch(/100 epochs of 4 minibatches/);
  expect(text).toMatch(/Params\/samples +0\.68$/m);
});

test('each parameter stands beside its layer, with its shape and count', () => {
  const lines = planText(plan).split('\n');
  expect(lines.slice(-4).map((line) => line.trim().split(/ +/))).toEqual([
    ['L0_Dense', '2', 'L0_Dense_W', '32×2', '64'],
    ['L1_Dropout', '2'],
    ['L2_BatchNormalization', '2', 'L2_BatchNormalization_Gamma', '2', '2'],
    ['L2_BatchNormalization_Beta', '2', '2'],
  ]);
});

test('of many classes only the first are named', () => {
  const classes = Array.from({ length: 40 }, (_, index) => `c${index}`);
  expect(classesText(classes)).toMatch(/^40: c0, c1, .*c11, …$/);
  expect(classesText(['a', 'b'])).toBe('2: a, b');
});
