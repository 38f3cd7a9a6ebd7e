import { expect, test } from 'vitest';
import { legendOf, shortenedName } from '../../../../src-renderer/charts/curve-legend.ts';
import { chartColors, runLooks } from '../../../../src-renderer/charts/palette.ts';

const frame = { width: 1440, height: 900, theme: 'light' } as const;
const colors = chartColors('light');

function named(count: number, name = 'run') {
  return runLooks(count, 'light').map((look, index) => ({ look, name: `${name} ${index}` }));
}

test('a name that is too long loses its middle, whatever its letters', () => {
  expect(shortenedName('short', 5)).toBe('short');
  expect(shortenedName('resize 32,32, noise 0.1', 11)).toBe('resiz…e 0.1');
  expect(shortenedName('👩‍🔬👩‍🔬👩‍🔬👩‍🔬', 3)).toBe('👩‍🔬…👩‍🔬');
});

test.each([1, 4])('the names of %i runs stand above the curves, which have the whole width', (count) => {
  const legend = legendOf(named(count), frame, colors);
  expect(legend.option).toMatchObject({ orient: 'horizontal', type: 'plain' });
  expect(legend.right).toBeLessThan(50);
});

test.each([5, 20, 60])('the names of %i runs stand beside the curves, all at once', (count) => {
  const legend = legendOf(named(count, 'a name of some length'), frame, colors);
  expect(legend.option).toMatchObject({ orient: 'vertical', type: 'plain' });
  expect(legend.right).toBeLessThan(frame.width / 2);
});

test('where there is no room for all names they stand on pages, and the curves keep half of the width', () => {
  const small = { width: 640, height: 400, theme: 'light' } as const;
  const legend = legendOf(named(60, 'a name of some length'), small, colors);
  expect(legend.option).toMatchObject({ type: 'scroll' });
  expect(legend.right).toBeLessThan(small.width / 2);
});

test.each([1, 5, 6, 7, 20, 33])('a name of %i letters that has room stands whole', (letters) => {
  const [look] = runLooks(1, 'light');
  const name = 'n'.repeat(letters);
  const { option } = legendOf([{ look: look!, name }], frame, colors);
  const { formatter } = option as { formatter: (name: string) => string };
  expect(formatter(name)).toBe(name);
});
