import { expect, test } from 'vitest';
import { followOtherRuns } from '../../../src-main/workbench/other-runs.ts';
import type { RunEvent } from '../../../src-preload/contract/events.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import { epochFigures, ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStore, temporaryStoreFile } from '../../support/store/temporary-store.ts';

const THERE = ownerNamed('there');
const BACKEND = { name: 'cpu' as const, library: 'plain', reason: 'asked for' };

/** A store seen through two connections: one that follows, one of another process. */
function following(before: readonly RunRecord[] = [], ours: readonly string[] = []) {
  const file = temporaryStoreFile();
  const here = temporaryStore(file);
  const there = temporaryStore(file);
  if (before.length > 0) there.insert(before, THERE, 0);
  const events: RunEvent[] = [];
  const others = followOtherRuns(
    here,
    (id) => ours.includes(id),
    (event) => events.push(event),
  );
  function look(): RunEvent[] {
    others.look();
    return events.splice(0);
  }
  return { there, look, others };
}

/** What an event is about, in a word or two. */
function brief(event: RunEvent): string {
  if (event.kind === 'epoch') return `epoch ${event.figures.epoch} of ${event.run}`;
  if (event.kind === 'notice') return `${event.message} of ${event.run}`;
  return `${event.kind} ${typeof event.run === 'string' ? event.run : event.run.id}`;
}

test('a run of another process is told of from its start to its end, each thing once', () => {
  const { there, look } = following();
  expect(look()).toEqual([]);
  const run = queuedRun({ id: 'a' });
  there.insert([run], THERE, 0);
  expect(look()).toEqual([{ kind: 'queued', run }]);
  expect(look()).toEqual([]);
  there.claim('a', THERE, 0);
  expect(look().map(brief)).toEqual(['preparing a']);
  const running: RunRecord = { ...run, status: 'running', backend: BACKEND };
  there.update(running, THERE);
  expect(look().map(brief)).toEqual(['started a']);
  for (const epoch of [1, 2])
    there.recordEpochs({ ...running, epochs: epoch }, THERE, [
      { figures: epochFigures(epoch), snapshots: [] },
    ]);
  expect(look()).toEqual([
    { kind: 'epoch', run: 'a', figures: epochFigures(1) },
    { kind: 'epoch', run: 'a', figures: epochFigures(2) },
  ]);
  there.recordEpochs({ ...running, epochs: 3, notices: ['careful'] }, THERE, [
    { figures: epochFigures(3, { dev: null }), snapshots: [] },
  ]);
  const ended: RunRecord = { ...running, epochs: 3, notices: ['careful'], status: 'finished' };
  there.end(ended, THERE, [], []);
  expect(look()).toEqual([
    { kind: 'notice', run: 'a', message: 'careful' },
    { kind: 'epoch', run: 'a', figures: epochFigures(3, { dev: null }) },
    { kind: 'ended', run: ended, mendable: false },
  ]);
  there.insert([queuedRun({ id: 'b' })], THERE, 0);
  expect(look().map(brief)).toEqual(['queued b']);
});

test('a run that came and went between two looks is told of whole', () => {
  const { there, look } = following();
  const run = queuedRun({ id: 'a' });
  there.insert([run], THERE, 0);
  there.claim('a', THERE, 0);
  const running: RunRecord = { ...run, status: 'running', backend: BACKEND, epochs: 1 };
  there.recordEpochs(running, THERE, [{ figures: epochFigures(1), snapshots: [] }]);
  there.end({ ...running, status: 'stopped' }, THERE, [], []);
  expect(look().map(brief)).toEqual(['queued a', 'started a', 'epoch 1 of a', 'ended a']);
  expect(look()).toEqual([]);
});

test('what was there before is not told again, only what comes of it', () => {
  const running = { backend: BACKEND, epochs: 5, notices: ['old'] };
  const { there, look } = following([queuedRun({ id: 'a', ...running }), queuedRun({ id: 'b' })]);
  expect(look()).toEqual([]);
  there.claim('a', THERE, 0);
  there.recordEpochs({ ...queuedRun({ id: 'a', ...running }), status: 'running', epochs: 6 }, THERE, [
    { figures: epochFigures(6), snapshots: [] },
  ]);
  expect(look().map(brief)).toEqual(['epoch 6 of a']);
});

test('runs of this process are left to it, and so are those that it has taken over', () => {
  const { there, look, others } = following([queuedRun({ id: 'dead' })], ['mine']);
  there.insert([queuedRun({ id: 'mine' })], THERE, 0);
  others.forget('dead');
  there.claim('dead', THERE, 0);
  there.end(queuedRun({ id: 'dead', status: 'interrupted' }), THERE, [], []);
  expect(look()).toEqual([]);
});
