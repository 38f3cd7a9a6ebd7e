import { expect, test } from 'vitest';
import { experimentFindings } from '../../../src-main/analysis/experiment-findings.ts';
import { defaultConfig, type RunConfig } from '../../../src-preload/contract/config.ts';
import type { Finding } from '../../../src-preload/contract/diagnosis.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import { queuedRun } from '../../support/store/run-records.ts';

const figures = { training: { loss: 1, accuracy: 0.7 }, dev: { loss: 1, accuracy: 0.6 } };
const bias: Finding = {
  id: 'high-bias',
  severity: 'note',
  sentence: 'High bias: 30 %.',
  advice: null,
  options: null,
};
const bouncing: Finding = { ...bias, id: 'bouncing-loss', severity: 'warning', sentence: 'It bounces.' };

function run(id: string, config: Partial<RunConfig>, changes: Partial<RunRecord> = {}): RunRecord {
  return queuedRun({
    id,
    name: id,
    config: { ...defaultConfig(), expId: id.replace(/\d+$/, ''), ...config },
    last: { epoch: 3, ...figures },
    ...changes,
  });
}

const plain = [0, 1, 2].map((modelSeed) => run(`plain${modelSeed}`, { modelSeed }, { name: 'plain' }));
const trim = run('trim', { trim: true });

test('each experiment is judged by itself: what most of its seeds have is said once, warnings first', () => {
  const found = experimentFindings([...plain, trim], ({ id }) =>
    id === 'plain0' ? [bias] : id === 'plain1' ? [bias, bouncing] : id === 'plain2' ? [bouncing] : [bias],
  );
  expect(found).toEqual([
    {
      name: 'plain',
      runs: ['plain0', 'plain1', 'plain2'],
      findings: [
        { ...bouncing, runs: 2, of: 3 },
        { ...bias, runs: 2, of: 3 },
      ],
    },
    { name: 'trim', runs: ['trim'], findings: [{ ...bias, runs: 1, of: 1 }] },
  ]);
});

test('what half of them have is not common to them; a seed trained twice is no second one', () => {
  const again = run(
    'plain0',
    { modelSeed: 0 },
    { id: 'again', name: 'plain', createdAt: '2026-09-01T00:00:00.000Z' },
  );
  const two = plain.slice(0, 2);
  const found = experimentFindings([...two, again], ({ id }) => (id === 'plain1' ? [] : [bias]));
  expect(found).toEqual([{ name: 'plain', runs: ['plain1', 'again'], findings: [] }]);
});

test('runs without an epoch are not judged', () => {
  expect(experimentFindings([run('new', {}, { last: null })], () => [bias])).toEqual([]);
});
