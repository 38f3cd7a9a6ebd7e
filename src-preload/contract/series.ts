import { z } from 'zod';

/** Mean loss and share of images classified rightly (0..1). */
export const Figures = z.object({
  /** May be NaN or infinite where training broke down. */
  loss: z
    .number()
    .or(z.nan())
    .or(z.literal([Infinity, -Infinity])),
  accuracy: z.number(),
});
export type Figures = z.infer<typeof Figures>;

/** Milliseconds of one epoch, by what they were spent on. */
export const EpochTimings = z.object({
  augmenting: z.number(),
  stepping: z.number(),
  evaluating: z.number(),
  reading: z.number(),
  reporting: z.number(),
});
export type EpochTimings = z.infer<typeof EpochTimings>;

/**
 * What one epoch gave. Training figures are the means over its minibatches as they were trained; dev figures are
 * taken after it, without dropout. Epochs count from 1.
 */
export const EpochFigures = z.object({
  epoch: z.int().min(1),
  training: Figures,
  /** Absent where the dev part is empty or not evaluated. */
  dev: Figures.nullable(),
  learningRate: z.number(),
  /** Milliseconds from the run's first step to the end of this epoch. */
  elapsed: z.number(),
  timings: EpochTimings,
  /** How far each parameter has moved from its start, by its name, at epochs where it was looked at. */
  moved: z.record(z.string(), z.number().or(z.nan())).optional(),
});
export type EpochFigures = z.infer<typeof EpochFigures>;

/** What the names of curves of moved parameters begin with. */
const MOVED = 'moved.';

/** The parameter whose movement a metric is; undefined for any other metric. */
export function movedParameter(metric: string): string | undefined {
  return metric.startsWith(MOVED) ? metric.slice(MOVED.length) : undefined;
}

/** Names of the curves of a run; each has at most one value an epoch. */
export const METRICS = [
  'training.loss',
  'training.accuracy',
  'dev.loss',
  'dev.accuracy',
  'learningRate',
  'elapsed',
  'ms.augmenting',
  'ms.stepping',
  'ms.evaluating',
  'ms.reading',
  'ms.reporting',
] as const;
/** A metric of every run, or how far a parameter has moved: `moved.L0_Dense_W`. */
export const Metric = z.union([z.enum(METRICS), z.templateLiteral(['moved.', z.string().min(1)])]);
export type Metric = z.infer<typeof Metric>;

/** One curve of one run: equally long arrays, epochs ascending. */
export interface Series {
  readonly run: string;
  readonly metric: Metric;
  readonly epochs: Uint32Array;
  readonly values: Float64Array;
}

/** The metrics that an epoch's figures are kept as. */
export function metricsOf(figures: EpochFigures): [Metric, number][] {
  return [
    ['training.loss', figures.training.loss],
    ['training.accuracy', figures.training.accuracy],
    ...(figures.dev === null
      ? []
      : ([
          ['dev.loss', figures.dev.loss],
          ['dev.accuracy', figures.dev.accuracy],
        ] satisfies [Metric, number][])),
    ['learningRate', figures.learningRate],
    ['elapsed', figures.elapsed],
    ['ms.augmenting', figures.timings.augmenting],
    ['ms.stepping', figures.timings.stepping],
    ['ms.evaluating', figures.timings.evaluating],
    ['ms.reading', figures.timings.reading],
    ['ms.reporting', figures.timings.reporting],
    ...Object.entries(figures.moved ?? {}).map(([name, value]): [Metric, number] => [
      `${MOVED}${name}`,
      value,
    ]),
  ];
}
