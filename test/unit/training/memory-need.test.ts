import { expect, test } from 'vitest';
import { checkMemory, memoryLimit, memoryNeed } from '../../../src-main/training/memory-need.ts';
import { networkDefinition } from '../../../src-main/training/network/network.ts';
import { smallConfig } from '../../support/training/small-set.ts';

const images = { training: 600, all: 850 };

test('the least that a training holds, worked out by hand', () => {
  // 110·110·3 = 36,300 inputs; 36,300·100 + 2·100 + 100·10 + 2·10 = 3,631,220 parameters; weights, gradients and the
  // two moments of Adam, 4 bytes each; 600 images of 36,300 inputs and 100 + 100 + 10 + 10 outputs.
  const config = smallConfig({ layers: [100] });
  const definition = networkDefinition(config, [110, 110, 3], 10);
  expect(memoryNeed(config, definition, images)).toEqual({
    parameters: 16 * 3_631_220,
    images: 850 * 36_300,
    minibatch: 4 * 600 * (36_300 + 220),
  });
  const plain = smallConfig({ layers: [100], optimizer: 'Constant' });
  expect(memoryNeed(plain, definition, images).parameters).toBe(8 * 3_631_220);
});

test('what cannot fit is refused with its figures, and with what could be smaller', () => {
  const limit = 1e9;
  expect(() => {
    checkMemory({ parameters: 9e8, images: 1e7, minibatch: 1e7 }, limit, 1);
  }).not.toThrow();
  expect(() => {
    checkMemory({ parameters: 2e9, images: 1e7, minibatch: 1e7 }, limit, 125_000_000);
  }).toThrow(
    'This training cannot fit: it needs 2.0 GB of memory at least, of 1.0 GB that there are; its 125,000,000 parameters alone take 2.0 GB. Take fewer units with --layers, or smaller images with --resize.',
  );
  expect(() => {
    checkMemory({ parameters: 1, images: 1e7, minibatch: 3e9 }, limit, 1);
  }).toThrow('--max-minibatch-size');
  expect(() => {
    checkMemory({ parameters: 1, images: 3e9, minibatch: 1e7 }, limit, 1);
  }).toThrow('--resize');
});

test('the limit is what this machine has, or less', () => {
  expect(memoryLimit()).toBeGreaterThan(2 ** 28);
});
