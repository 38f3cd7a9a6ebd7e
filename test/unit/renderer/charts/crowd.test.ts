import { graphic } from 'echarts/core';
import { describe, expect, test } from 'vitest';
import { type CrowdLine, crowdSeries, crowdTooltip } from '../../../../src-renderer/charts/crowd.ts';
import { curvesOption } from '../../../../src-renderer/charts/curves.ts';

function line(
  id: string,
  points: readonly (readonly [place: number, value: number])[],
  changes: Partial<CrowdLine> = {},
): CrowdLine {
  return {
    id,
    name: id.split(' ')[0] ?? '',
    part: 'dev',
    look: { color: '#123456', mark: 'none' },
    width: 2,
    dash: [],
    opacity: 1,
    dots: [],
    places: Float64Array.from(points, ([place]) => place),
    values: Float64Array.from(points, ([, value]) => value),
    ...changes,
  };
}

/** Draws a line into pixels that are ten times the place and a hundred minus ten times the value (or its logarithm). */
function drawn(one: CrowdLine, isLog = false): { readonly type: string; readonly shape: unknown }[] {
  const [series] = crowdSeries([one], isLog);
  const api = { coord: ([x, y]: [number, number]) => [10 * x, 100 - 10 * (isLog ? Math.log10(y) : y)] };
  const item = series.renderItem?.({ dataIndex: 0 } as never, api as never);
  if (item == null || !('children' in item)) throw new Error('Nothing is drawn.');
  return [...item.children].map((child) => ({
    type: child.type,
    shape: 'shape' in child ? child.shape : undefined,
  }));
}

describe('a crowd of curves', () => {
  test('each is one stroke through all of its points, with a gap where there is no value', () => {
    const points = [
      [1, 2],
      [2, 3],
      [3, NaN],
      [4, 1],
      [5, 5],
    ] as const;
    expect(drawn(line('a dev.loss', points))).toEqual([
      { type: 'crowd-line', shape: { ends: Float32Array.of(10, 80, 20, 70, 30, NaN, 40, 90, 50, 50) } },
    ]);
  });

  test('its pen is lifted at a gap', () => {
    const Line = graphic.getShapeClass('crowd-line');
    const path: [string, number, number][] = [];
    const pen = {
      moveTo: (x: number, y: number) => path.push(['move', x, y]),
      lineTo: (x: number, y: number) => path.push(['line', x, y]),
    };
    new Line().buildPath(pen, { ends: Float32Array.of(1, 2, 3, 4, 5, NaN, 7, 8, 9, 10) });
    expect(path).toEqual([
      ['move', 1, 2],
      ['line', 3, 4],
      ['move', 7, 8],
      ['line', 9, 10],
    ]);
  });

  test('is logarithmic where its axis is', () => {
    const [stroke] = drawn(
      line('a dev.loss', [
        [1, 1],
        [2, 100],
        [3, 0.1],
      ]),
      true,
    );
    expect(stroke?.shape).toEqual({ ends: Float32Array.of(10, 100, 20, 80, 30, 110) });
  });

  test('has marks that tell one colour from the same, and dots where something was', () => {
    const points = Array.from({ length: 20 }, (_, index) => [index, 1] as const);
    const shapes = drawn(
      line('a dev.loss', points, {
        look: { color: '#123456', mark: 'rect' },
        dots: [{ at: [7, 1], fill: 'red', stroke: 'white' }],
      }),
    );
    expect(shapes.map(({ type }) => type)).toEqual([
      'crowd-line',
      ...Array.from({ length: 4 }, () => 'rect'),
      'circle',
    ]);
    expect(
      drawn(line('a training.loss', points, { part: 'training', look: { color: '#1', mark: 'rect' } })),
    ).toHaveLength(1);
  });

  test('gives the axes the lowest and the highest of each place', () => {
    const [, lowest, highest] = crowdSeries(
      [
        line('a dev.loss', [
          [1, 2],
          [2, 5],
        ]),
        line('b dev.loss', [
          [2, 1],
          [1, 4],
          [3, NaN],
        ]),
      ],
      false,
    );
    expect(lowest.data).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(highest.data).toEqual([
      [1, 4],
      [2, 5],
    ]);
  });

  test('names the best at the cursor, as text, and says how many more there are', () => {
    const lines = Array.from({ length: 20 }, (_, index) =>
      line(`<b>${index} dev.accuracy`, [
        [1, index / 20],
        [2, 0.5],
      ]),
    );
    const html = crowdTooltip([{ value: [1, 0] }], lines, {
      figure: (value) => value.toFixed(2),
      place: (at) => `Epoch ${at}`,
      better: 'higher',
    });
    expect(html).toContain('Epoch 1<br>');
    expect(html).toMatch(/&lt;b&gt;19: dev <b>0\.95<\/b>.*&lt;b&gt;8: .*and 8 more, lower$/);
    expect(html).not.toContain('<b>19');
    expect(crowdTooltip([], lines, { figure: String, place: String, better: 'higher' })).toBe('');
  });
});

test('from 60 runs on the page draws one series; a file has one for each run, which its legend names', () => {
  const runs = Array.from({ length: 60 }, (_, index) => ({
    id: `r${index}`,
    name: `run ${index}`,
    earlyStopEpoch: null,
    best: null,
  }));
  const series = runs.map(({ id }) => ({
    run: id,
    metric: 'dev.loss' as const,
    epochs: Uint32Array.from([1, 2]),
    values: Float64Array.from([2, 1]),
  }));
  const frame = { width: 600, height: 300, theme: 'light' } as const;
  function types(bare: boolean): string[] {
    const option = curvesOption({ quantity: 'loss', runs, series }, { ...frame, bare });
    return (option['series'] as { type: string }[]).map(({ type }) => type);
  }
  expect(types(true)).toEqual(['custom', 'line', 'line']);
  expect(types(false)).toHaveLength(60);
});
