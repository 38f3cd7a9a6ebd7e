import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommandText, wordsOf } from '../../../src-preload/contract/command-text.ts';
import { optionOf } from '../../../src-preload/contract/config.ts';
import { parseValues } from '../../../src-preload/contract/option-values.ts';

test('words are split as a shell splits them', () => {
  expect(wordsOf(`a 'b c' "d \\"e\\"" f\\ g --x='1 2'y \\\n last`)).toEqual([
    'a',
    'b c',
    'd "e"',
    'f g',
    '--x=1 2y',
    'last',
  ]);
});

test('options are read in every form, and what is no option is named', () => {
  const { texts, times, faults } = readCommandText(
    'layerbench train --trim --layers 16,8 --dropout=0.5 --track-layer=L0_Dense_W,8 --track-layer L4_Dense_W,2 --grayscale false --training-times=3 --data-loader=NumoVips --colour=red stray',
  );
  expect(Object.fromEntries(texts)).toEqual({
    trim: 'true',
    layers: '16,8',
    dropoutRate: '0.5',
    trackLayer: 'L0_Dense_W,8 L4_Dense_W,2',
    grayscale: 'false',
  });
  expect(times).toBe('3');
  expect(faults).toEqual(['There is no option --colour.', 'stray belongs to no option.']);
});

test('of several experiments the first is read', () => {
  const { texts, others, faults } = readCommandText(
    'train --layers=1 --experiment --layers=2 --experiment --layers=3',
  );
  expect([texts.get('layers'), others, faults]).toEqual(['1', 2, []]);
});

test('a line without an option says so, an empty one says nothing', () => {
  expect(readCommandText('hello').faults).toHaveLength(1);
  expect(readCommandText('  ').faults).toEqual([]);
});

test('every option string of the study is read without a fault', () => {
  const file = join(import.meta.dirname, '../../fixtures/reference-option-strings.txt');
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) {
    const { texts, faults } = readCommandText(line);
    expect(faults, line).toEqual([]);
    for (const [key, text] of texts) expect(parseValues(optionOf(key), text), line).toHaveLength(1);
  }
});
