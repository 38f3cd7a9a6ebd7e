import { expect, test } from 'vitest';
import { readOptions, trainHelp } from '../../../src-main/cli/option-reader.ts';
import { widthOf } from '../../../src-main/cli/text-table.ts';
import { implementationNames, optionKeys, optionOf } from '../../../src-preload/contract/config.ts';

test('options are read in the order given, with an equals sign or a space before their value', () => {
  expect(readOptions(['--layers=10,5', '--nbr-epochs', '3', '--layers='])).toEqual([
    { flag: 'layers', text: '10,5' },
    { flag: 'nbr-epochs', text: '3' },
    { flag: 'layers', text: '' },
  ]);
});

test('a switch alone is true, and takes a value', () => {
  expect(readOptions(['--grayscale', '--trim=false', '--plan', '--batch-norm', 'false'])).toEqual([
    { flag: 'grayscale', text: 'true' },
    { flag: 'trim', text: 'false' },
    { flag: 'plan', text: 'true' },
    { flag: 'batch-norm', text: 'false' },
  ]);
});

test('a negative number is a value, not an option', () => {
  expect(readOptions(['--learning-rate', '-1'])).toEqual([{ flag: 'learning-rate', text: '-1' }]);
});

test.each<[string[], RegExp]>([
  [['--lerning-rate=1'], /no option --lerning-rate\. Did you mean --learning-rate\?/],
  [['--quantum=1'], /no option --quantum\. See all of them with: layerbench train --help/],
  [['-x'], /no option -x\./],
  [['--nbr-epochs'], /--nbr-epochs needs a value \(a whole number from 1 to 1000000\)\./],
  [['--nbr-epochs', '--grayscale'], /--nbr-epochs needs a value \(.+\), but --grayscale follows it\./],
  [['photos'], /train takes options only.*--dataset=photos/],
  [['--experiment=two'], /--experiment takes no value; name the experiment with --exp-id/],
])('%j is told in a sentence', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(sentence);
});

test('the help names every option, and fits into the columns that it is given', () => {
  const help = trainHelp(80);
  for (const key of optionKeys) expect(help).toContain(`--${optionOf(key).flag}`);
  for (const flag of [
    ...Object.keys(implementationNames),
    'training-times',
    'dropout',
    'plan',
    'json',
    'jobs',
  ])
    expect(help).toMatch(new RegExp(`--${flag}[=\\[ ]`));
  const [options = ''] = help.split('\nAn option is given');
  expect(widthOf(options)).toBeLessThanOrEqual(80);
});
