import { expect, test } from 'vitest';
import { nearest } from '../../../src-main/cli/nearest.ts';

const FLAGS = ['learning-rate', 'layers', 'dropout-rate', 'weight-decay', 'nbr-epochs', 'resize'];

test('a mistyped word means the one with the fewest letters that differ', () => {
  expect(nearest('lerning-rate', FLAGS)).toBe('learning-rate');
  expect(nearest('layer', FLAGS)).toBe('layers');
  expect(nearest('RESIZE', FLAGS)).toBe('resize');
});

test('whole words of a name are near it, however long the rest', () => {
  expect(nearest('epochs', FLAGS)).toBe('nbr-epochs');
  expect(nearest('dropout', FLAGS)).toBe('dropout-rate');
});

test('what is far from all of them means none', () => {
  expect(nearest('zzzzzzzz', FLAGS)).toBeUndefined();
});
