import type { LineSeriesOption } from 'echarts/charts';
import { describe, expect, test } from 'vitest';
import { type CurvesInput, curveMetrics, curvesOption } from '../../../../src-renderer/charts/curves.ts';
import { curve, drawnRuns } from '../../../support/charts/drawn-runs.ts';

const frame = { width: 1440, height: 900, theme: 'light' } as const;

function linesOf(input: CurvesInput): LineSeriesOption[] {
  return curvesOption(input, frame)['series'] as LineSeriesOption[];
}

function pointsOf(line: LineSeriesOption): unknown[] {
  return (line.data as unknown[]).map((item) =>
    Array.isArray(item) ? item : (item as { value: unknown }).value,
  );
}

test('each run has a solid dev line and a dashed training line, in one colour and under one name', () => {
  const lines = linesOf({ quantity: 'loss', ...drawnRuns(3, 20) });
  expect(lines.map(({ id, name, lineStyle }) => [id, name, lineStyle?.type])).toEqual([
    ['id0 dev.loss', 'run 0', 'solid'],
    ['id0 training.loss', 'run 0', [6, 4]],
    ['id1 dev.loss', 'run 1', 'solid'],
    ['id1 training.loss', 'run 1', [6, 4]],
    ['id2 dev.loss', 'run 2', 'solid'],
    ['id2 training.loss', 'run 2', [6, 4]],
  ]);
  const colors = lines.map(({ color }) => color);
  expect([colors[0], colors[2], colors[4]]).toEqual([colors[1], colors[3], colors[5]]);
  expect(new Set(colors).size).toBe(3);
});

test.each([1, 20])('every epoch of %i runs is a point, and none is thinned out', (count) => {
  const input = { quantity: 'accuracy', ...drawnRuns(count, 1000) } as const;
  const lines = linesOf(input);
  expect(lines).toHaveLength(2 * count);
  for (const line of lines) {
    expect(line.sampling).toBeUndefined();
    const [run, metric] = String(line.id).split(' ');
    const own = input.series.find((one) => one.run === run && one.metric === metric)!;
    expect(pointsOf(line)).toEqual(Array.from(own.epochs, (epoch, index) => [epoch, own.values[index]]));
  }
});

test('a chart of accuracy draws accuracies, one of loss losses', () => {
  expect(curveMetrics('accuracy')).toEqual(['training.accuracy', 'dev.accuracy']);
  const [line] = linesOf({ quantity: 'accuracy', ...drawnRuns(1, 3) });
  // The fourth metric of the first run: 1 / (epoch + 0 + 3).
  expect(pointsOf(line!)).toEqual([
    [1, 1 / 4],
    [2, 1 / 5],
    [3, 1 / 6],
  ]);
});

test('a red dot stands on the dev curve where early stopping was, a ring at the lowest dev loss', () => {
  const [dev, training] = linesOf({ quantity: 'loss', ...drawnRuns(1, 20) });
  const marks = dev!.markPoint!.data as { name: string; coord: number[]; itemStyle: { color: string } }[];
  // The second metric of the first run: 1 / (epoch + 0 + 1).
  expect(marks.map(({ name, coord }) => [name, coord])).toEqual([
    ['lowest dev loss', [2, 1 / 3]],
    ['early stopping', [12, 1 / 13]],
  ]);
  expect(marks[1]!.itemStyle.color).toBe('#d40000');
  expect(training!.markPoint).toBeUndefined();
});

test('a run without early stopping has no dot, and one without dev figures no mark at all', () => {
  const { runs, series } = drawnRuns(1, 20);
  const [dev] = linesOf({ quantity: 'loss', runs: [{ ...runs[0]!, earlyStopEpoch: null }], series });
  expect((dev!.markPoint!.data as { name: string }[]).map(({ name }) => name)).toEqual(['lowest dev loss']);
  const onlyTraining = linesOf({
    quantity: 'loss',
    runs,
    series: series.filter(({ metric }) => metric.startsWith('training')),
  });
  expect(onlyTraining.map(({ markPoint, lineStyle }) => [markPoint, lineStyle?.type])).toEqual([
    [undefined, [6, 4]],
  ]);
});

test('a loss that is NaN or infinite is a gap, and on a logarithmic scale 0 is one too', () => {
  const { runs } = drawnRuns(1, 5);
  const values = [1, NaN, Infinity, 0, 0.5];
  const series = [curve('id0', 'dev.loss', 5, (epoch) => values[epoch - 1]!)];
  const [linear] = linesOf({ quantity: 'loss', runs, series });
  expect(pointsOf(linear!).map((point) => (point as number[])[1])).toEqual([1, null, null, 0, 0.5]);
  expect(linear!.connectNulls).toBe(false);
  const [logarithmic] = linesOf({ quantity: 'loss', runs, series, logScale: true });
  expect(pointsOf(logarithmic!).map((point) => (point as number[])[1])).toEqual([1, null, null, null, 0.5]);
});

test('a logarithmic scale reaches from the next 1, 2 or 5 below to the next above', () => {
  const { runs } = drawnRuns(1, 2);
  const series = [curve('id0', 'dev.loss', 2, (epoch) => (epoch === 1 ? 2.3 : 0.034))];
  expect(curvesOption({ quantity: 'loss', runs, series, logScale: true }, frame)['yAxis']).toMatchObject({
    type: 'log',
    min: 0.02,
    max: 5,
  });
  const accuracy = curvesOption({ quantity: 'accuracy', ...drawnRuns(1, 3), logScale: true }, frame);
  expect(accuracy['yAxis']).toMatchObject({ type: 'value', max: 1 });
});

