import { expect, test } from 'vitest';
import type { StudyRun } from '../../../src-main/study/figures.ts';
import type { Recipe } from '../../../src-main/study/recipes.ts';
import { csvReport, markdownReport, type ReportInput, summaryLines } from '../../../src-main/study/report.ts';
import { judge } from '../../../src-main/study/verdict.ts';
import { studyRun } from './study-run.ts';

const recipe: Recipe = {
  id: 'trim',
  title: 'Trimming',
  section: 'Data preparation',
  experiments: [
    {
      id: 'no_trim',
      label: 'Off',
      options: '--resize=32,32',
      reference: {
        parameters: null,
        ratio: null,
        trainingCost: 1.64,
        training: 0.46,
        devCost: 2.39,
        dev: 0.17,
        earlyStopEpoch: 82,
        avoidableBias: 0.54,
        variance: 0.29,
      },
    },
    { id: 'trim', label: 'On', options: '--trim=true --resize=32,32', reference: null },
  ],
  finding: 'It learns much faster.',
  claims: [
    { kind: 'difference', figure: 'training', from: 'no_trim', to: 'trim', direction: 'rises', by: 0.2 },
    { kind: 'limit', figure: 'variance', of: 'trim', side: 'above', limit: 0.15, contrary: 0.05 },
  ],
  disagreements: ['The text says otherwise.'],
};

function inputOf(runs: Readonly<Record<string, readonly StudyRun[]>>, seeds: number): ReportInput {
  function runsOf(options: string): readonly StudyRun[] {
    return runs[options] ?? [];
  }
  return {
    judged: judge([recipe], runsOf),
    runsOf,
    seeds,
    epochs: null,
    basis: {
      backend: 'native',
      versions: {
        app: '1.0.0',
        node: 'v24.1.0',
        tfjs: '4.22.0',
        library: 'libtensorflow 1.15.0',
        sharp: '0.34.5',
        platform: 'linux-x64',
      },
      dataset: { folder: '/sets/numbers', fingerprint: '0123456789abcdef', images: 848 },
    },
    cost: { wallMs: 125_000, runsMs: 240_000, trained: 3, continued: 1, reused: 2 },
    pictures: [{ part: 'trim', kind: 'loss', file: 'trim-loss.png' }],
  };
}

function run(id: string, training: number, dev: number, more: Partial<StudyRun> = {}): StudyRun {
  return studyRun(
    { training: [training], dev: [dev], trainingCost: [1.5], devCost: [2.25] },
    { id, ...more },
  );
}

const TWO_SEEDS = {
  '--resize=32,32': [
    run('r1', 0.5, 0.2, { earlyStopEpoch: 40, parameters: 30860, ratio: 52.04 }),
    run('r2', 0.52, 0.24, { modelSeed: 100, parameters: 30860, ratio: 52.04 }),
  ],
  '--trim=true --resize=32,32': [run('r3', 0.9, 0.5), run('r4', 0.94, 0.52, { modelSeed: 100 })],
};

test('the first lines say what holds, by what, on what, and what it took', () => {
  expect(summaryLines(inputOf(TWO_SEEDS, 2))).toEqual([
    'Findings confirmed: 1 of 1. Not confirmed: 0. The opposite found: 0.',
    'Single claims confirmed: 2 of 2.',
    '2 seeds stand behind every figure: mean ± standard deviation.',
    'Data set: numbers, 848 images, fingerprint 0123456789ab.',
    'Computed by native (libtensorflow 1.15.0), tfjs 4.22.0, images decoded by sharp 0.34.5, Node 24.1.0, linux-x64, Layerbench 1.0.0.',
    'It took 2 min 05 s: 3 runs trained, 1 taken up again, 2 found in the store. All runs together trained for 4 min 00 s, one after the other.',
  ]);
});

