import { expect, test } from 'vitest';
import {
  commandLine,
  configDifferences,
  contradictions,
  defaultConfig,
  type OptionKey,
  optionKeys,
  optionOf,
  options,
  parseOption,
  RunConfig,
} from '../../../src-preload/contract/config.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';

/** A value of each option that is not its default, as text. */
const OTHERS: Record<OptionKey, string> = {
  dataset: '/data/my set',
  datasetsPath: '/data',
  filterDataset: '0,4,10-19',
  partitions: 'training:0.5,dev:0.25,test:0.25',
  trainingShare: '0.25',
  datasetSeed: '7',
  trim: 'true',
  resize: '16,24',
  grayscale: 'true',
  minmaxNormalize: 'true',
  adaptiveInvert: 'true',
  nbrClones: '10',
  rotAngle: '20.5',
  noiseIntensity: '0.1',
  model: 'OneLayer',
  layers: '400,200,100',
  activation: 'tanh',
  batchNorm: 'false',
  batchNormEval: 'batch',
  modelSeed: '2147483647',
  optimizer: 'ExponentialDecay',
  learningRate: '0.0001',
  decay: '0.5',
  nbrEpochs: '1000000',
  maxMinibatchSize: '100',
  evalDev: 'false',
  backend: 'wasm',
  dropoutRate: '0.99',
  weightDecay: '0.01',
  earlyStopping: 'stop',
  earlyStoppingPatience: '3',
  gradientChecks: 'exception',
  instabilityChecks: 'off',
  displaySamples: '4',
  trackLayer: 'L0_Dense_W,8',
  expId: 'größer – 2',
};

/** Reads a command line back, option by option. */
function readBack(words: readonly string[]): RunConfig {
  const values: Partial<Record<OptionKey, unknown>> = {};
  for (const word of words) {
    const [, flag = '', text = ''] = /^--([\w-]+)=([^]*)$/.exec(word) ?? [];
    const key = optionKeys.find((one) => optionOf(one).flag === flag);
    if (key === undefined) throw new Error(`${word} is no option.`);
    const value = parseOption(optionOf(key), text);
    values[key] =
      optionOf(key).repeatable === true
        ? [...((values[key] as unknown[] | undefined) ?? []), ...(value as unknown[])]
        : value;
  }
  return RunConfig.parse(values);
}

test('a configuration of nothing is that of all defaults, and each default fits its own option', () => {
  expect(RunConfig.parse({})).toEqual(defaultConfig());
  for (const key of optionKeys) {
    const option = optionOf(key);
    if (option.repeatable === true) continue;
    expect(parseOption(option, option.print(option.default)), key).toEqual(option.default);
  }
  expect(commandLine(defaultConfig())).toEqual([]);
});

test('the defaults are those of the study', () => {
  const { resize, layers, maxMinibatchSize, learningRate, decay, partitions, earlyStoppingPatience } =
    defaultConfig();
  expect({
    resize,
    layers,
    maxMinibatchSize,
    learningRate,
    decay,
    partitions,
    earlyStoppingPatience,
  }).toEqual({
    resize: { width: 110, height: 110 },
    layers: [100],
    maxMinibatchSize: 5000,
    learningRate: 0.001,
    decay: 0.9,
    partitions: { training: 0.7, dev: 0.15, test: 0.15 },
    earlyStoppingPatience: 10,
  });
});

test.each(optionKeys)('%s comes back from the command line that it gives', (key) => {
  const config = RunConfig.parse({ [key]: parseOption(optionOf(key), OTHERS[key]) });
  const words = commandLine(config);
  expect(words).toHaveLength(1);
  expect(readBack(words)).toEqual(config);
});

test('all options together come back from their command line, and each unit followed by itself', () => {
  const all = RunConfig.parse({
    ...Object.fromEntries(optionKeys.map((key) => [key, parseOption(optionOf(key), OTHERS[key])])),
    trackLayer: [
      { parameter: 'L0_Dense_W', units: 8 },
      { parameter: 'L4_Dense_W', units: 10 },
    ],
  });
  const words = commandLine(all);
  expect(words.filter((word) => word.startsWith('--track-layer'))).toEqual([
    '--track-layer=L0_Dense_W,8',
    '--track-layer=L4_Dense_W,10',
  ]);
  expect(readBack(words)).toEqual(all);
});

test('no two options share a name', () => {
  const names = optionKeys.flatMap((key) => [optionOf(key).flag, ...(optionOf(key).aliases ?? [])]);
  expect(new Set(names).size).toBe(names.length);
});

