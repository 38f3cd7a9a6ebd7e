import { expect, test } from 'vitest';
import { defaultConfig, optionKeys, optionOf } from '../../../src-preload/contract/config.ts';
import {
  gridOf,
  type OptionValues,
  parseValues,
  printValues,
} from '../../../src-preload/contract/option-values.ts';

test.each([
  ['nbrEpochs', '8, 16, 32', [8, 16, 32]],
  ['nbrEpochs', '16', [16]],
  ['nbrEpochs', '8, 8, 16', [8, 16]],
  ['nbrEpochs', '10..30 step 10', [10, 20, 30]],
  ['nbrEpochs', '1..4', [1, 2, 3, 4]],
  ['rotAngle', '0..0.3 step 0.1', [0, 0.1, 0.2, 0.3]],
  ['dropoutRate', '0.1..0.5 in 5', [0.1, 0.2, 0.3, 0.4, 0.5]],
  ['learningRate', '1e-4..1e-1 log 4', [0.0001, 0.001, 0.01, 0.1]],
  ['layers', '100', [[100]]],
  ['layers', '16; 100,100', [[16], [100, 100]]],
  ['layers', '', [[]]],
  [
    'resize',
    '16,16; 32,24',
    [
      { width: 16, height: 16 },
      { width: 32, height: 24 },
    ],
  ],
  ['trim', 'true, false', [true, false]],
  ['activation', 'relu, tanh', ['relu', 'tanh']],
  ['expId', 'a, b', ['a, b']],
  [
    'trackLayer',
    'L0_Dense_W,8 L4_Dense_W,2',
    [
      [
        { parameter: 'L0_Dense_W', units: 8 },
        { parameter: 'L4_Dense_W', units: 2 },
      ],
    ],
  ],
] as const)('%s takes %j', (key, text, values) => {
  expect(parseValues(optionOf(key), text)).toEqual(values);
});

test.each([
  ['nbrEpochs', '0', 'it takes a whole number 1 or more'],
  ['nbrEpochs', '30..10 step 5', 'the range rises'],
  ['nbrEpochs', '1..9 step 0', 'the step is above 0'],
  ['learningRate', '0..1 log 3', 'both ends have to be above 0'],
  ['nbrEpochs', '1..1000', 'at most 200'],
  ['learningRate', 'a..b', 'is no range'],
] as const)('%s refuses %j and says why', (key, text, why) => {
  expect(() => parseValues(optionOf(key), text)).toThrow(
    why.startsWith('it takes') ? /it takes a whole number/ : why,
  );
});

test('what is printed is read back', () => {
  for (const key of optionKeys) {
    const option = optionOf(key);
    expect(parseValues(option, printValues(option, [option.default]))).toEqual([option.default]);
  }
});

function valuesWith(changes: Partial<Record<keyof OptionValues, readonly unknown[]>>): OptionValues {
  const defaults = defaultConfig();
  const own = Object.fromEntries(optionKeys.map((key) => [key, [defaults[key]]])) as unknown as OptionValues;
  return { ...own, ...changes };
}

test('a grid has every combination, named for what makes it different, repeated over seeds', () => {
  const grid = gridOf(valuesWith({ layers: [[8], [16]], trim: [false, true], expId: ['K'] }), 2);
  expect(grid.map(({ expId, modelSeed }) => `${expId} ${modelSeed}`)).toEqual([
    'K trim=false layers=8 0',
    'K trim=false layers=8 1',
    'K trim=false layers=16 0',
    'K trim=false layers=16 1',
    'K trim=true layers=8 0',
    'K trim=true layers=8 1',
    'K trim=true layers=16 0',
    'K trim=true layers=16 1',
  ]);
  expect(grid[7]?.trim).toBe(true);
  expect(grid[7]?.layers).toEqual([16]);
});

test('a grid of too many runs is refused with its size', () => {
  const many = Array.from({ length: 40 }, (_, index) => index);
  expect(() => gridOf(valuesWith({ modelSeed: many, datasetSeed: many }), 1)).toThrow('1600 runs');
});
