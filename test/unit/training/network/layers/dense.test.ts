import { expect, test } from 'vitest';
import { dense } from '../../../../../src-main/training/network/layers/dense.ts';
import { expectLayerGradients } from '../../../../support/training/layer-gradients.ts';

test('the gradients of a dense layer are those of its cost', () => {
  expectLayerGradients(dense(3, 4, { bias: false }), 5, 3);
});

test('the gradients of a dense layer with a bias are those of its cost', () => {
  expectLayerGradients(dense(3, 4, { bias: true }), 5, 3);
});

test('a dense layer has a bias only where it is asked for', () => {
  expect(dense(3, 4, { bias: false }).parameters.map((one) => one.suffix)).toEqual(['W']);
  expect(dense(3, 4, { bias: true }).parameters.map((one) => one.suffix)).toEqual(['W', 'B']);
});
