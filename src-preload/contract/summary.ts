import type { EpochSummary, RunRecord } from './run.ts';
import type { EpochFigures } from './series.ts';

/** What is summed up of a run's epochs. */
type Summed = Pick<RunRecord, 'epochs' | 'last' | 'best' | 'avoidableBias' | 'variance'>;

/**
 * A run's row with one more epoch summed up in it. The best epoch is that with the lowest dev loss, the first of
 * equals; avoidable bias is 1 − training accuracy, variance training − dev accuracy, both of the last epoch.
 */
export function withEpoch<Row extends Summed>(record: Row, figures: EpochFigures): Row {
  const last: EpochSummary = { epoch: figures.epoch, training: figures.training, dev: figures.dev };
  return {
    ...record,
    epochs: figures.epoch,
    last,
    best: betterEpoch(record.best, last),
    avoidableBias: 1 - figures.training.accuracy,
    variance: figures.dev === null ? null : figures.training.accuracy - figures.dev.accuracy,
  };
}

function betterEpoch(best: EpochSummary | null, candidate: EpochSummary): EpochSummary | null {
  if (candidate.dev === null || Number.isNaN(candidate.dev.loss)) return best;
  return best?.dev == null || candidate.dev.loss < best.dev.loss ? candidate : best;
}
