import { expect, test } from 'vitest';
import { barLine } from '../../../src-main/cli/progress-bars.ts';

const state = {
  name: 'experiment',
  share: 0.5,
  texts: ['  50/100', 'training 0.199 100.0%', 'dev 0.530  89.4%', ' 1.2 s left'],
  rate: '     5,930 images/s',
};

test('a bar shows the name, how far it is, the figures and the rate', () => {
  // 10 letters of the name, the bar of 30, 62 of the texts, 19 of the rate, and two spaces between each.
  expect(barLine(state, 127, 10)).toBe(
    `experiment  ${'█'.repeat(15)}${'░'.repeat(15)}  ${[...state.texts, state.rate].join('  ')}`,
  );
});

test.each([127, 110, 97, 77, 70, 40])('in %i columns nothing is wider than that', (columns) => {
  expect(barLine(state, columns, 10).length).toBeLessThanOrEqual(columns);
});

test('where there is no room the rate goes first, then the bar, then most of the name, but never the time left', () => {
  expect(barLine(state, 97, 10)).toMatch(/^experiment {2}█+░+ {2} {2}50\/100 .* left$/);
  expect(barLine(state, 77, 10)).toMatch(/^experiment {4}50\/100 .* left$/);
  expect(barLine(state, 70, 10)).toMatch(/^exp…nt {4}50\/100 .* left$/);
});

test('an action without a name begins with its bar', () => {
  expect(barLine({ name: '', share: 1, texts: ['checking 3 of 3 images'], rate: '' }, 77, 0)).toBe(
    `${'█'.repeat(30)}  checking 3 of 3 images`,
  );
});
