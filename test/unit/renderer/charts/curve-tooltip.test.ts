import { expect, test } from 'vitest';
import { curveTooltip } from '../../../../src-renderer/charts/curve-tooltip.ts';

function point(name: string, part: string, value: unknown) {
  return { seriesName: name, seriesId: `id ${part}.loss`, marker: '*', value: [7, value] };
}

test('one line a run says its dev and training figure; gaps and runs without a figure are left out', () => {
  const points = [
    point('a', 'dev', 0.5),
    point('a', 'training', 0.25),
    point('b', 'dev', null),
    point('c', 'training', 1),
  ];
  expect(curveTooltip(points, (value) => value.toFixed(2))).toBe(
    'Epoch 7<br>*a: dev <b>0.50</b>, training 0.25<br>*c: training 1.00',
  );
  expect(curveTooltip([], String)).toBe('');
  expect(curveTooltip(undefined, String)).toBe('');
});

test('of a mean the interval is told too', () => {
  const mean = { ...point('a', 'dev', 0.5), value: [7, 0.5, 0.125] };
  expect(curveTooltip([mean], (value) => value.toFixed(2))).toBe('Epoch 7<br>*a: dev <b>0.50 ± 0.13</b>');
});

test('a name is text, whatever it holds', () => {
  expect(curveTooltip([point('<img src=x>', 'dev', 1)], String)).toContain('&lt;img src=x&gt;');
});
