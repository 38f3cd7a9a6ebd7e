import { expect, test } from 'vitest';
import { differencesText } from '../../../src-main/cli/compare.ts';
import { widthOf } from '../../../src-main/cli/text-table.ts';

const differences = [
  { key: 'layers', label: 'Hidden layers', values: ['16', ''] },
  { key: 'learningRate', label: 'Learning rate', values: ['0.01', '0.001'] },
] as const;

test('options that differ have a row each, and runs a column', () => {
  expect(differencesText(differences, ['one', 'two'], undefined).split('\n')).toEqual([
    '  Option         one   two',
    '  ───────────────────────────',
    '  Hidden layers  16    (none)',
    '  Learning rate  0.01  0.001',
  ]);
});

test('where that is too wide, each option has a block', () => {
  const text = differencesText(differences, ['one', 'two'], 20);
  expect(widthOf(text)).toBeLessThanOrEqual(20);
  expect(text.split('\n').slice(0, 3)).toEqual(['  Hidden layers', '    one  16', '    two  (none)']);
});

test('runs that differ in nothing are said to', () => {
  expect(differencesText([], ['one', 'two'], 80)).toMatch(/Nothing but their names/);
});
