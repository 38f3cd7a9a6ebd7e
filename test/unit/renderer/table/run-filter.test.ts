import { describe, expect, test } from 'vitest';
import type { RunRow } from '../../../../src-preload/contract/api.ts';
import { defaultConfig } from '../../../../src-preload/contract/config.ts';
import { filterCompletions, parseFilter } from '../../../../src-renderer/table/run-filter.ts';
import { queuedRun } from '../../../support/store/run-records.ts';

function run(id: string, accuracy: number | null, changes: Partial<RunRow['config']> = {}): RunRow {
  return queuedRun({
    id,
    name: `run ${id}`,
    config: { ...defaultConfig(), ...changes },
    last:
      accuracy === null ? null : { epoch: 1, training: { loss: 1, accuracy: 1 }, dev: { loss: 2, accuracy } },
  });
}

const RUNS = [
  run('a', 0.4, { layers: [100] }),
  run('b', 0.6, { layers: [400, 100], trim: true }),
  run('c', 0.9, { layers: [16], dataset: 'my photos' }),
  run('d', null),
];

function accepted(text: string): string {
  const filter = parseFilter(text);
  if (filter.kind === 'fault') throw new Error(filter.message);
  return RUNS.filter(filter.accepts)
    .map(({ id }) => id)
    .join('');
}

test.each([
  ['', 'abcd'],
  ['dev.accuracy > 0.5', 'bc'],
  ['dev.accuracy > 50%', 'bc'],
  ['dev.accuracy <= 0.6', 'ab'],
  ['layers has 100', 'abd'],
  ['dataset = numbers and dev.accuracy > 0.5 and layers has 100', 'b'],
  ['dataset = "my photos"', 'c'],
  ['dataset contains photo', 'c'],
  ['trim = yes', 'b'],
  ['trim != true', 'acd'],
  ['dropout-rate = 0', 'abcd'],
  ['not layers has 100', 'c'],
  ['layers has 16 or trim = true', 'bc'],
  ['(layers has 16 or trim = true) and dev.accuracy < 0.8', 'b'],
  // "and" binds before "or".
  ['layers has 16 or trim = true and dev.accuracy > 0.8', 'c'],
  ['"run b"', 'b'],
  ['run trim = true', 'b'],
  // A run without the figure is neither above nor below anything.
  ['dev.accuracy >= 0', 'abc'],
  ['not dev.accuracy >= 0', 'd'],
])('%j accepts %s', (text, ids) => {
  expect(accepted(text)).toBe(ids);
});

test.each([
  ['lairs > 3', 'Runs have nothing called “lairs”.'],
  ['dev.accuracy > high', 'dev.accuracy is a number, and “high” is none.'],
  ['dev.accuracy >', 'A value is missing after “dev.accuracy >”.'],
  ['(trim = yes', 'A parenthesis is not closed.'],
  ['trim = yes)', '“)” does not belong here.'],
  ['trim = maybe', 'trim is true or false, not “maybe”.'],
  ['trim = yes and', 'Something is missing at the end.'],
  ['name = "x', 'A quotation mark is not closed.'],
])('%j is refused: %s', (text, message) => {
  expect(parseFilter(text)).toMatchObject({ kind: 'fault', message });
});

describe('completion', () => {
  test.each([
    ['dev.acc', 'dev.accuracy'],
    ['layers ', 'has'],
    ['layers has ', '100'],
    ['dataset = ', '"my photos"'],
    ['trim = yes ', 'and'],
    ['trim = yes and dev.l', 'dev.loss'],
  ])('of %j offers %s', (text, word) => {
    expect(filterCompletions(text, RUNS)).toContain(word);
  });

  test('offers no values for numbers', () => {
    expect(filterCompletions('dev.accuracy > ', RUNS)).toEqual([]);
  });
});
