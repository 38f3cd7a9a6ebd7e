import { describe, expect, test } from 'vitest';
import {
  configDifferences,
  contradictions,
  defaultConfig,
  type RunConfig,
} from '../../../src-preload/contract/config.ts';
import type { Finding } from '../../../src-preload/contract/diagnosis.ts';
import { diagnose, type DiagnosedRun } from '../../../src-main/analysis/diagnosis.ts';
import { experimentFindings } from '../../../src-main/analysis/experiment-findings.ts';
import { analyseRunSet } from '../../../src-main/analysis/run-set.ts';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import { configOf } from '../../support/config-of-options.ts';
import { type PatternedClass, patternedSet } from '../../support/training/patterned-set.ts';
import { trainedRun } from '../../support/training/trained-run.ts';

// Every run here is trained: small networks, for a moment, on images that are drawn so that the fault is theirs.

const compute = new Float64Compute();

/** A class that one pattern tells. */
function told(by: number, noise: number, changes: Partial<PatternedClass> = {}): PatternedClass {
  return { training: 70, dev: 20, looks: [{ [by]: 1 }], noise, ...changes };
}

/** Two classes that no single pixel says anything of: whether two patterns have the same sign. */
function sameOrOther() {
  const counts = { training: 200, dev: 40, noise: 30 };
  return patternedSet({
    same: {
      ...counts,
      looks: [
        { 0: 1, 1: 1 },
        { 0: -1, 1: -1 },
      ],
    },
    other: {
      ...counts,
      looks: [
        { 0: 1, 1: -1 },
        { 0: -1, 1: 1 },
      ],
    },
  });
}

const sets = {
  easy: patternedSet({ a: told(0, 50), b: told(1, 50), c: told(2, 50) }),
  noisy: patternedSet({ a: told(0, 240), b: told(1, 240), c: told(2, 240) }),
  twofold: sameOrOther(),
  unequal: patternedSet({
    a: told(0, 60, { training: 200 }),
    b: told(1, 60, { training: 200 }),
    rare: told(2, 60, { training: 25 }),
  }),
  alike: patternedSet({ a: told(0, 50), b: told(0, 50), c: told(1, 50), d: told(2, 50) }),
  few: patternedSet({ a: told(0, 50, { dev: 6 }), b: told(1, 50, { dev: 6 }) }),
  brighterDev: patternedSet({
    a: told(0, 50, { devBrighter: 90 }),
    b: told(1, 50, { devBrighter: 90 }),
    c: told(2, 50, { devBrighter: 90 }),
  }),
};

function smallConfig(changes: Partial<RunConfig>): RunConfig {
  return {
    ...defaultConfig(),
    resize: { width: 8, height: 8 },
    grayscale: true,
    layers: [8],
    learningRate: 0.01,
    nbrEpochs: 60,
    ...changes,
  };
}

interface Diagnosed {
  readonly ids: string[];
  readonly finding: (id: Finding['id']) => Finding;
  /** The configuration that a finding sets up. */
  readonly setUp: (id: Finding['id']) => RunConfig;
}

async function diagnosed(set: keyof typeof sets, changes: Partial<RunConfig>): Promise<Diagnosed> {
  const config = smallConfig(changes);
  const trained = await trainedRun(compute, config, sets[set]);
  const findings = diagnose(trained);
  function finding(id: Finding['id']): Finding {
    const found = findings.find((one) => one.id === id);
    if (found === undefined) throw new Error(`There is no ${id}.`);
    return found;
  }
  for (const one of findings) {
    expect(one.sentence).toMatch(/\d/);
    if (one.options !== null) changesTheRun(config, one.options);
  }
  return {
    ids: findings.map(({ id }) => id),
    finding,
    setUp: (id) => configOf(finding(id).options ?? []),
  };
}

/** What is advised is another run, and can be launched: something differs, and nothing in it is without effect. */
function changesTheRun(config: RunConfig, given: readonly string[]): void {
  const next = configOf(given);
  expect(configDifferences([config, next])).not.toEqual([]);
  const set = configDifferences([defaultConfig(), next]).map(({ key }) => key);
  expect(contradictions(next, new Set(set))).toEqual([]);
}

describe('a run without a fault', () => {
  test.for([
    ['trained for long enough', 'easy', {}],
    ['in minibatches', 'easy', { maxMinibatchSize: 20 }],
    ['of two patterns, with units enough', 'twofold', { layers: [16] }],
    // 91 % are right as they were trained on, with units left out: all are without.
    ['with dropout', 'easy', { layers: [32], dropoutRate: 0.3 }],
    // 59 % are right under the noise: all are without.
    ['with noise that training alone sees', 'easy', { layers: [32], noiseIntensity: 1 }],
    ['whose dev part is asked about at its end alone', 'easy', { evalDev: false }],
  ] as const)('%s', async ([, set, changes]) => {
    expect((await diagnosed(set, changes)).ids).toEqual([]);
  });
});

