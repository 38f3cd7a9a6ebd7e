import { expect, test } from 'vitest';
import { showStudyProgress } from '../../../src-main/cli/study-progress.ts';
import { queuedRun } from '../../support/store/run-records.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';

function finishedRun(changes: Pick<RunRecord, 'id' | 'name'> & Partial<RunRecord>): RunRecord {
  const figures = { loss: 1, accuracy: 0.5 };
  return queuedRun({
    status: 'finished',
    startedAt: '2026-01-02T03:04:06.000Z',
    last: { epoch: 100, training: figures, dev: figures },
    ...changes,
  });
}

function output() {
  const lines: string[] = [];
  return {
    lines,
    output: {
      line: (text = '') => void lines.push(text),
      shown: (text: string) => text,
      paint: (_style: string, text: string) => text,
      columns: undefined,
      stream: process.stderr,
    },
  };
}

test('a line for each run that ends, with how many of all have; runs that never began have none', () => {
  const { lines, output: to } = output();
  const runs = ['a', 'b', 'c'].map((id) => queuedRun({ id, name: id }));
  const progress = showStudyProgress(to, runs);
  progress.see({ kind: 'ended', run: finishedRun({ id: 'a', name: 'a' }), mendable: false });
  progress.see({ kind: 'ended', run: finishedRun({ id: 'other', name: 'other' }), mendable: false });
  progress.see({
    kind: 'ended',
    run: queuedRun({ id: 'b', name: 'b', status: 'stopped', startedAt: null }),
    mendable: false,
  });
  progress.see({
    kind: 'ended',
    run: finishedRun({ id: 'c', name: 'c', status: 'stopped' }),
    mendable: false,
  });
  progress.close();
  expect(lines).toEqual([
    expect.stringMatching(/^1\/3 {2}a finished {2}training [\d.]+% {2}dev [\d.]+% {2}about .+ left$/),
    expect.stringMatching(/^2\/3 {2}c stopped/),
  ]);
});