test.each<[OptionKey, string, RegExp]>([
  ['layers', '10,x', /--layers=10,x is not possible: it takes whole numbers of units from 1 to 100000/],
  ['layers', '0', /--layers=0 .*from 1 to 100000/],
  ['layers', '10,,10', /--layers=10,,10 .*separated by commas/],
  ['layers', '100001', /from 1 to 100000/],
  ['layers', '1.5', /whole numbers of units/],
  ['layers', new Array<number>(1001).fill(1).join(), /takes at most 1000 hidden layers/],
  ['resize', '0,5', /--resize=0,5 is not possible: it takes W,H: two whole numbers of pixels from 1 to 2048/],
  ['resize', '16', /--resize=16 .*W,H/],
  ['resize', '16,16,3', /--resize=16,16,3 .*W,H/],
  ['partitions', '0.5,0.1,0.1', /sum to 1 with training above 0/],
  ['partitions', 'training:0,dev:0.5,test:0.5', /training above 0/],
  ['partitions', '0.7,0.2,0.2', /sum to 1 .*; these sum to 1\.1\.$/],
  ['partitions', 'train:0.5,dev:0.5', /--partitions=train:0.5,dev:0.5/],
  ['partitions', 'toString:0.5,training:1', /takes shares from 0 to 1/],
  ['partitions', 'training:0.3,training:0.7,dev:0.3', /takes shares from 0 to 1/],
  ['partitions', 'training:0.7:9,dev:0.3', /takes shares from 0 to 1/],
  ['partitions', '0.7,0.1,0.1,0.1', /takes shares from 0 to 1/],
  ['partitions', '1.2,-0.1,-0.1', /takes shares from 0 to 1/],
  ['learningRate', '0', /takes a number above 0 to 100/],
  ['learningRate', 'fast', /takes a number above 0 to 100/],
  ['dropoutRate', '1', /takes a number from 0 and below 1/],
  ['nbrEpochs', '2.5', /takes a whole number from 1 to 1000000/],
  ['nbrEpochs', '', /takes a whole number from 1 to 1000000/],
  ['noiseIntensity', 'NaN', /takes a number from 0 to 1/],
  ['modelSeed', '2147483648', /takes a whole number from 0 to 2147483647/],
  ['grayscale', 'yes', /takes true or false/],
  ['optimizer', 'SGD', /takes one of Adam, Constant, ExponentialDecay/],
  ['trackLayer', 'L0_Dense_W', /takes PARAMETER,UNITS, .* 1 to 1000 of its units, such as L0_Dense_W,8/],
  ['trackLayer', 'L0_Dense_W,0', /takes PARAMETER,UNITS/],
  ['trackLayer', 'L0_Dense_W,1001', /1 to 1000 of its units/],
  ['trackLayer', 'L0_Dense_W,8,8', /takes PARAMETER,UNITS/],
  ['trackLayer', '', /takes PARAMETER,UNITS/],
  ['filterDataset', '3-', /takes all, or indexes and ranges/],
  ['filterDataset', '0,19-10', /a range from its lower index to its higher/],
  ['expId', '', /takes a name of 1 to 200 characters/],
  ['dataset', ' ', /takes the name of a data set or the path of a folder/],
])('%s refuses %j with what it takes', (key, text, sentence) => {
  expect(() => parseOption(optionOf(key), text)).toThrow(UserError);
  expect(() => parseOption(optionOf(key), text)).toThrow(sentence);
});

/** What a numeric option takes, in the words of its help, and texts just inside and just outside. */
const RANGES: readonly [OptionKey, string, inside: readonly string[], outside: readonly string[]][] = [
  ['trainingShare', 'a number above 0 to 1', ['0.001', '1'], ['0', '-0.1', '1.01']],
  ['datasetSeed', 'a whole number from 0 to 2147483647', ['0', '2147483647'], ['-1', '2147483648', '0.5']],
  ['modelSeed', 'a whole number from 0 to 2147483647', ['0', '2147483647'], ['-1', '2147483648', '0.5']],
  ['nbrClones', 'a whole number from 1 to 10000', ['1', '10000'], ['0', '10001', '1.5']],
  ['rotAngle', 'a number from 0 to 180', ['0', '0.5', '180'], ['-0.1', '180.1']],
  ['noiseIntensity', 'a number from 0 to 1', ['0', '1'], ['-0.01', '1.01']],
  ['learningRate', 'a number above 0 to 100', ['1e-9', '100'], ['0', '-1', '100.1']],
  ['decay', 'a number from 0 to 100', ['0', '100'], ['-0.1', '100.1']],
  ['nbrEpochs', 'a whole number from 1 to 1000000', ['1', '1000000'], ['0', '1000001', '1.5']],
  ['maxMinibatchSize', 'a whole number from 1 to 100000000', ['1', '1e8'], ['0', '100000001', '1.5']],
  ['dropoutRate', 'a number from 0 and below 1', ['0', '0.999'], ['-0.1', '1']],
  ['weightDecay', 'a number from 0 to 100', ['0', '100'], ['-0.1', '100.1']],
  ['earlyStoppingPatience', 'a whole number from 1 to 1000000', ['1', '1000000'], ['0', '1000001']],
  ['displaySamples', 'a whole number from 0 to 1000', ['0', '1000'], ['-1', '1001', '0.5']],
];

