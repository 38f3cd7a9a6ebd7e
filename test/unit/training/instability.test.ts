import { expect, test } from 'vitest';
import { instability } from '../../../src-main/training/instability.ts';

const sound = { trainingLoss: 1, devLoss: 2, gradients: [{ name: 'L0_Dense_W', sum: 0.1 }], parameters: [] };

test('all that is finite is stable, also where nothing is evaluated', () => {
  expect(instability(3, sound)).toBeNull();
  expect(instability(3, { ...sound, devLoss: null, gradients: [] })).toBeNull();
});

test('the sentence names what is not a number, and the epoch', () => {
  const found = instability(3, {
    trainingLoss: NaN,
    devLoss: Infinity,
    gradients: [
      { name: 'L0_Dense_W', sum: NaN },
      { name: 'L0_Dense_B', sum: 1 },
    ],
    parameters: [{ name: 'L3_Dense_W', sum: -Infinity }],
  });
  expect(found).toBe(
    'Epoch 3 left numbers that are NaN or infinite: the training loss; the dev loss; gradients of L0_Dense_W; parameters L3_Dense_W. A lower --learning-rate often helps.',
  );
});
