import { expect, test } from 'vitest';
import { type RunRecord, whyRough } from '../../../src-preload/contract/run.ts';
import { type CostQuestion, costEstimator } from '../../../src-main/analysis/expected-cost.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';
import { queuedRun } from '../../support/store/run-records.ts';

type Question = Pick<CostQuestion, 'parameters' | 'images' | 'inputs' | 'epochs'> & Partial<CostQuestion>;

function asked(question: Question): CostQuestion {
  return { maxMinibatchSize: 1000, backend: 'auto', ...question };
}

function expectedCost(question: Question, known: readonly RunRecord[]) {
  return costEstimator(known)(asked(question));
}

function measured(
  id: string,
  parameters: number,
  stepping: number,
  epochs = 10,
  changes: Partial<RunRecord> = {},
): RunRecord {
  return queuedRun({
    ...changes,
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
  expect(cost).toEqual({
    msAnEpoch: 100,
    msARun: 2150,
    memoryBytes: 200e6,
    runs: 1,
    workRatio: 1,
    minibatchRatio: 1,
    sameBackend: true,
  });
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
    estimate(asked({ parameters, images: 100, inputs: 100, epochs: 10 })),
  );
  // Ten times the weights: 100 ms and 1000 ms an epoch, with 150 ms before the first.
  expect([small?.msARun, large?.msARun]).toEqual([1150, 10_150]);
  expect([small, large].map((cost) => cost && whyRough(cost))).toEqual([
    undefined,
    'an epoch of them was 10 times less work',
  ]);
});

test('runs that are alike speak before those that are not', () => {
  const near = Array.from({ length: 7 }, (_, index) => measured(`near ${index}`, 5000, 1000));
  const far = Array.from({ length: 20 }, (_, index) => measured(`far ${index}`, 500, 1));
  expect(
    expectedCost({ parameters: 5000, images: 100, inputs: 100, epochs: 1 }, [...far, ...near])?.msAnEpoch,
  ).toBe(100);
});

test('runs in as many minibatches speak before those of the whole at once', () => {
  const whole = Array.from({ length: 7 }, (_, index) => measured(`whole ${index}`, 5000, 1000));
  const config = { ...defaultConfig(), maxMinibatchSize: 10 };
  const cut = Array.from({ length: 7 }, (_, index) => measured(`cut ${index}`, 5000, 3000, 10, { config }));
  const question = { parameters: 5000, images: 100, inputs: 100, epochs: 1, maxMinibatchSize: 10 };
  expect(expectedCost(question, [...whole, ...cut])?.msAnEpoch).toBe(300);
  const unlike = expectedCost(question, whole);
  expect(unlike && whyRough(unlike)).toBe('an epoch of them had 10 times fewer minibatches');
  // Ten times the images of them, one a minibatch: twice unlike.
  const further = expectedCost({ ...question, images: 1000, maxMinibatchSize: 1 }, whole);
  expect(further && whyRough(further)).toBe(
    'an epoch of them was 10 times less work; an epoch of them had 1,000 times fewer minibatches',
  );
});

test('runs of the backend that is asked for speak, and where there is none it is said', () => {
  const [native, wasm] = (['native', 'wasm'] as const).map((name) => ({ name, library: '', reason: '' }));
  const known = [
    measured('a', 5000, 1000, 10, { backend: native ?? null }),
    measured('b', 500, 2000, 10, { backend: wasm ?? null }),
  ];
  const question = { parameters: 5000, images: 100, inputs: 100, epochs: 1 };
  expect(expectedCost({ ...question, backend: 'wasm' }, known)?.msAnEpoch).toBe(2000);
  const other = expectedCost({ ...question, backend: 'cpu' }, known);
  expect(other && whyRough(other)).toBe('they ran on another backend');
});

test('nothing is made up where nothing was measured', () => {
  expect(
    expectedCost({ parameters: 1, images: 1, inputs: 1, epochs: 1 }, [queuedRun({ id: 'a' })]),
  ).toBeNull();
});
