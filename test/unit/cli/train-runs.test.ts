import { expect, test } from 'vitest';
import { inOrder, keptPairs } from '../../../src-main/cli/train-runs.ts';
import { queuedRun } from '../../support/store/run-records.ts';

test('rows are printed in the order of the command, each as soon as those before it are', () => {
  const printed: string[] = [];
  const see = inOrder(['a', 'b', 'c'], ({ id }) => printed.push(id));
  see(queuedRun({ id: 'b' }));
  expect(printed).toEqual([]);
  see(queuedRun({ id: 'a' }));
  expect(printed).toEqual(['a', 'b']);
  see(queuedRun({ id: 'c' }));
  expect(printed).toEqual(['a', 'b', 'c']);
});

test('the end says where a run is kept and how to look at it', () => {
  expect(keptPairs([queuedRun({ id: 'a', name: 'one' })], '/data', 'layerbench')).toEqual([
    ['Kept in:', '/data'],
    ['Run:', 'one a'],
    ['Look at it:', 'layerbench show a'],
  ]);
});

test('a few runs are all named, of many the first and the last', () => {
  const runs = Array.from({ length: 7 }, (_, index) =>
    queuedRun({ id: `id${index}`, name: `main_${index}` }),
  );
  expect(keptPairs(runs.slice(0, 2), '/data', 'layerbench').slice(1)).toEqual([
    ['Runs:', 'main_0 id0, main_1 id1'],
    ['Look at them:', 'layerbench compare id0 id1'],
  ]);
  expect(keptPairs(runs, '/data', 'layerbench').slice(1)).toEqual([
    ['Runs:', '7, from main_0 id0 to main_6 id6'],
    ['Look at them:', 'layerbench runs --limit=7'],
  ]);
});
