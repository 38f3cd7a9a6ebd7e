import { expect, test } from 'vitest';
import {
  bytesText,
  counted,
  durationText,
  lossText,
  percentText,
  ratioText,
} from '../../../src-preload/contract/figure-text.ts';

test('losses keep what can be told apart, and say what is no number', () => {
  expect([1.6421, 0.00213, 12345.6, 0, NaN, Infinity, null].map((loss) => lossText(loss))).toEqual([
    '1.642',
    '0.0021',
    '12346',
    '0.000',
    'NaN',
    'infinite',
    '',
  ]);
});

test('shares are percentages with one decimal, and never minus nothing', () => {
  expect([0.4621, 1, -0.123, -0.0001, NaN, undefined].map((share) => percentText(share))).toEqual([
    '46.2%',
    '100.0%',
    '-12.3%',
    '0.0%',
    'NaN',
    '',
  ]);
});

test('ratios have three digits, as the tables of the study have them', () => {
  expect([0.4712, 17.504, 6123.47, 52.04].map((ratio) => ratioText(ratio))).toEqual([
    '0.471',
    '17.5',
    '6123',
    '52',
  ]);
});

test('times have two units at most', () => {
  expect([0.4, 999.4, 999.6, 59_940, 59_960, 185_000, 7_620_000].map(durationText)).toEqual([
    '0 ms',
    '999 ms',
    '1.0 s',
    '59.9 s',
    '1 min 00 s',
    '3 min 05 s',
    '2 h 07 min',
  ]);
});

test('bytes are counted in thousands', () => {
  expect([1, 812, 1000, 4_349_000, 999_960, 2.5e12].map(bytesText)).toEqual([
    '1 byte',
    '812 bytes',
    '1.0 kB',
    '4.3 MB',
    '1.0 MB',
    '2.5 TB',
  ]);
});

test('a noun follows its number', () => {
  expect([counted(1, 'image'), counted(5930, 'image'), counted(2, 'class', 'classes')]).toEqual([
    '1 image',
    '5,930 images',
    '2 classes',
  ]);
});
