import {
  byExperiment,
  countedRuns,
  experimentKey,
  experimentNames,
  seedsText,
} from '../../src-preload/contract/experiment.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { ChartFrame, CurvesInput } from '../../src-renderer/charts/headless.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** Repeats of one experiment, one run a seed. */
export interface FoldedExperiment {
  readonly name: string;
  readonly runs: readonly RunRecord[];
}

/** Experiments of runs, those of one seed too; how many seeds each has stands with its name. */
export function foldedExperiments(runs: readonly RunRecord[]): FoldedExperiment[] {
  const { counted, fresh } = countedRuns(runs);
  const experiments = byExperiment(counted);
  const names = experimentNames(experiments);
  return experiments.map((own, index) => {
    const isFresh = own.some((run) => fresh.has(experimentKey(run)));
    return { name: `${names[index] ?? ''} (${seedsText(own.length, isFresh)})`, runs: own };
  });
}

/**
 * Curves of runs as an SVG document, as the window draws them.
 * @param wanted.isFolded repeats of one experiment as their mean with its 95 % interval, each of them faint.
 */
export async function drawCurves(
  workbench: Workbench,
  runs: readonly RunRecord[],
  {
    isFolded = false,
    ...wanted
  }: Pick<CurvesInput, 'quantity' | 'logScale'> & { readonly isFolded?: boolean },
  frame: ChartFrame,
  fonts: string,
): Promise<string> {
  const { curveMetrics, curvesOption, fontFilesIn, renderSvg, runLooks } =
    await import('../../src-renderer/charts/headless.ts');
  const experiments = isFolded ? foldedExperiments(runs) : [];
  const isAny = experiments.some((one) => one.runs.length > 1);
  const drawn = isAny
    ? experiments.flatMap((one) =>
        one.runs.length > 1 ? one.runs : one.runs.map((run) => ({ ...run, name: one.name })),
      )
    : runs;
  const places = runLooks(experiments.length, frame.theme);
  const looked = experiments.flatMap((one, index) => {
    const look = places[index];
    return look === undefined ? [] : [{ ...one, look }];
  });
  const series = await workbench.series(
    drawn.map(({ id }) => id),
    curveMetrics(wanted.quantity),
  );
  const folds = isAny
    ? {
        looks: new Map(looked.flatMap(({ runs: own, look }) => own.map(({ id }) => [id, look] as const))),
        folded: looked
          .filter((one) => one.runs.length > 1)
          .map(({ name, look, runs: own }) => ({ name, look, runs: own.map(({ id }) => id) })),
      }
    : {};
  return renderSvg(curvesOption({ ...wanted, ...folds, runs: drawn, series }, frame), {
    ...frame,
    fonts: fontFilesIn(fonts),
  });
}