test('of several findings it is told how many hold where they are corrected for each other', () => {
  const input = inputOf(TWO_SEEDS, 2);
  const two = { ...input, judged: judge([recipe, { ...recipe, id: 'again' }], input.runsOf) };
  expect(summaryLines(two).slice(0, 3)).toEqual([
    'Findings confirmed: 2 of 2. Not confirmed: 0. The opposite found: 0.',
    'Single claims confirmed: 4 of 4.',
    // 2 · 0.0303 = 0.0606 each.
    'Corrected for being 2 (Holm), 0 findings would still be confirmed, and 0 the opposite.',
  ]);
  expect(markdownReport(two)).toContain(
    '| | Finding | Verdict | Claims | p | p (Holm) |\n| --- | --- | --- | --- | ---: | ---: |\n| trim | Trimming: It learns much faster. | confirmed | 2 of 2 | 0.030 | 0.061 |\n',
  );
});

test('a table has our mean and deviation over seeds above what the study prints', () => {
  const report = markdownReport(inputOf(TWO_SEEDS, 2));
  expect(report).toContain(
    '| Experiment | | # parameters | Params/samples ratio | Training cost | Training accuracy | Dev cost | Dev accuracy | Early stop epoch | Avoidable bias | Variance |',
  );
  // The early stop is that of the one run that had any.
  expect(report).toContain(
    '| Off | here | 30,860 | 52 | 1.50 | 51.0% ± 1.4% | 2.25 | 22.0% ± 2.8% | 40 | 49.0% ± 1.4% | 29.0% ± 1.4% |',
  );
  expect(report).toContain(
    '| | _study_ |  |  | _1.64_ | _46.0%_ | _2.39_ | _17.0%_ | _82_ | _54.0%_ | _29.0%_ |',
  );
  expect(report).toContain('![Loss of trim](trim-loss.png)');
  expect(report).toContain(
    'layerbench train --exp-id=no_trim --resize=32,32 --batch-norm-eval=batch --experiment --exp-id=trim --trim=true --resize=32,32 --batch-norm-eval=batch',
  );
  expect(report).toContain('- The text says otherwise.');
  expect(report).toContain('## How a verdict is come by');
});

test('a claim says what decides it, where that lies, and how sure it is', () => {
  const report = markdownReport(inputOf(TWO_SEEDS, 2));
  // Differences of 40 and 42 points: 41 ± 12.706 · 1; above 20: t = 21, p = 2 · pt(−21, 1) = 0.030.
  expect(report).toContain(
    '- The training accuracy rises from no_trim to trim by at least 20.0 points: 41.0 points (95 % interval 28.3 to 53.7 points, p = 0.030), confirmed.',
  );
  const one = markdownReport(
    inputOf(
      { '--resize=32,32': [run('a', 0.5, 0.2)], '--trim=true --resize=32,32': [run('b', 0.9, 0.5)] },
      1,
    ),
  );
  expect(one).toContain(
    '- The training accuracy rises from no_trim to trim by at least 20.0 points: 40.0 points, confirmed.',
  );
  expect(one).toContain(
    '- The variance of trim is above 15.0 points (contrary below 5.0 points): 40.0 points, confirmed.',
  );
  expect(one).toContain('One seed stands behind every figure');
});

test('figures.csv has a row a run with its id, its seeds and the figures of the study', () => {
  const [head, first, ...others] = csvReport(inputOf(TWO_SEEDS, 2)).trim().split('\n');
  expect(head).toBe(
    'part,experiment,run,model_seed,dataset_seed,parameters,ratio,training_cost,training,dev_cost,dev,early_stop_epoch,avoidable_bias,variance,study_parameters,study_ratio,study_training_cost,study_training,study_dev_cost,study_dev,study_early_stop_epoch,study_avoidable_bias,study_variance',
  );
  expect(first).toBe(
    'trim,no_trim,r1,0,0,30860,52.04,1.5,0.5,2.25,0.2,40,0.5,0.3,,,1.64,0.46,2.39,0.17,82,0.54,0.29',
  );
  expect(others).toHaveLength(3);
  expect(others[0]).toMatch(/^trim,no_trim,r2,100,0,/);
});
