import { expect, test } from 'vitest';
import { analyseRunSet } from '../../../src-main/analysis/run-set.ts';
import { ablationRuns } from '../../../src-preload/contract/ablation.ts';
import { defaultConfig, type RunConfig } from '../../../src-preload/contract/config.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import { queuedRun } from '../../support/store/run-records.ts';

const BASE: RunConfig = { ...defaultConfig(), trim: true, grayscale: true, dropoutRate: 0.5 };

/** An ablation of three pieces whose figures are known: by what is left out, and by seed. */
function ablated(seeds: number, dev: (config: RunConfig) => { accuracy: number; loss: number }): RunRecord[] {
  return ablationRuns(BASE, 'K', seeds).map((config, index) =>
    queuedRun({
      id: `run${index}`,
      name: config.expId,
      status: 'finished',
      config,
      last: { epoch: 9, training: { loss: 0.1, accuracy: 0.99 }, dev: dev(config) },
    }),
  );
}

const WOBBLE = [0, 0.01, -0.02];

function figures(config: RunConfig) {
  const seed = WOBBLE[config.modelSeed] ?? 0;
  // Trimming adds 20 points, dropout takes 10 away, gray adds about nothing, up and down.
  const accuracy =
    0.5 +
    seed +
    (config.trim ? 0.2 + seed / 10 : 0) -
    (config.dropoutRate > 0 ? 0.1 - seed / 5 : 0) +
    (config.grayscale ? 3 * seed : 0);
  return { accuracy, loss: 1 - accuracy };
}

test('a useful step contributes above 0, a harmful one below, with interval and seeds', () => {
  const found = analyseRunSet(ablated(3, figures)).contributions;
  expect(found).toMatchObject({ whole: 'K', seeds: 3 });
  expect(found?.mean).toBeCloseTo(0.6 - 0.043 / 3, 12);
  expect(found?.pieces.map(({ label, on, off, verdict }) => [label, on, off, verdict])).toEqual([
    ['Trim', 'true', 'false', 'helps'],
    ['Grayscale', 'true', 'false', 'within the noise'],
    ['Dropout', '0.5', '0', 'harms'],
  ]);
  const [trim, , dropout] = found?.pieces ?? [];
  // Whole − without: 0.2 + seed / 10, whose mean is 0.2 − 0.01 / 30.
  expect(trim?.contribution).toBeCloseTo(0.2 - 0.001 / 3, 12);
  expect(trim?.mean).toBeCloseTo((found?.mean ?? NaN) - (trim?.contribution ?? NaN), 12);
  expect(trim).toMatchObject({ pairs: 3, runs: ['run3', 'run4', 'run5'] });
  expect(trim?.interval?.low).toBeGreaterThan(0.19);
  expect(dropout?.interval?.high).toBeLessThan(-0.08);
});

test('to a loss a step contributes what it takes away', () => {
  const found = analyseRunSet(ablated(3, figures), { figure: 'dev.loss' }).contributions;
  const [first, , last] = found?.pieces ?? [];
  expect([first?.label, first?.verdict]).toEqual(['Trim', 'helps']);
  expect(first?.contribution).toBeCloseTo(0.2 - 0.001 / 3, 12);
  expect(first?.interval?.low).toBeLessThan(first?.contribution ?? NaN);
  expect(first?.interval?.high).toBeGreaterThan(first?.contribution ?? NaN);
  expect(last?.contribution).toBeLessThan(0);
});

test('one seed has contributions, and nothing that says how sure they are', () => {
  const found = analyseRunSet(ablated(1, figures)).contributions;
  expect(found?.pieces.map(({ verdict, interval, pValue }) => [verdict, interval, pValue])).toEqual(
    Array.from({ length: 3 }, () => ['one seed', null, null]),
  );
});

test('the run that it is taken from is no seed more: both are the same training', () => {
  const [first, ...others] = ablated(3, figures);
  if (first === undefined) throw new Error('No run.');
  const before = { ...first, id: 'before', name: 'K', createdAt: '2026-01-01T00:00:00.000Z' };
  const found = analyseRunSet([before, first, ...others]);
  expect(found.contributions).toEqual(analyseRunSet([first, ...others]).contributions);
  expect(found.sentences.at(-1)).toContain('1 run of the same configuration and seed is left out');
});

test('p-values are corrected for the number of pieces', () => {
  const all = ablated(3, figures);
  const trim = analyseRunSet(all.slice(0, 6)).contributions?.pieces[0]?.pValue ?? NaN;
  const together = analyseRunSet(all).contributions?.pieces[0]?.pValue ?? NaN;
  expect(together).toBeCloseTo(3 * trim, 12);
});

test('runs that differ in more than a piece left out are no ablation', () => {
  const runs = ablated(1, figures);
  const other = queuedRun({
    ...(runs[0] ?? { id: 'x' }),
    id: 'other',
    config: { ...BASE, layers: [8] },
  });
  expect(analyseRunSet([...runs, other]).contributions).toBeNull();
});
