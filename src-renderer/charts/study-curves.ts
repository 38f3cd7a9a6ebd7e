import type { Series } from '../../src-preload/contract/series.ts';
import { type CurveRun, curvesOption, type FoldedRuns } from './curves.ts';
import type { ChartFrame, ChartOption } from './frame.ts';
import { runLooks } from './palette.ts';

/** An experiment of a study and its runs, one a seed. */
export interface StudyCurves {
  readonly label: string;
  readonly runs: readonly Omit<CurveRun, 'name'>[];
}

/**
 * Loss or accuracy of the experiments of one part of a study, a colour each: of several seeds their mean with its 95 %
 * interval, each run faint behind it.
 */
export function studyCurvesOption(
  {
    part,
    quantity,
    experiments,
    series,
    lastEpoch,
  }: {
    /** What the part is called, for the title. */
    readonly part: string;
    readonly quantity: 'loss' | 'accuracy';
    readonly experiments: readonly StudyCurves[];
    readonly series: readonly Series[];
    readonly lastEpoch?: number;
  },
  frame: ChartFrame,
): ChartOption {
  const looks = runLooks(experiments.length, frame.theme);
  const folded = experiments.flatMap(({ label, runs }, index): FoldedRuns[] => {
    const look = looks[index];
    return look === undefined || runs.length < 2
      ? []
      : [{ name: `${label} (${runs.length} seeds)`, look, runs: runs.map(({ id }) => id) }];
  });
  const own = new Map(
    experiments.flatMap(({ runs }, index) => {
      const look = looks[index];
      return look === undefined ? [] : runs.map(({ id }) => [id, look] as const);
    }),
  );
  return curvesOption(
    {
      quantity,
      runs: experiments.flatMap(({ label, runs }) => runs.map((run) => ({ ...run, name: label }))),
      series,
      folded,
      looks: own,
      ...(lastEpoch === undefined ? {} : { lastEpoch }),
    },
    { ...frame, title: `${quantity === 'loss' ? 'Loss' : 'Accuracy'} of ${part}` },
  );
}
