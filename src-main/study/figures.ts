import type { CurveName, Figure } from './claims.ts';

/** What claims and tables need of a finished run. */
export interface StudyRun {
  readonly id: string;
  readonly modelSeed: number;
  readonly datasetSeed: number;
  /** Values by epoch from 1 on, without a gap. */
  readonly curves: Readonly<Record<CurveName, readonly number[]>>;
  readonly earlyStopEpoch: number | null;
  readonly parameters: number;
  /** Parameters for each training sample, clones counted. */
  readonly ratio: number;
  /** How far the weights of each dense layer have moved from their start, in the order of the layers. */
  readonly moved: readonly number[];
}

/** Epochs that are taken together where a curve is read about an epoch: single ones are noisy. */
const ABOUT = 5;

/** The share of the epochs in which every curve begins so steeply that its bend would count as noise. */
const BEGINNING = 0.1;

/** A figure of a run; NaN where it has none, such as of epochs that it did not reach. */
export function figureOf(figure: Figure, run: StudyRun): number {
  const { curves } = run;
  if (typeof figure === 'string') {
    switch (figure) {
      case 'training':
      case 'dev':
      case 'trainingCost':
      case 'devCost':
        return curves[figure].at(-1) ?? NaN;
      case 'variance':
        return figureOf('training', run) - figureOf('dev', run);
      case 'ratio':
        return run.ratio;
      case 'firstLayerMoves':
        return (run.moved[0] ?? NaN) / Math.max(...(run.moved.length < 2 ? [NaN] : run.moved.slice(1)));
      case 'lostByStopping':
        return lostByStopping(run);
    }
  }
  switch (figure.kind) {
    case 'epochTo': {
      const index = curves.training.findIndex((accuracy) => accuracy >= figure.accuracy);
      return index < 0 ? curves.training.length + 1 : index + 1;
    }
    case 'noise': {
      const curve = curves[figure.of];
      const from = figure.from ?? Math.floor(BEGINNING * curve.length) + 1;
      return noise(slice(curve, from, figure.to ?? curve.length));
    }
    case 'noiseGrowth': {
      const curve = curves[figure.of];
      const before = Math.max(1, 2 * figure.at - curve.length + 1);
      return noise(slice(curve, figure.at + 1, curve.length)) / noise(slice(curve, before, figure.at));
    }
    case 'at':
      return about(curves[figure.of], figure.epoch);
    case 'change':
      return about(curves[figure.of], figure.to) - about(curves[figure.of], figure.from);
    case 'least': {
      const values = slice(curves[figure.of], figure.from, curves[figure.of].length);
      return values.length === 0 ? NaN : Math.min(...values);
    }
  }
}

/**
 * The standard deviation of what jumps from point to point, whatever slow rise or fall is under it: from the second
 * differences, whose variance is six times that of independent noise (T. Gasser, L. Sroka, C. Jennen-Steinmetz,
 * Residual variance and residual pattern in nonlinear regression, 1986). NaN of fewer than three points.
 */
export function noise(values: readonly number[]): number {
  if (values.length < 3) return NaN;
  let sum = 0;
  for (let index = 2; index < values.length; index++) {
    const [first = NaN, second = NaN, third = NaN] = values.slice(index - 2, index + 1);
    sum += (first - 2 * second + third) ** 2;
  }
  return Math.sqrt(sum / (6 * (values.length - 2)));
}

function slice(values: readonly number[], from: number, to: number): readonly number[] {
  return to > values.length ? [] : values.slice(from - 1, to);
}

function about(values: readonly number[], epoch: number): number {
  const near = slice(values, Math.max(1, epoch - ABOUT + 1), epoch);
  return near.length === 0 ? NaN : near.reduce((sum, value) => sum + value, 0) / near.length;
}

function lostByStopping({ curves, earlyStopEpoch }: StudyRun): number {
  if (earlyStopEpoch === null) return NaN;
  return Math.min(...curves.devCost.slice(0, earlyStopEpoch)) - Math.min(...curves.devCost);
}