describe('high bias', () => {
  test('of a network without a hidden layer, where no pixel says anything alone: one is advised', async () => {
    const { ids, finding, setUp } = await diagnosed('twofold', { model: 'OneLayer' });
    expect(ids).toEqual(['high-bias']);
    expect(finding('high-bias').sentence).toMatch(
      /^High bias: 4\d\.\d % of the training images themselves are classified wrongly by the trained network; the training loss fell by 0\.\d % over the last 12 of 60 epochs\.$/,
    );
    expect(setUp('high-bias').model).toBe('NLayers');
    expect((await diagnosed('twofold', { ...setUp('high-bias'), layers: [16] })).ids).toEqual([]);
  });

  test('of one that dropout leaves too little of: less is advised', async () => {
    const { ids, setUp } = await diagnosed('twofold', { dropoutRate: 0.9 });
    expect(ids).toContain('high-bias');
    expect(setUp('high-bias').dropoutRate).toBe(0);
  });

  test('of a few epochs nothing is said of how the loss goes on', async () => {
    const { ids, finding, setUp } = await diagnosed('easy', { learningRate: 0.001, nbrEpochs: 5 });
    expect(ids).toEqual(['high-bias']);
    expect(finding('high-bias').sentence).toMatch(/5 epochs are too few to say whether more would help/);
    expect(setUp('high-bias').nbrEpochs).toBe(50);
  });
});

test('high variance: a few noisy images are learnt by heart', async () => {
  const { ids, finding, setUp } = await diagnosed('noisy', {
    layers: [8],
    nbrEpochs: 40,
    maxMinibatchSize: 100,
  });
  expect(ids).toContain('high-variance');
  expect(ids).not.toContain('many-parameters');
  expect(finding('high-variance').sentence).toMatch(/95 % interval \d+\.\d % to \d+\.\d %/);
  expect(setUp('high-variance').dropoutRate).toBe(0.5);
});

describe('more parameters than images hold in check', () => {
  test('of a wide layer: fewer units', async () => {
    const { ids, setUp } = await diagnosed('noisy', { layers: [64], nbrEpochs: 30 });
    expect(ids).toEqual(['high-variance', 'many-parameters']);
    expect(setUp('many-parameters').layers).toEqual([16]);
  });

  test('of a network without a hidden layer: smaller images, since units would change nothing', async () => {
    const few = patternedSet({ a: told(0, 240, { training: 6 }), b: told(1, 240, { training: 6 }) });
    const trained = await trainedRun(compute, smallConfig({ model: 'OneLayer' }), few);
    const many = diagnose(trained).find(({ id }) => id === 'many-parameters');
    expect(many?.advice).toBe('Try smaller images.');
    expect(many?.options).toContain('--resize=4,4');
  });
});

describe('the learning rate', () => {
  test('is too high: the loss bounces', async () => {
    const { ids, finding, setUp } = await diagnosed('noisy', { model: 'OneLayer', learningRate: 1 });
    expect(ids).toEqual(['bouncing-loss', 'high-variance']);
    expect(finding('bouncing-loss').sentence).toMatch(
      /it rose in \d+ of the last 29 epochs, by \d+\.\d % of itself/,
    );
    expect(setUp('bouncing-loss').learningRate).toBe(0.33);
  });

  test('is far too high: the loss is no number any more', async () => {
    const { ids, setUp } = await diagnosed('easy', {
      optimizer: 'Constant',
      activation: 'relu',
      batchNorm: false,
      layers: [20, 20, 20],
      learningRate: 100,
      weightDecay: 100,
    });
    expect(ids).toEqual(['broke-down']);
    expect(setUp('broke-down').learningRate).toBe(10);
  });

  test.for([
    [1e-5, {}],
    [1e-6, {}],
    [1e-5, { maxMinibatchSize: 20 }],
    [1e-3, { optimizer: 'Constant' }],
  ] as const)('is too low: %d, %o', async ([learningRate, changes]) => {
    const { ids, finding, setUp } = await diagnosed('easy', { learningRate, ...changes });
    expect(ids).toEqual(['still-falling']);
    expect(finding('still-falling').sentence).toMatch(/slowly: by \d\.\d\d % over the last 12 epochs/);
    expect(setUp('still-falling').learningRate).toBeCloseTo(10 * learningRate, 12);
  });

  test('fits, but the end came too early', async () => {
    const { ids, setUp } = await diagnosed('easy', { learningRate: 0.0003 });
    expect(ids).toEqual(['still-falling']);
    expect(setUp('still-falling').nbrEpochs).toBe(120);
  });
});

describe('units that do nothing', () => {
  test('dead ones, where steps of ReLU were too large; more of them are not advised', async () => {
    const { ids, finding, setUp } = await diagnosed('easy', {
      activation: 'relu',
      batchNorm: false,
      learningRate: 1,
      layers: [20],
    });
    expect(ids).toEqual(['high-bias', 'dead-units']);
    expect(finding('dead-units').sentence).toContain('20 of 20 in L2_Relu never come above 0');
    expect(setUp('dead-units').activation).toBe('leaky-relu');
    expect(finding('high-bias').options).toBe(null);
  });

  test.for(['tanh', 'sigmoid'] as const)('saturated ones of %s', async (activation) => {
    const { ids, finding, setUp } = await diagnosed('easy', {
      activation,
      batchNorm: false,
      learningRate: 3,
      layers: [20],
    });
    expect(ids).toContain('saturated-units');
    expect(finding('saturated-units').sentence).toMatch(/20 of 20 in L2_(Tanh|Sigmoid) lie at the end/);
    expect(setUp('saturated-units').batchNorm).toBe(true);
  });
});

