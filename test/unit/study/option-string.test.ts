import { expect, test } from 'vitest';
import { configOfString } from '../../../src-main/study/option-string.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';

test('an option string is the configuration that the command line has of it', () => {
  const config = configOfString(
    '--dataset=numbers --data-loader=NumoImageMagick --model=NLayers --layers= --dropout=0.5 --learning-rate=1e-2 --track-layer=L0_Dense_W,10 --track-layer=L4_Dense_W,5',
  );
  expect(config).toEqual({
    ...defaultConfig(),
    layers: [],
    dropoutRate: 0.5,
    learningRate: 0.01,
    trackLayer: [
      { parameter: 'L0_Dense_W', units: 10 },
      { parameter: 'L4_Dense_W', units: 5 },
    ],
  });
});

test('a word that is no option is a fault of the recipe', () => {
  expect(() => configOfString('--layer=5')).toThrow(/--layer=5 is no option/);
  expect(() => configOfString('--layers=x')).toThrow(/--layers=x is not possible/);
});
