import type { CurveName } from '../../../src-main/study/claims.ts';
import type { StudyRun } from '../../../src-main/study/figures.ts';

/** A run with these curves, and nothing else of note. Curves that are not given stand still at 0. */
export function studyRun(
  curves: Partial<Record<CurveName, readonly number[]>>,
  more: Partial<StudyRun> = {},
): StudyRun {
  return {
    id: 'run',
    modelSeed: 0,
    datasetSeed: 0,
    curves: { training: [0], dev: [0], trainingCost: [0], devCost: [0], ...curves },
    earlyStopEpoch: null,
    parameters: 10,
    ratio: 1,
    moved: [],
    ...more,
  };
}