describe('dev and training images of two kinds', () => {
  test('a dev part of brighter images', async () => {
    const { ids, finding, setUp } = await diagnosed('brighterDev', {});
    expect(ids).toEqual(['high-variance', 'drawn-differently']);
    expect(finding('drawn-differently').sentence).toMatch(
      /their brightness is 0\.8\d\d .* that of training images 0\.4\d\d/,
    );
    expect(setUp('drawn-differently').minmaxNormalize).toBe(true);
  });

  test('training images under noise', async () => {
    const { ids, setUp } = await diagnosed('noisy', { noiseIntensity: 0.5, layers: [32] });
    expect(ids).toEqual(['high-variance', 'many-parameters', 'drawn-differently']);
    expect(setUp('drawn-differently').noiseIntensity).toBe(0.25);
  });
});

test('class imbalance: by what was trained on, where the dev part is even', async () => {
  const { ids, finding } = await diagnosed('unequal', {});
  expect(ids).toEqual(['imbalance']);
  expect(finding('imbalance').sentence).toMatch(
    /^The classes are unequal: a has 200 training images, rare has 25\. Of their dev images 20 of 20 and 1\d of 20 are/,
  );
});

test('a pair of classes that look the same is confused, and no other', async () => {
  const { ids, finding } = await diagnosed('alike', {});
  expect(ids).toContain('confused-pair');
  expect(finding('confused-pair').sentence).toMatch(
    /^(a is taken for b|b is taken for a): 1\d of its 20 dev images/,
  );
  // Three classes under so much noise are confused too, but none with one other more than with the third.
  expect((await diagnosed('noisy', {})).ids).not.toContain('confused-pair');
});

test('early stopping would have ended it long ago', async () => {
  const { ids, finding, setUp } = await diagnosed('noisy', { layers: [16], nbrEpochs: 100 });
  expect(ids).toContain('stopped-long-ago');
  expect(finding('stopped-long-ago').sentence).toMatch(
    /^The dev loss was lowest at epoch \d+ of 100: 1\.\d\d with \d+\.\d % .* against [12]\.\d\d with \d+\.\d % at the end/,
  );
  expect(setUp('stopped-long-ago').earlyStopping).toBe('stop');
  expect(
    (await diagnosed('noisy', { layers: [16], nbrEpochs: 100, earlyStopping: 'stop' })).ids,
  ).not.toContain('stopped-long-ago');
});

test('of a dev part that is too small only that is said', async () => {
  const { ids, finding } = await diagnosed('few', {});
  expect(ids).toEqual(['dev-too-small']);
  expect(finding('dev-too-small').sentence).toContain('The dev part has 12 images');
});

describe('several seeds', () => {
  async function analysed(
    set: keyof typeof sets,
    experiments: readonly Partial<RunConfig>[],
    nbrEpochs: number,
  ) {
    const trained: DiagnosedRun[] = [];
    for (const [index, changes] of experiments.entries()) {
      for (const modelSeed of [0, 1, 2]) {
        const config = smallConfig({ ...changes, modelSeed, nbrEpochs, expId: `experiment ${index}` });
        const one = await trainedRun(compute, config, sets[set]);
        trained.push({ ...one, run: { ...one.run, id: `${index}-${modelSeed}` } });
      }
    }
    const runs = trained.map(({ run }) => run);
    return {
      analysis: analyseRunSet(runs, { baseline: '0-0' }),
      experiments: experimentFindings(runs, ({ id }) => {
        const one = trained.find(({ run }) => run.id === id);
        return one === undefined ? [] : diagnose(one);
      }),
    };
  }

  test('a difference that seeds alone make is called that', async () => {
    const { analysis } = await analysed('noisy', [{ layers: [8] }, { layers: [9] }], 30);
    expect(analysis.experiments[1]?.difference?.verdict).toBe('within the noise');
    expect(analysis.sentences.join(' ')).toMatch(
      /experiment 1 lies \d+\.\d points (above|below) experiment 0, but seeds alone do as much \(95 % interval/,
    );
  });

  test('one that is larger is not', async () => {
    const { analysis } = await analysed('twofold', [{ layers: [16] }, { model: 'OneLayer' }], 30);
    expect(analysis.experiments[1]?.difference?.verdict).toBe('lower');
    expect(analysis.sentences.join(' ')).toContain(
      'experiment 1 differs from experiment 0 by more than seeds do',
    );
  });

  test('what holds all repeats of an experiment back is said once', async () => {
    const { experiments } = await analysed('twofold', [{ model: 'OneLayer' }], 60);
    expect(experiments[0]?.findings.map(({ id, runs, of }) => [id, runs, of])).toEqual([['high-bias', 3, 3]]);
  });
});
