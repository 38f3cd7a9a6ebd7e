import { expect, test } from 'vitest';
import { cut, textTable, widthOf } from '../../../src-main/cli/text-table.ts';

test('columns stand under their heads, numbers to the right, without spaces at the end of a line', () => {
  const table = textTable({
    head: ['Run', 'Loss'],
    rows: [
      ['a', '1.5'],
      ['longer', ''],
    ],
    align: ['left', 'right'],
  });
  expect(table.split('\n')).toEqual(['Run     Loss', '────────────', 'a        1.5', 'longer']);
});

test('a text is cut in its end, and says so', () => {
  expect(cut('experiment', 20)).toBe('experiment');
  expect(widthOf(cut('experiment', 6))).toBe(6);
  expect(cut('experiment', 6)).toMatch(/^exper?…/);
});
