import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { ChartFrame, CurvesInput } from '../../src-renderer/charts/headless.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** Curves of runs as an SVG document, as the window draws them. */
export async function drawCurves(
  workbench: Workbench,
  runs: readonly RunRecord[],
  wanted: Pick<CurvesInput, 'quantity' | 'logScale'>,
  frame: ChartFrame,
  fonts: string,
): Promise<string> {
  const { curveMetrics, curvesOption, fontFilesIn, renderSvg } =
    await import('../../src-renderer/charts/headless.ts');
  const series = workbench.series(
    runs.map(({ id }) => id),
    curveMetrics(wanted.quantity),
  );
  return renderSvg(curvesOption({ ...wanted, runs, series }, frame), { ...frame, fonts: fontFilesIn(fonts) });
}
