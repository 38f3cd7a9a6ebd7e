import { expect, test } from 'vitest';
import { createPendingEvents } from '../../../src-main/workbench/pending-events.ts';
import { epochFigures, queuedRun } from '../../support/store/run-records.ts';

test('epochs of a run become one message, and nothing is told twice', () => {
  const pending = createPendingEvents();
  for (const epoch of [1, 2]) {
    for (const run of ['a', 'b']) pending.add({ kind: 'epoch', run, figures: epochFigures(epoch) });
  }
  expect(pending.take()).toEqual([
    { kind: 'epochs', run: 'a', figures: [epochFigures(1), epochFigures(2)] },
    { kind: 'epochs', run: 'b', figures: [epochFigures(1), epochFigures(2)] },
  ]);
  expect(pending.take()).toEqual([]);
  pending.add({ kind: 'epoch', run: 'a', figures: epochFigures(3) });
  expect(pending.take()).toEqual([{ kind: 'epochs', run: 'a', figures: [epochFigures(3)] }]);
});

test('of progress the last is told, of everything else all, in order', () => {
  const pending = createPendingEvents();
  const run = queuedRun({ id: 'a' });
  pending.add({ kind: 'queued', run });
  for (const done of [1, 2, 3])
    pending.add({ kind: 'preparing', run: 'a', progress: { what: 'preparing', done, total: 3 } });
  pending.add({ kind: 'started', run });
  pending.add({ kind: 'batch', run: 'a', epoch: 1, done: 10, total: 20 });
  pending.add({ kind: 'epoch', run: 'a', figures: epochFigures(1) });
  pending.add({ kind: 'notice', run: 'a', message: 'one' });
  pending.add({ kind: 'notice', run: 'a', message: 'two' });
  pending.add({ kind: 'batch', run: 'a', epoch: 2, done: 10, total: 20 });
  pending.add({ kind: 'ended', run, mendable: false });
  expect(pending.take()).toEqual([
    { kind: 'queued', run },
    { kind: 'preparing', run: 'a', progress: { what: 'preparing', done: 3, total: 3 } },
    { kind: 'started', run },
    { kind: 'epochs', run: 'a', figures: [epochFigures(1)] },
    { kind: 'notice', run: 'a', message: 'one' },
    { kind: 'notice', run: 'a', message: 'two' },
    { kind: 'batch', run: 'a', epoch: 2, done: 10, total: 20 },
    { kind: 'ended', run, mendable: false },
  ]);
});

test('whoever falls too far behind is told so, and then what came last', () => {
  const pending = createPendingEvents(3);
  for (const epoch of [1, 2, 3, 4]) pending.add({ kind: 'epoch', run: 'a', figures: epochFigures(epoch) });
  expect(pending.take()).toEqual([
    { kind: 'missed' },
    { kind: 'epochs', run: 'a', figures: [epochFigures(4)] },
  ]);
});
