import { expect, test } from 'vitest';
import { parseJobs, parseLaunch, splitExperiments } from '../../../src-main/cli/launch.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';

test('options before the first --experiment belong to the first, and nothing is inherited', () => {
  expect(splitExperiments(['--a', '--experiment', '--b', '--experiment', '--c'])).toEqual([
    ['--a'],
    ['--b'],
    ['--c'],
  ]);
  expect(splitExperiments(['--experiment', '--b'])).toEqual([['--b']]);
  expect(splitExperiments([])).toEqual([[]]);
  const { configs } = parseLaunch(['--layers=5', '--grayscale', '--experiment', '--exp-id=two']);
  expect(configs.map(({ layers, grayscale, expId }) => [layers, grayscale, expId])).toEqual([
    [[5], true, 'main'],
    [[100], false, 'two'],
  ]);
});

test('--training-times makes runs that differ in their model seed alone', () => {
  const { configs } = parseLaunch(['--training-times=3', '--model-seed=7']);
  expect(configs.map(({ modelSeed }) => modelSeed)).toEqual([7, 8, 9]);
  expect(new Set(configs.map((config) => JSON.stringify({ ...config, modelSeed: 0 }))).size).toBe(1);
  expect(() => parseLaunch(['--training-times=2', `--model-seed=${2 ** 31 - 1}`])).toThrow(/count up/);
});

test("names of the study's implementations are taken, and said to change nothing", () => {
  const { notices } = parseLaunch([
    '--data-loader=NumoImageMagick',
    '--accuracy=ClassesNumo',
    '--loss=CrossEntropy',
  ]);
  expect(notices).toHaveLength(3);
  expect(notices[0]).toMatch(/--data-loader=NumoImageMagick changes nothing/);
  expect(() => parseLaunch(['--data-loader=Other'])).toThrow(/takes one of .*NumoImageMagick/);
});

test.each<[string[], RegExp]>([
  [['--lerning-rate=1'], /no option --lerning-rate\. Did you mean --learning-rate\?/],
  [['--zzzzzzzzzzzz'], /no option --zzzzzzzzzzzz\. See all of them/],
  [['photos'], /takes options only, and photos is none\. A data set is named with --dataset=photos/],
  [['--layers'], /--layers needs a value/],
  [['--exp-id', '--layers=3'], /--exp-id needs a value .* but --layers=3 follows it/],
  [['--experiment=two'], /--experiment takes no value; name the experiment with --exp-id/],
  [['--layers=3', '--layers=4'], /--layers=3 and --layers=4 contradict each other/],
  [['--dropout=0.1', '--dropout-rate=0.2'], /--dropout.*mean the same option and contradict/],
  [['--plan=maybe'], /--plan=maybe is not possible: it takes true or false/],
  [['--jobs=0'], /--jobs=0 is not possible: it takes a whole number from 1/],
  [['--layers=x', '--resize=0,5'], /--resize=0,5[^]*--layers=x/],
  [['--layers=3', '--experiment', '--layers=x'], /Experiment 2: --layers=x/],
])('%j is for the user to mend', (args, sentence) => {
  expect(() => parseLaunch(args)).toThrow(UserError);
  expect(() => parseLaunch(args)).toThrow(sentence);
});

test('the same option twice with one meaning is no contradiction', () => {
  expect(
    parseLaunch(['--layers=3', '--layers=3', '--dropout=0', '--dropout-rate=0.0']).configs[0]?.layers,
  ).toEqual([3]);
});

test('runs at once are a whole number', () => {
  expect(parseJobs('2')).toBe(2);
  expect(() => parseJobs('1.5')).toThrow(/--jobs=1.5/);
  expect(() => parseJobs('')).toThrow(/--jobs=/);
});

test('an option that cannot matter is said to have no effect', () => {
  expect(parseLaunch(['--decay=0.5']).notices).toEqual([
    expect.stringMatching(/--decay has no effect with --optimizer=Adam/),
  ]);
  expect(parseLaunch(['--decay=0.5', '--optimizer=ExponentialDecay']).notices).toEqual([]);
});