test.each(RANGES)('%s takes %s, and says so', (key, range, inside, outside) => {
  const option = optionOf(key);
  expect(option.format).toBe(range);
  for (const text of inside) expect(parseOption(option, text)).toBe(Number(text));
  for (const text of [...outside, '', 'x', 'Infinity', 'NaN', '1,5']) {
    expect(() => parseOption(option, text), text).toThrow(
      `--${option.flag}=${text} is not possible: it takes ${range}.`,
    );
  }
});

test('no numeric option is without a range that is tried here', () => {
  const numeric = optionKeys.filter((key) => typeof optionOf(key).default === 'number');
  expect(RANGES.map(([key]) => key).sort()).toEqual([...numeric].sort());
});

test('every choice can be taken, and a wrong one is answered with all that there are', () => {
  for (const key of optionKeys) {
    const option = optionOf(key);
    if (option.choices === undefined) continue;
    for (const choice of option.choices) {
      expect(option.print(parseOption(option, choice)), `${key} ${choice}`).toBe(choice);
    }
    const all = new RegExp(option.choices.join('(, | or )'));
    expect(() => parseOption(option, 'neither'), key).toThrow(all);
  }
});

test('shares that sum to 1 but for what decimal fractions lose are taken', () => {
  // In floating point 0.7 + 0.2 + 0.1 is 0.9999999999999999.
  expect(parseOption(optionOf('partitions'), '0.7,0.2,0.1')).toEqual({ training: 0.7, dev: 0.2, test: 0.1 });
});

test('choices are taken whatever their case, a number in any notation, shares by place or by name', () => {
  expect(parseOption(optionOf('optimizer'), 'adam')).toBe('Adam');
  expect(parseOption(optionOf('learningRate'), '1e-2')).toBe(0.01);
  expect(parseOption(optionOf('weightDecay'), '0.00')).toBe(0);
  expect(parseOption(optionOf('partitions'), '0.6,0.2,0.2')).toEqual({ training: 0.6, dev: 0.2, test: 0.2 });
  expect(parseOption(optionOf('partitions'), 'dev:0.2,training:0.8')).toEqual({
    training: 0.8,
    dev: 0.2,
    test: 0,
  });
  expect(parseOption(optionOf('layers'), '')).toEqual([]);
});

test('what is no option is refused in a configuration', () => {
  expect(RunConfig.safeParse({ learningrate: 1 }).success).toBe(false);
  expect(RunConfig.safeParse({ layers: '10' }).success).toBe(false);
});

test('what differs between configurations is told in the words of the form, names aside', () => {
  const one = defaultConfig();
  const other = { ...one, layers: [10, 10], trim: true, expId: 'other' };
  expect(configDifferences([one, other, one])).toEqual([
    { key: 'trim', label: options.trim.label, values: ['false', 'true', 'false'] },
    { key: 'layers', label: options.layers.label, values: ['100', '10,10', '100'] },
  ]);
  expect(configDifferences([one, { ...one, expId: 'other' }])).toEqual([]);
});

test.each<[Partial<RunConfig>, RegExp]>([
  [{ earlyStopping: 'stop', evalDev: false }, /--early-stopping=stop .*--eval-dev=false/],
  [
    { earlyStopping: 'stop', partitions: { training: 0.8, dev: 0, test: 0.2 } },
    /--early-stopping=stop .*--partitions/,
  ],
  [{ model: 'OneLayer', layers: [5] }, /--model=OneLayer .*--layers=5/],
  [{ model: 'OneLayer', dropoutRate: 0.5 }, /--model=OneLayer .*--dropout-rate=0.5/],
  [{ batchNorm: false, batchNormEval: 'batch' }, /--batch-norm=false .*--batch-norm-eval=batch/],
  [{ layers: [], activation: 'tanh' }, /--layers= .*--activation=tanh/],
])('%j: both options that contradict are named', (changes, sentence) => {
  const given = new Set(Object.keys(changes) as OptionKey[]);
  const found = contradictions({ ...defaultConfig(), ...changes }, given);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(sentence);
});

test('a default never contradicts', () => {
  expect(contradictions({ ...defaultConfig(), model: 'OneLayer' }, new Set(['model']))).toEqual([]);
  expect(contradictions({ ...defaultConfig(), batchNorm: false }, new Set(['batchNorm']))).toEqual([]);
});
