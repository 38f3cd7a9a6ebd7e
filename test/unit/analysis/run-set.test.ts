import { describe, expect, test } from 'vitest';
import { analyseRunSet } from '../../../src-main/analysis/run-set.ts';
import { defaultConfig, type RunConfig } from '../../../src-preload/contract/config.ts';
import { MEASURED_AGAIN, measuredAgain } from '../../../src-preload/contract/experiment.ts';
import { learningCurveRuns } from '../../../src-preload/contract/learning-curve.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import { queuedRun } from '../../support/store/run-records.ts';

let next = 0;

function repeats(
  name: string,
  config: Partial<RunConfig>,
  accuracies: readonly number[],
  changes: Partial<RunRecord> = {},
  firstSeed = 0,
): RunRecord[] {
  return accuracies.map((accuracy, seed) =>
    queuedRun({
      id: `run${next++}`,
      name: accuracies.length > 1 ? `${name}_${seed}` : name,
      status: 'finished',
      config: { ...defaultConfig(), ...config, modelSeed: firstSeed + seed },
      last: { epoch: 9, training: { loss: 0.1, accuracy: 0.99 }, dev: { loss: 0.5, accuracy } },
      ...changes,
    }),
  );
}

function analysed(runs: readonly RunRecord[], baseline?: string) {
  return analyseRunSet(runs, baseline, () => []);
}

describe('the noise floor of the seeds', () => {
  const plain = repeats('plain', {}, [0.6, 0.62, 0.64]);

  test('a difference that is larger is told from one that is not', () => {
    const found = analysed(
      [
        ...plain,
        ...repeats('trim', { trim: true }, [0.8, 0.82, 0.83]),
        ...repeats('gray', { grayscale: true }, [0.61, 0.66, 0.62]),
      ],
      plain[0]?.id,
    );
    expect(found.against).toBe('plain');
    expect(found.experiments.map(({ name, difference }) => [name, difference?.verdict])).toEqual([
      ['plain', undefined],
      ['trim', 'higher'],
      ['gray', 'within the noise'],
    ]);
    expect(found.experiments[1]?.difference?.method).toBe('paired');
    expect(found.sentences.join(' ')).toMatch(
      /trim differs from plain.*gray lies 1\.0 points from plain, but seeds alone do as much/,
    );
    // Standard deviations 0.02, 0.01528, 0.02646 of 3 seeds each: √((0.0004 + 0.000233 + 0.0007) / 3).
    expect(found.noise).toBeCloseTo(0.02108, 4);
  });

  test('one seed says nothing, and is called one seed', () => {
    const found = analysed([...repeats('a', {}, [0.6]), ...repeats('b', { trim: true }, [0.9])]);
    expect(found.noise).toBeNull();
    expect(found.experiments.map(({ sd, difference }) => [sd, difference?.verdict])).toEqual([
      [null, 'one seed'],
      [null, undefined],
    ]);
    expect(found.sentences[0]).toContain('One seed stands behind each');
  });

  test('p-values are corrected for how many are looked at', () => {
    const others = [0.001, 0.002, 0.003].flatMap((learningRate) =>
      repeats(`rate ${learningRate}`, { learningRate: learningRate * 2 }, [0.63, 0.66, 0.65]),
    );
    const alone =
      analysed([...plain, ...others.slice(0, 3)], plain[0]?.id).experiments[1]?.difference?.pValue ?? NaN;
    const together = analysed([...plain, ...others], plain[0]?.id).experiments[1]?.difference?.pValue ?? NaN;
    expect(together).toBeCloseTo(Math.min(1, 3 * alone), 12);
  });

  test('repeats of one experiment are judged together: what most of them have is said once', () => {
    const finding = {
      id: 'high-bias',
      severity: 'warning',
      sentence: 'High bias: 30 %.',
      advice: null,
      options: null,
    } as const;
    const found = analyseRunSet(plain, undefined, (run) => (run === plain[2] ? [] : [finding]));
    expect(found.findings).toEqual([{ ...finding, runs: 2, of: 3 }]);
    expect(found.sentences[0]).toContain('3 seeds');
  });
});

describe('the best of several', () => {
  const sweep = [0.01, 0.02, 0.03].map((learningRate, index) =>
    repeats(`rate ${learningRate}`, { learningRate }, [0.7 + index / 50, 0.72 + index / 50]),
  );
  const best = sweep[2] ?? [];

  test('is not called so before it is measured again', () => {
    const found = analysed(sweep.flat()).best;
    expect(found).toMatchObject({
      name: 'rate 0.03',
      experiments: 3,
      again: null,
      runs: best.map(({ id }) => id),
    });
    expect(found?.sentence).toContain('measure it again with fresh seeds');
  });

  test('is measured with seeds that it was not picked for', () => {
    const again = measuredAgain(best, 3);
    expect(again.map(({ modelSeed, learningRate }) => [modelSeed, learningRate])).toEqual([
      [2, 0.03],
      [3, 0.03],
      [4, 0.03],
    ]);
  });

  test('what it reaches then is what to expect; fresh seeds do not make another one the highest', () => {
    const fresh = repeats(
      'rate 0.03',
      { learningRate: 0.03 },
      [0.6, 0.61, 0.62],
      { tags: [MEASURED_AGAIN] },
      2,
    );
    const found = analysed([...sweep.flat(), ...fresh]).best;
    expect(found?.name).toBe('rate 0.03');
    expect(found?.mean).toBeCloseTo(0.75, 12);
    expect(found?.again?.mean).toBeCloseTo(0.61, 12);
    expect(found?.sentence).toMatch(/with 3 fresh seeds it reaches 61\.0%/);
  });

  test('two experiments are no choice', () => {
    expect(analysed(sweep.slice(0, 2).flat()).best).toBeNull();
  });
});

describe('what runs are decides what is said of them', () => {
  test('a sweep of two options has an importance of each', () => {
    const runs = [0.01, 0.02].flatMap((learningRate, a) =>
      [true, false].flatMap((trim, b) =>
        repeats(`r${a}${b}`, { learningRate, trim }, [0.5 + a / 5, 0.52 + a / 5]),
      ),
    );
    const found = analysed(runs);
    expect(found.importance?.parts[0]?.label).toBe('Learning rate');
    expect(found.learningCurve).toBeNull();
  });

  test('runs that differ in their share of the training images alone are a learning curve', () => {
    const runs = learningCurveRuns({ ...defaultConfig(), modelSeed: 4 }, 'C', { sizes: 4, seeds: 2 }).map(
      (config, index) =>
        queuedRun({
          id: `share${index}`,
          name: config.expId,
          config,
          samples: { training: Math.round(600 * config.trainingShare), dev: 132, test: 0 },
          last: {
            epoch: 9,
            training: { loss: 0, accuracy: 1 },
            dev: { loss: 1, accuracy: 0.9 - 5 * (600 * config.trainingShare) ** -0.5 + (index % 2) / 100 },
          },
        }),
    );
    expect(new Set(runs.map(({ name }) => name))).toEqual(
      new Set(['C with 12.5 % of the images', 'C with 25 % of the images', 'C with 50 % of the images', 'C']),
    );
    const found = analysed(runs);
    expect(found.learningCurve?.points.map(({ images, seeds }) => [images, seeds])).toEqual([
      [75, 2],
      [150, 2],
      [300, 2],
      [600, 2],
    ]);
    expect(found.importance).toBeNull();
    expect(found.best).toBeNull();
  });

  test('runs without a dev part are left out', () => {
    expect(analysed([queuedRun({ id: 'x' })])).toMatchObject({ experiments: [], sentences: [] });
  });
});