test('runs of one name are told apart by their ids, and runs without an epoch are left out', () => {
  const { runs, series } = drawnRuns(3, 4);
  const input = {
    quantity: 'loss',
    runs: runs.map((run) => ({ ...run, name: 'main' })),
    series: series.filter(({ run }) => run !== 'id2'),
  } as const;
  const option = curvesOption(input, frame);
  const legend = option['legend'] as { data: { name: string }[] };
  expect(legend.data.map(({ name }) => name)).toEqual(['main (id0)', 'main (id1)']);
  expect(option['title']).toMatchObject({ text: 'Loss of 2 runs' });
});

test('from the eighth run on there are marks too, some ten on a line', () => {
  const lines = linesOf({ quantity: 'loss', ...drawnRuns(20, 100) }).filter(({ id }) =>
    String(id).endsWith('dev.loss'),
  );
  expect(lines[0]!.showSymbol).toBe(false);
  expect(lines[7]).toMatchObject({ symbol: 'circle', showSymbol: true });
  expect(new Set(lines.map(({ color }) => color)).size).toBe(20);
  const marked = (lines[7]!.data as unknown[]).filter((item) => Array.isArray(item));
  expect(marked).toHaveLength(10);
});

test('the key names only what is drawn', () => {
  function labels(input: CurvesInput): string[] {
    const graphic = curvesOption(input, frame)['graphic'] as { children: { style: { text?: string } }[] }[];
    return graphic.map(({ children }) => children[1]!.style.text!);
  }
  const { runs, series } = drawnRuns(1, 20);
  expect(labels({ quantity: 'loss', runs, series })).toEqual([
    'dev',
    'training',
    'lowest dev loss',
    'early stopping',
  ]);
  const training = series.filter(({ metric }) => metric.startsWith('training'));
  expect(labels({ quantity: 'loss', runs, series: training })).toEqual(['training']);
});

test('no runs are an empty chart that says so', () => {
  const option = curvesOption({ quantity: 'loss', runs: [], series: [] }, frame);
  expect(option['title']).toMatchObject({ subtext: 'No run has an epoch yet' });
  expect(option['series']).toEqual([]);
});

describe('runs that are folded into their mean', () => {
  const look = { color: '#123456', mark: 'none' } as const;
  const runs = ['a', 'b', 'c'].map((id) => ({ id, name: id, earlyStopEpoch: null, best: null }));
  const series = [
    curve('a', 'dev.loss', 3, (epoch) => [4, 2, 1][epoch - 1]!),
    curve('b', 'dev.loss', 3, (epoch) => [2, 4, 1][epoch - 1]!),
    curve('c', 'dev.loss', 3, () => 9),
  ];
  const folded = [{ name: 'both', look, runs: ['a', 'b'] }];
  function lineOf(changes: Partial<CurvesInput>, id: RegExp): LineSeriesOption {
    const found = linesOf({ quantity: 'loss', runs, series, folded, ...changes }).find((line) =>
      id.test(String(line.id)),
    );
    expect(found).toBeDefined();
    return found!;
  }
  function valuesOf(line: LineSeriesOption): unknown[] {
    return (line.data as readonly (readonly unknown[])[]).map(([, value]) => value);
  }
  const MEAN = /^mean a b dev/;

  test('the mean of the baseline is bold, and its traces stay faint', () => {
    const plain = lineOf({}, MEAN).lineStyle!;
    const bold = lineOf({ baseline: 'b' }, MEAN).lineStyle!;
    expect(bold.width).toBe(2 * plain.width!);
    expect(lineOf({ baseline: 'b' }, /^b dev/).lineStyle).toEqual(lineOf({}, /^b dev/).lineStyle);
    expect(lineOf({ baseline: 'c' }, MEAN).lineStyle!.width).toBe(plain.width);
  });

  test('smoothing smooths the mean and its band, and leaves the mean as it is faint behind', () => {
    expect(valuesOf(lineOf({}, MEAN))).toEqual([3, 3, 1]);
    // Bias corrected with weight 1/2: (1/2 × 1 + 1/4 × 3 + 1/8 × 3) / (7/8).
    expect(valuesOf(lineOf({ smoothing: 0.5 }, MEAN))).toEqual([3, 3, expect.closeTo(13 / 7, 12)]);
    const raw = lineOf({ smoothing: 0.5 }, /^mean as it is/);
    expect(valuesOf(raw)).toEqual([3, 3, 1]);
    expect(raw.lineStyle!.opacity).toBeLessThan(0.5);
    // Half of the interval: t(0.975, 1) × √2 / √2 twice, then 0.
    const half = 12.706;
    const widths = valuesOf(lineOf({ smoothing: 0.5 }, /^low/)).map(Number);
    expect(widths).toEqual([0, 0, expect.closeTo(Math.max(0, 13 / 7 - half * (3 / 7)), 3)]);
  });

  test('beside the cursor stands the mean, not every run that it is of', () => {
    for (const id of [/^a dev/, /^b dev/, /^low/, /^width/])
      expect(lineOf({}, id).tooltip).toEqual({ show: false });
    expect(lineOf({}, MEAN).tooltip).toBeUndefined();
    expect(lineOf({}, /^c dev/).tooltip).toBeUndefined();
  });
});
