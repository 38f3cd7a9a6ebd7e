import type { BestFigure, BestFigures, EpochSummary, RunRecord } from './run.ts';
import type { EpochFigures } from './series.ts';

/** What is summed up of a run's epochs. */
type Summed = Pick<RunRecord, 'epochs' | 'last' | 'best' | 'bests' | 'avoidableBias' | 'variance'>;

/**
 * A run's row with one more epoch summed up in it. The best epoch is that with the lowest dev loss, the first of
 * equals, and each figure has its own best beside it; avoidable bias is 1 − training accuracy, variance training − dev accuracy, both of the last epoch.
 */
export function withEpoch<Row extends Summed>(record: Row, figures: EpochFigures): Row {
  const last: EpochSummary = { epoch: figures.epoch, training: figures.training, dev: figures.dev };
  return {
    ...record,
    epochs: figures.epoch,
    last,
    best: betterEpoch(record.best, last),
    bests: betterFigures(record.bests, last),
    avoidableBias: 1 - figures.training.accuracy,
    variance: figures.dev === null ? null : figures.training.accuracy - figures.dev.accuracy,
  };
}

function betterEpoch(best: EpochSummary | null, candidate: EpochSummary): EpochSummary | null {
  if (candidate.dev === null || Number.isNaN(candidate.dev.loss)) return best;
  return best?.dev == null || candidate.dev.loss < best.dev.loss ? candidate : best;
}

function betterFigures(before: BestFigures, { epoch, training, dev }: EpochSummary): BestFigures {
  return {
    trainingLoss: betterFigure(before.trainingLoss, epoch, training.loss, 'lower'),
    trainingAccuracy: betterFigure(before.trainingAccuracy, epoch, training.accuracy, 'higher'),
    devLoss: betterFigure(before.devLoss, epoch, dev?.loss, 'lower'),
    devAccuracy: betterFigure(before.devAccuracy, epoch, dev?.accuracy, 'higher'),
  };
}

/** The better of what was the best and what an epoch gave: the earlier of equals, and never what is no finite number. */
export function betterFigure(
  before: BestFigure | null,
  epoch: number,
  value: number | undefined,
  better: 'higher' | 'lower',
): BestFigure | null {
  if (value === undefined || !Number.isFinite(value)) return before;
  const isBetter = before === null || (better === 'lower' ? value < before.value : value > before.value);
  return isBetter ? { epoch, value } : before;
}
