import { describe, expect, test } from 'vitest';
import { movedPart, zoomedPart, zoomEnd } from '../../../../src-renderer/charts/axis-part.ts';

describe('a part of an axis', () => {
  test('gets narrower about the epoch that is looked at, and about its middle where none is in sight', () => {
    expect(zoomedPart(undefined, 100, 0.5, 20)).toEqual({ from: 10, to: 60 });
    expect(zoomedPart({ from: 10, to: 60 }, 100, 0.5, 90)).toEqual({ from: 22.5, to: 47.5 });
    expect(zoomedPart(undefined, 100, 0.5)).toEqual({ from: 25, to: 75 });
  });

  test('never lies beyond the axis, and is all of it where it would be wider', () => {
    expect(zoomedPart({ from: 0, to: 30 }, 100, 2)).toEqual({ from: 0, to: 60 });
    expect(zoomedPart({ from: 40, to: 100 }, 100, 2)).toBeUndefined();
    expect(movedPart({ from: 10, to: 30 }, 100, -1)).toEqual({ from: 0, to: 20 });
    expect(movedPart({ from: 70, to: 90 }, 100, 1)).toEqual({ from: 80, to: 100 });
    expect(movedPart(undefined, 100, 1)).toBeUndefined();
  });

  test('gets no narrower than a fiftieth of the axis', () => {
    expect(zoomedPart({ from: 10, to: 12 }, 100, 0.5)).toEqual({ from: 10, to: 12 });
  });

  test('ends where the curves do, in the units of the axis', () => {
    const series = [
      {
        run: 'one',
        metric: 'dev.loss' as const,
        epochs: Uint32Array.of(1, 2, 3),
        values: Float64Array.of(3, 2, 1),
      },
    ];
    const elapsed = { ...series[0], run: 'one', metric: 'elapsed' as const, epochs: Uint32Array.of(1, 2, 3) };
    expect(zoomEnd({ kind: 'epoch' }, series, 10)).toBe(10);
    expect(zoomEnd({ kind: 'step', stepsPerEpoch: new Map([['one', 7]]) }, series)).toBe(21);
    expect(
      zoomEnd(
        { kind: 'time', elapsed: new Map([['one', { ...elapsed, values: Float64Array.of(0.1, 0.2, 0.4) }]]) },
        series,
      ),
    ).toBe(0.4);
  });
});
