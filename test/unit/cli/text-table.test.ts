import { expect, test } from 'vitest';
import {
  cut,
  cutName,
  fittingTable,
  pairs,
  textTable,
  widthOf,
  wrapped,
} from '../../../src-main/cli/text-table.ts';

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

test('a name is cut in its middle, so that its number stays', () => {
  expect(cutName('experiment_0', 20)).toBe('experiment_0');
  expect(cutName('experiment_12', 9)).toBe('expe…t_12');
});

test('text is broken between words, and a longer word stays whole', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('a verylongword b', 5)).toEqual(['a', 'verylongword', 'b']);
  expect(wrapped('', 5)).toEqual(['']);
});

test('what belongs to names stands in a column of its own, and is broken within it', () => {
  expect(
    pairs(
      [
        ['Why', 'it is the fastest that is there'],
        ['Backend', 'native'],
        ['Left out', null],
      ],
      32,
    ).split('\n'),
  ).toEqual(['  Why      it is the fastest', '           that is there', '  Backend  native']);
});

test('a table leaves out columns that there is no room for, the least needed first', () => {
  const columns = [
    { head: 'Run', text: (row: string) => row },
    { head: 'Folder', text: () => '/a/long/folder', leftOut: 2 },
    { head: 'Size', text: () => '1.0 kB', leftOut: 1 },
  ];
  expect(fittingTable(columns, ['a'], undefined).split('\n')[0]).toBe('Run  Folder          Size');
  expect(fittingTable(columns, ['a'], 20).split('\n')[0]).toBe('Run  Size');
  expect(fittingTable(columns, ['a'], 5).split('\n')[0]).toBe('Run');
});
