import type { CurveRun } from '../../../src-renderer/charts/curves.ts';
import type { Metric, Series } from '../../../src-preload/contract/series.ts';

/** Curves of so many runs, with as many epochs, that fall from 1 and are all different. */
export function drawnRuns(count: number, epochs: number): { runs: CurveRun[]; series: Series[] } {
  const runs = Array.from({ length: count }, (_, index): CurveRun => {
    const figures = { loss: 0.5, accuracy: 0.5 };
    return {
      id: `id${index}`,
      name: `run ${index}`,
      earlyStopEpoch: Math.min(epochs, 12),
      best: { epoch: Math.min(epochs, 2), training: figures, dev: figures },
    };
  });
  const metrics: Metric[] = ['training.loss', 'dev.loss', 'training.accuracy', 'dev.accuracy'];
  return {
    runs,
    series: runs.flatMap(({ id }, run) =>
      metrics.map((metric, offset) => curve(id, metric, epochs, (epoch) => 1 / (epoch + run + offset))),
    ),
  };
}

/** A curve over the epochs from 1 on. */
export function curve(
  run: string,
  metric: Metric,
  epochs: number,
  valueOf: (epoch: number) => number,
): Series {
  const numbers = Uint32Array.from({ length: epochs }, (_, index) => index + 1);
  return { run, metric, epochs: numbers, values: Float64Array.from(numbers, valueOf) };
}
