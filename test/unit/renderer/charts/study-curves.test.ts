import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Metric, Series } from '../../../../src-preload/contract/series.ts';
import { studyCurvesOption } from '../../../../src-renderer/charts/study-curves.ts';

const FRAME = { width: 600, height: 400, theme: 'light' } as const;

function curve(run: string, metric: Metric, values: readonly number[]): Series {
  return {
    run,
    metric,
    epochs: Uint32Array.from(values, (_, index) => index + 1),
    values: Float64Array.from(values),
  };
}

function run(id: string) {
  return { id, earlyStopEpoch: null, best: null };
}

test('an experiment of several seeds is its mean with a band, one of one seed its own line', () => {
  const option = studyCurvesOption(
    {
      part: 'trim',
      quantity: 'accuracy',
      experiments: [
        { label: 'Off', runs: [run('a'), run('b')] },
        { label: 'On', runs: [run('c')] },
      ],
      series: [
        curve('a', 'dev.accuracy', [0.1, 0.2]),
        curve('b', 'dev.accuracy', [0.3, 0.4]),
        curve('c', 'dev.accuracy', [0.6, 0.7]),
      ],
    },
    FRAME,
  );
  expect(option).toMatchObject({ title: { text: 'Accuracy of trim' } });
  const series = z
    .array(z.object({ name: z.string(), id: z.string(), data: z.array(z.array(z.number())) }))
    .parse(option['series']);
  const mean = series.find(({ id }) => id.startsWith('mean'));
  expect(mean?.name).toBe('Off (2 seeds)');
  // The mean of 0.1 and 0.3, and of 0.2 and 0.4.
  expect(mean?.data.map(([epoch, value]) => [epoch, value])).toEqual([
    [1, expect.closeTo(0.2, 12)],
    [2, expect.closeTo(0.3, 12)],
  ]);
  expect(series.filter(({ name }) => name === 'On')).toEqual([
    expect.objectContaining({
      data: [
        [1, 0.6],
        [2, 0.7],
      ],
    }),
  ]);
});
