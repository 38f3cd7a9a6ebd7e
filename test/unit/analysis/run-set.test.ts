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
      config: { ...defaultConfig(), ...config, expId: name, modelSeed: firstSeed + seed },
      last: { epoch: 9, training: { loss: 0.1, accuracy: 0.99 }, dev: { loss: 0.5, accuracy } },
      ...changes,
    }),
  );
}

function analysed(runs: readonly RunRecord[], baseline?: string) {
  return analyseRunSet(runs, { baseline });
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
      /trim differs from plain.*gray lies 1\.0 points above plain, but seeds alone do as much \(95 % interval −/,
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

  test('one experiment alone tells how far its seeds lie apart', () => {
    expect(analysed(plain).sentences[0]).toContain('3 seeds');
  });
});

describe('a seed counts once', () => {
  const plain = repeats('plain', {}, [0.6, 0.62, 0.64]);
  const trim = repeats('trim', { trim: true }, [0.61, 0.64, 0.63]);

  test('the same seed trained again makes no difference surer than it is: its newest run counts', () => {
    // A rerun has the same figures bit by bit, and names the backend that computed.
    const again = [...plain, ...trim].map((run) => ({
      ...run,
      id: `${run.id} again`,
      createdAt: '2026-02-01T00:00:00.000Z',
      config: { ...run.config, backend: 'native' as const },
    }));
    const once = analysed([...plain, ...trim], plain[0]?.id);
    const twice = analysed([...plain, ...trim, ...again], plain[0]?.id);
    expect(twice.noise).toBe(once.noise);
    expect(twice.experiments[1]?.difference).toEqual(once.experiments[1]?.difference);
    expect(twice.experiments.map(({ runs }) => runs)).toEqual([
      plain.map(({ id }) => `${id} again`),
      trim.map(({ id }) => `${id} again`),
    ]);
    expect(once.sentences.join(' ')).not.toContain('left out');
    expect(twice.sentences.at(-1)).toBe(
      'A seed counts once, with its newest run: 6 runs of the same configuration and seed are left out.',
    );
  });

  test('a run that has not finished does not stand for one that has', () => {
    const [first] = plain;
    if (first === undefined) throw new Error('No run.');
    const stopped: RunRecord = {
      ...first,
      id: 'stopped',
      status: 'stopped',
      createdAt: '2026-03-01T00:00:00.000Z',
      last: { epoch: 1, training: { loss: 2, accuracy: 0.1 }, dev: { loss: 2, accuracy: 0.1 } },
    };
    expect(analysed([...plain, stopped]).experiments[0]?.mean).toBeCloseTo(0.62, 12);
  });

  test('a seed more on one side leaves the others paired, and says how many pairs there are', () => {
    const more = repeats('trim', { trim: true }, [0.61, 0.64, 0.63, 0.9]);
    const three = analysed([...plain, ...trim], plain[0]?.id).experiments[1];
    const four = analysed([...plain, ...more], plain[0]?.id).experiments[1];
    expect(four?.difference).toMatchObject({ method: 'paired', pairs: 3 });
    expect(four?.difference).toEqual(three?.difference);
    expect(four?.mean).toBeCloseTo(0.695, 12);
  });

  test('where few seeds are common, all of them say more', () => {
    const others = repeats('trim', { trim: true }, [0.7, 0.72, 0.71], {}, 2);
    expect(analysed([...plain, ...others], plain[0]?.id).experiments[1]?.difference).toMatchObject({
      method: 'welch',
      pairs: null,
    });
  });
});

describe('experiments keep their names', () => {
  test('a number that its user gave is no number of a repeat', () => {
    const runs = [8, 16, 32].flatMap((units) => repeats(`size_${units}`, { layers: [units] }, [0.6, 0.7]));
    expect(analysed(runs).experiments.map(({ name }) => name)).toEqual(['size_8', 'size_16', 'size_32']);
  });

  test('experiments of one name are told apart by what they differ in', () => {
    const found = analysed([
      ...repeats('main', {}, [0.6, 0.62]),
      ...repeats('main', { trim: true, learningRate: 0.1 }, [0.7, 0.75]),
    ]);
    expect(found.experiments.map(({ name }) => name)).toEqual([
      'main (trim=false, learning-rate=0.001)',
      'main (trim=true, learning-rate=0.1)',
    ]);
  });
});

