import { expect, test } from 'vitest';
import { defaultConfig, type RunConfig } from '../../../src-preload/contract/config.ts';
import {
  countedRuns,
  experimentKey,
  experimentName,
  experimentNames,
  leftOutSentences,
  MEASURED_AGAIN,
  measuredAgain,
  pairsOfSeeds,
  pickedRuns,
  seedsText,
} from '../../../src-preload/contract/experiment.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import { queuedRun } from '../../support/store/run-records.ts';

const last = { epoch: 1, training: { loss: 1, accuracy: 0.5 }, dev: null };

function run(id: string, config: Partial<RunConfig>, changes: Partial<RunRecord> = {}): RunRecord {
  return queuedRun({ id, config: { ...defaultConfig(), ...config }, status: 'finished', last, ...changes });
}

test.each([
  ['size_8', 'size_8', 'size_8'],
  ['size_8_0', 'size_8', 'size_8'],
  ['main_12', 'main', 'main'],
  // Given later, by hand.
  ['better', 'main', 'better'],
  ['main_better', 'main', 'main_better'],
  ['other_1', 'main', 'other_1'],
])('a run called %s that was launched as %s is of experiment %s', (name, expId, experiment) => {
  expect(experimentName({ name, config: { ...defaultConfig(), expId } })).toBe(experiment);
});

test('experiments of one name are told apart by three options at most; those of other names stay as they are', () => {
  const names = experimentNames([
    [run('a', { expId: 'main' }, { name: 'main' })],
    [
      run(
        'b',
        { expId: 'main', trim: true, layers: [8], grayscale: true, dropoutRate: 0.5 },
        { name: 'main' },
      ),
    ],
    [run('k', { expId: 'K', trim: true }, { name: 'K' })],
  ]);
  expect(names).toEqual([
    'main (trim=false, grayscale=false, layers=100)',
    'main (trim=true, grayscale=true, layers=8)',
    'K',
  ]);
});

test('what computes, what is watched, names and seeds make no other experiment; anything else does', () => {
  const key = experimentKey(run('a', {}));
  for (const same of [
    { backend: 'native' },
    { displaySamples: 4 },
    { expId: 'other' },
    { modelSeed: 3 },
    { datasetSeed: 3 },
  ] satisfies Partial<RunConfig>[])
    expect(experimentKey(run('b', same))).toBe(key);
  for (const other of [{ nbrEpochs: 7 }, { earlyStopping: 'stop' }] satisfies Partial<RunConfig>[])
    expect(experimentKey(run('b', other))).not.toBe(key);
});

test('of a seed that was trained again the newest run that has finished counts', () => {
  const runs = [
    run('old', {}, { createdAt: '2026-01-01T00:00:00.000Z' }),
    run('new', {}, { createdAt: '2026-01-02T00:00:00.000Z' }),
    run('stopped', {}, { createdAt: '2026-01-03T00:00:00.000Z', status: 'stopped' }),
    run('queued', {}, { createdAt: '2026-01-04T00:00:00.000Z', status: 'queued', last: null }),
    run('other seed', { modelSeed: 1 }),
    run('other', { trim: true }, { status: 'queued', last: null }),
  ];
  const { counted, repeated, picked } = countedRuns(runs);
  expect(counted.map(({ id }) => id)).toEqual(['new', 'other seed', 'other']);
  expect([repeated, picked]).toEqual([3, 0]);
});

test('where an experiment was measured again its fresh seeds alone count, as soon as they have figures', () => {
  const picked = [0, 1].map((modelSeed) => run(`p${modelSeed}`, { modelSeed }));
  const queued = [2, 3].map((modelSeed) =>
    run(`f${modelSeed}`, { modelSeed }, { tags: [MEASURED_AGAIN], status: 'queued', last: null }),
  );
  const fresh = queued.map((one) => ({ ...one, status: 'finished' as const, last }));
  const other = run('other', { trim: true });
  function idsOf(runs: readonly RunRecord[]): string[] {
    return countedRuns(runs).counted.map(({ id }) => id);
  }
  expect(idsOf([...picked, ...queued, other])).toEqual(['p0', 'p1', 'other']);
  expect(idsOf([...picked, ...fresh, other])).toEqual(['f2', 'f3', 'other']);
  expect(pickedRuns([...picked, ...fresh, other]).map(({ id }) => id)).toEqual(['p0', 'p1', 'other']);
  // The same fresh seed trained once more has lost its tag, and is fresh all the same.
  const again = run('again', { modelSeed: 2 }, { createdAt: '2026-09-01T00:00:00.000Z' });
  expect(idsOf([...picked, ...fresh, again])).toEqual(['f3', 'again']);
  expect(leftOutSentences(countedRuns([...picked, ...fresh, again]))).toEqual([
    'A seed counts once, with its newest run: 1 run of the same configuration and seed is left out.',
    'Of what was measured again its fresh seeds alone count: 2 runs that it was picked for are left out.',
  ]);
});

test('seeds pair where at least two are common, and half of either side', () => {
  function seeds(from: number, to: number): RunRecord[] {
    return Array.from({ length: to - from }, (_, index) =>
      run(`${from + index}`, { modelSeed: from + index }),
    );
  }
  expect(pairsOfSeeds(seeds(0, 3), seeds(0, 4))?.map(([one, other]) => [one.id, other.id])).toEqual([
    ['0', '0'],
    ['1', '1'],
    ['2', '2'],
  ]);
  expect(pairsOfSeeds(seeds(0, 3), seeds(2, 5))).toBeNull();
  expect(pairsOfSeeds(seeds(0, 2), seeds(0, 5))).toBeNull();
  expect(pairsOfSeeds(seeds(0, 1), seeds(0, 1))).toBeNull();
});

test('seeds in words, and fresh ones under the name of their experiment', () => {
  expect([seedsText(1), seedsText(3), seedsText(1, true), seedsText(2, true)]).toEqual([
    'one seed',
    '3 seeds',
    'one fresh seed',
    '2 fresh seeds',
  ]);
  const seen = [run('a', { expId: 'size_8', modelSeed: 4 }, { name: 'size_8_0' })];
  expect(measuredAgain(seen, 2).map(({ expId, modelSeed }) => [expId, modelSeed])).toEqual([
    ['size_8', 5],
    ['size_8', 6],
  ]);
});
