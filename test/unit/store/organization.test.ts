import { describe, expect, test } from 'vitest';
import { epochFigures, ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStore } from '../../support/store/temporary-store.ts';

const NOW = '2026-01-01T00:00:00.000Z';

const owner = ownerNamed('me');

describe('what people say of runs', () => {
  test('is kept, and whoever trains the run does not write over it', () => {
    const store = temporaryStore();
    const run = queuedRun({ id: 'a', name: 'main' });
    store.insert([run], owner, 1000);
    store.claim('a', owner);
    store.organize([
      { id: 'a', changes: { name: 'better', tags: ['x', 'y'], note: 'line\nline', starred: true } },
    ]);
    store.recordEpochs({ ...run, status: 'running', epochs: 1 }, owner, [
      { figures: epochFigures(1), snapshots: [] },
    ]);
    expect(store.run('a')).toMatchObject({
      name: 'better',
      tags: ['x', 'y'],
      note: 'line\nline',
      starred: true,
      epochs: 1,
    });
    expect(store.find('better').id).toBe('a');
  });

  test('is found by tag whatever its case, and by star', () => {
    const store = temporaryStore();
    store.insert(
      ['a', 'b', 'c'].map((id) => queuedRun({ id })),
      owner,
      1000,
    );
    store.organize([
      { id: 'a', changes: { tags: ['Paper', 'x'] } },
      { id: 'b', changes: { tags: ['paperback'], starred: true } },
    ]);
    expect(store.runs({ tag: 'paper' }).map(({ id }) => id)).toEqual(['a']);
    expect(store.runs({ starred: true }).map(({ id }) => id)).toEqual(['b']);
  });

  test('is all or nothing', () => {
    const store = temporaryStore();
    store.insert([queuedRun({ id: 'a' })], owner, 1000);
    expect(() => {
      store.organize([
        { id: 'a', changes: { starred: true } },
        { id: 'nobody', changes: { starred: true } },
      ]);
    }).toThrow('nobody');
    expect(store.run('a')?.starred).toBe(false);
    expect(store.newestChange()).toBe(0);
  });
});

describe('the trash', () => {
  test('takes runs out of every list but its own, and gives them back', () => {
    const store = temporaryStore();
    store.insert([queuedRun({ id: 'a', name: 'one' }), queuedRun({ id: 'b', name: 'two' })], owner, 1000);
    store.organize([{ id: 'b', changes: { trashedAt: '2026-01-01T00:00:00.000Z' } }]);
    expect(store.runs().map(({ id }) => id)).toEqual(['a']);
    expect(store.runs({ trashed: true }).map(({ id }) => id)).toEqual(['b']);
    expect(store.find('last').id).toBe('a');
    expect(() => store.find('two')).toThrow('There is no run two');
    // By its id it can still be looked at.
    expect(store.find('b').trashedAt).toBe('2026-01-01T00:00:00.000Z');
    store.organize([{ id: 'b', changes: { trashedAt: null } }]);
    expect(store.runs()).toHaveLength(2);
  });

  test('once emptied has left nothing of a run', () => {
    const store = temporaryStore();
    const run = queuedRun({ id: 'a' });
    store.insert([run], owner, 1000);
    store.claim('a', owner);
    store.recordEpochs({ ...run, status: 'running', epochs: 1 }, owner, [
      { figures: epochFigures(1), snapshots: [] },
    ]);
    expect(store.trash(['a'], NOW)).toMatchObject({ id: 'a', status: 'running' });
    expect(store.remove(['a'])).toEqual([]);
    store.end({ ...run, status: 'finished', epochs: 1 }, owner, [], []);
    expect(store.remove(['a'])).toEqual([]);
    expect(store.trash(['a'], NOW)).toBeUndefined();
    // Whoever saw it before it was put into the trash does not take it up again.
    expect(store.reopen({ ...run, status: 'queued' }, owner, 1000)).toBe(false);
    expect(store.remove(['a'])).toEqual(['a']);
    expect(store.run('a')).toBeUndefined();
    expect(() => store.series('a', 'dev.loss')).toThrow();
  });
});

test('changes are numbered, so that other processes see what is new', () => {
  const store = temporaryStore();
  store.insert([queuedRun({ id: 'a' }), queuedRun({ id: 'b' })], owner, 1000);
  store.claim('a', owner);
  store.end({ ...store.find('a'), status: 'finished' }, owner, [], []);
  store.organize([{ id: 'a', changes: { starred: true, trashedAt: NOW } }]);
  const seen = store.newestChange();
  store.organize([{ id: 'b', changes: { note: 'x' } }]);
  store.remove(['a']);
  expect(store.changesAfter(seen).map(({ run, isRemoved }) => [run, isRemoved])).toEqual([
    ['b', false],
    ['a', true],
  ]);
});

test('choices of the window are kept by their names', () => {
  const store = temporaryStore();
  expect(store.preference('columns')).toBeNull();
  store.setPreference('columns', ['name', 'note']);
  store.setPreference('columns', ['name']);
  expect(store.preference('columns')).toEqual(['name']);
});