describe('any figure', () => {
  function losses(name: string, config: Partial<RunConfig>, values: readonly number[]): RunRecord[] {
    return repeats(
      name,
      config,
      values.map(() => 0.5),
    ).map((run, index) => ({
      ...run,
      last: {
        epoch: 9,
        training: { loss: 0.1, accuracy: 1 },
        dev: { loss: values[index] ?? 0, accuracy: 0.5 },
      },
    }));
  }
  const plain = losses('plain', {}, [0.6, 0.61, 0.62]);
  const decayed = losses('decayed', { weightDecay: 0.1 }, [0.41, 0.4, 0.42]);

  test('lower is better of a loss: the others are held against the lowest', () => {
    const found = analyseRunSet([...plain, ...decayed], { figure: 'dev.loss' });
    expect(found).toMatchObject({ figure: 'dev.loss', against: 'decayed' });
    expect(found.experiments[0]?.difference).toMatchObject({ verdict: 'higher' });
    expect(found.sentences[0]).toMatch(/^Seeds alone spread dev loss by 0\.010 /);
  });

  test('a loss that broke down is left out, and said to be', () => {
    const found = analyseRunSet([...plain, ...losses('wild', { learningRate: 1 }, [NaN, 0.9, Infinity])], {
      figure: 'dev.loss',
    });
    expect(found.experiments.map(({ mean, runs }) => [mean, runs.length])).toEqual([
      [expect.closeTo(0.61, 12), 3],
      [0.9, 1],
    ]);
    expect(found.sentences.at(-1)).toContain('The dev loss of 2 runs broke down');
  });

  test('a figure that no run has is said to be none', () => {
    expect(analyseRunSet(plain, { figure: 'test.accuracy' })).toMatchObject({
      experiments: [],
      sentences: ['None of these runs has a test accuracy yet.'],
    });
  });

  test('importance is of the figure that is asked for', () => {
    const runs = [...plain, ...decayed].map((run) => ({ ...run, variance: run.config.modelSeed / 10 }));
    expect(analyseRunSet(runs, { figure: 'dev.loss' }).importance?.parts[0]).toMatchObject({
      label: 'Weight decay',
    });
    function share(figure: 'dev.loss' | 'variance'): number {
      return analyseRunSet(runs, { figure }).importance?.parts[0]?.share ?? NaN;
    }
    expect(share('dev.loss')).toBeGreaterThan(0.9);
    expect(share('variance')).toBe(0);
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
    // The second of the sweep is ahead of what is left of the first: it has to show the same.
    expect(found?.next).toEqual({ name: 'rate 0.02', runs: sweep[1]?.map(({ id }) => id) });
    expect(found?.sentence).toMatch(/rate 0\.02 was seen at 73\.0%, which is higher: measure it again too/);
  });

  test('of what was measured again fresh seeds alone are held against others', () => {
    const fresh = repeats(
      'rate 0.03',
      { learningRate: 0.03 },
      [0.6, 0.61, 0.62],
      { tags: [MEASURED_AGAIN] },
      2,
    );
    const found = analysed([...sweep.flat(), ...fresh]);
    const own = found.experiments.find(({ name }) => name === 'rate 0.03');
    expect(own).toMatchObject({ isFresh: true, runs: fresh.map(({ id }) => id) });
    expect(own?.mean).toBeCloseTo(0.61, 12);
    expect(found.against).toBe('rate 0.02');
    expect(found.sentences.at(-1)).toContain('its fresh seeds alone count: 2 runs that it was picked for');
  });

  test('of several that were measured again the best fresh one is the best', () => {
    function measured(rate: number, accuracies: readonly number[]): RunRecord[] {
      return repeats(`rate ${rate}`, { learningRate: rate }, accuracies, { tags: [MEASURED_AGAIN] }, 2);
    }
    const found = analysed([
      ...sweep.flat(),
      ...measured(0.03, [0.6, 0.62]),
      ...measured(0.02, [0.72, 0.74]),
    ]);
    expect(found.best).toMatchObject({ name: 'rate 0.02', again: { seeds: 2 }, next: { name: 'rate 0.02' } });
    expect(found.best?.again?.mean).toBeCloseTo(0.73, 12);
    expect(found.best?.sentence).toContain('the highest of the 2 experiments of 3 that were measured again');
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

  test('a sweep of one option has its importance too, and with one seed each says why not', () => {
    const rates = [0.01, 0.02, 0.03];
    const found = analysed(
      rates.flatMap((learningRate, a) => repeats(`r${a}`, { learningRate }, [0.5 + a / 5, 0.52 + a / 5])),
    );
    expect(found.importance?.parts.map(({ label }) => label)).toEqual(['Learning rate']);
    expect(found.importance?.parts[0]?.share).toBeGreaterThan(0.9);
    const single = analysed(
      rates.flatMap((learningRate, a) => repeats(`r${a}`, { learningRate }, [0.5 + a / 5])),
    );
    expect(single.importance).toBeNull();
    expect(single.noImportance).toContain('cannot be told from chance with one seed each');
  });

  test('what computes and what is watched makes no experiment', () => {
    const found = analysed([
      ...repeats('a', { backend: 'native' }, [0.5]),
      ...repeats('a', { trackLayer: [{ parameter: 'L0_Dense_W', units: 4 }] }, [0.6], {}, 1),
    ]);
    expect(found.experiments.map(({ name, runs }) => [name, runs.length])).toEqual([['a', 2]]);
  });

  test('runs without a dev part are left out', () => {
    expect(analysed([queuedRun({ id: 'x' })])).toMatchObject({
      experiments: [],
      sentences: ['None of these runs has a dev accuracy yet.'],
    });
  });
});
