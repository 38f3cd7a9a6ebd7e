import type { SeedSpread, StudyColumn } from '../../src-preload/contract/study.ts';
import { mean, standardDeviation } from '../analysis/statistics.ts';
import { figureOf, type StudyRun } from './figures.ts';

/** What a run has in a column of the study's tables; null where it has nothing there. */
export function cellOf(column: StudyColumn, run: StudyRun): number | null {
  switch (column) {
    case 'parameters':
    case 'earlyStopEpoch':
      return run[column];
    case 'avoidableBias':
      return 1 - figureOf('training', run);
    default:
      return figureOf(column, run);
  }
}

/** The same over seeds; null where no run has anything there. */
export function spreadOf(column: StudyColumn, runs: readonly StudyRun[]): SeedSpread | null {
  const values = runs.map((run) => cellOf(column, run)).filter((value) => value !== null);
  if (values.length === 0) return null;
  return { mean: mean(values), sd: standardDeviation(values), seeds: values.length };
}
