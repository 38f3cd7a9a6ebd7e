import { z } from 'zod';
import { lossText, percentText } from './figure-text.ts';
import type { RunRecord } from './run.ts';

/** Names of figures of a run's end that experiments are held against each other by. */
export const FIGURE_NAMES = [
  'dev.accuracy',
  'dev.loss',
  'training.accuracy',
  'training.loss',
  'bias',
  'variance',
  'test.accuracy',
] as const;
export const FigureName = z.enum(FIGURE_NAMES);
export type FigureName = z.infer<typeof FigureName>;

/** The figure that is meant where none is named. */
export const DEFAULT_FIGURE: FigureName = 'dev.accuracy';

type FiguredRun = Pick<RunRecord, 'last' | 'test' | 'avoidableBias' | 'variance'>;

interface Figure {
  /** In the middle of a sentence. */
  readonly label: string;
  /** Which of two is the better one. */
  readonly better: 'higher' | 'lower';
  /** A share of the images, told in percent, and differences of it in points; or a mean loss. */
  readonly unit: 'share' | 'loss';
  readonly of: (run: FiguredRun) => number | null | undefined;
}

/** Every such figure; those of the last epoch, but for the test part, which is evaluated after it. */
export const figures: Readonly<Record<FigureName, Figure>> = {
  'dev.accuracy': {
    label: 'dev accuracy',
    better: 'higher',
    unit: 'share',
    of: ({ last }) => last?.dev?.accuracy,
  },
  'dev.loss': { label: 'dev loss', better: 'lower', unit: 'loss', of: ({ last }) => last?.dev?.loss },
  'training.accuracy': {
    label: 'training accuracy',
    better: 'higher',
    unit: 'share',
    of: ({ last }) => last?.training.accuracy,
  },
  'training.loss': {
    label: 'training loss',
    better: 'lower',
    unit: 'loss',
    of: ({ last }) => last?.training.loss,
  },
  bias: {
    label: 'avoidable bias',
    better: 'lower',
    unit: 'share',
    of: ({ avoidableBias }) => avoidableBias,
  },
  variance: { label: 'variance', better: 'lower', unit: 'share', of: ({ variance }) => variance },
  'test.accuracy': {
    label: 'test accuracy',
    better: 'higher',
    unit: 'share',
    of: ({ test }) => test?.accuracy,
  },
};

/** A value of a figure: `46.2%`, `1.642`. */
export function figureText(figure: FigureName, value: number): string {
  return figures[figure].unit === 'share' ? percentText(value) : lossText(value);
}

/** A mean over seeds with its deviation: `46.2% ± 1.3%`, the mean alone of one seed. */
export function meanText(
  figure: FigureName,
  { mean, sd }: { readonly mean: number; readonly sd: number | null },
): string {
  return sd === null ? figureText(figure, mean) : `${figureText(figure, mean)} ± ${figureText(figure, sd)}`;
}

/** Where a difference lies: `−1.0 to +5.0`; nothing where that is not known. */
export function rangeText(
  figure: FigureName,
  interval: { readonly low: number; readonly high: number } | null,
): string {
  return interval === null
    ? ''
    : `${differenceText(figure, interval.low)} to ${differenceText(figure, interval.high)}`;
}

/** A difference of a figure with its sign, without a unit: `+1.3`, `−0.021`. */
export function differenceText(figure: FigureName, difference: number): string {
  const size =
    figures[figure].unit === 'share' ? Math.abs(100 * difference).toFixed(1) : lossText(Math.abs(difference));
  return `${Number(size) === 0 ? '±' : difference > 0 ? '+' : '−'}${size}`;
}

/** The size of a difference in a sentence: `1.3 points`, `0.021`. */
export function sizeText(figure: FigureName, difference: number): string {
  return figures[figure].unit === 'share' ? `${(100 * difference).toFixed(1)} points` : lossText(difference);
}

/** A p-value as it is told; nothing where there is none. */
export function chanceText(pValue: number | null): string {
  return pValue === null ? '' : pValue < 0.001 ? '< 0.001' : pValue.toFixed(3);
}
