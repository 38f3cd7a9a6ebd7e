import { expect, test } from 'vitest';
import { isRough, type RunRecord } from '../../../src-preload/contract/run.ts';
import { type CostQuestion, costEstimator } from '../../../src-main/analysis/expected-cost.ts';
import { queuedRun } from '../../support/store/run-records.ts';

function expectedCost(question: CostQuestion, known: readonly RunRecord[]) {
  return costEstimator(known)(question);
}

function measured(id: string, parameters: number, stepping: number, epochs = 10): RunRecord {
  return queuedRun({
    id,
    parameters,
    epochs,
    samples: { training: 100, dev: 20, test: 20 },
    inputShape: [10, 10, 1],
    peakMemoryBytes: 200e6,
    timings: {
      preparing: 100,
      starting: 50,
      augmenting: 0,
      stepping,
      evaluating: 0,
      reading: 0,
      reporting: 0,
      total: stepping + 150,
    },
  });
}

test('what was measured is expected again', () => {
  // 1000 ms over 10 epochs are 100 ms an epoch; 20 epochs with 150 ms before them are 2150 ms.
  const cost = expectedCost({ parameters: 5000, images: 100, inputs: 100, epochs: 20 }, [
    measured('a', 5000, 1000),
  ]);
  expect(cost).toEqual({ msAnEpoch: 100, msARun: 2150, memoryBytes: 200e6, runs: 1, workRatio: 1 });
});

test('twice the parameters are twice the work', () => {
  const cost = expectedCost({ parameters: 10_000, images: 100, inputs: 100, epochs: 1 }, [
    measured('a', 5000, 1000),
  ]);
  expect(cost?.msAnEpoch).toBe(200);
});

test('each configuration of a sweep is judged by its own size', () => {
  const estimate = costEstimator([measured('a', 5000, 1000)]);
  const [small, large] = [5000, 50_000].map((parameters) =>
    estimate({ parameters, images: 100, inputs: 100, epochs: 10 }),
  );
  // Ten times the weights: 100 ms and 1000 ms an epoch, with 150 ms before the first.
  expect([small?.msARun, large?.msARun]).toEqual([1150, 10_150]);
  expect([small, large].map((cost) => cost !== undefined && cost !== null && isRough(cost))).toEqual([
    false,
    true,
  ]);
});

test('runs that are alike speak before those that are not', () => {
  const near = Array.from({ length: 7 }, (_, index) => measured(`near ${index}`, 5000, 1000));
  const far = Array.from({ length: 20 }, (_, index) => measured(`far ${index}`, 500, 1));
  expect(
    expectedCost({ parameters: 5000, images: 100, inputs: 100, epochs: 1 }, [...far, ...near])?.msAnEpoch,
  ).toBe(100);
});

test('nothing is made up where nothing was measured', () => {
  expect(
    expectedCost({ parameters: 1, images: 1, inputs: 1, epochs: 1 }, [queuedRun({ id: 'a' })]),
  ).toBeNull();
});
