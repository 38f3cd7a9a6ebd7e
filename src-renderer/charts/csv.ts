import type { RunRecord } from '../../src-preload/contract/run.ts';
import { spreadOf } from '../../src-preload/contract/spread.ts';
import { METRICS, type Metric, movedParameter, type Series } from '../../src-preload/contract/series.ts';

/**
 * Curves as comma-separated values: a heading, then one row an epoch and run, run by run. Numbers are written in full;
 * a figure that was not taken is an empty cell. Quoted as RFC 4180 has it, lines ended by LF. A text that a spreadsheet
 * would take for a formula gets an apostrophe in front (OWASP, CSV injection).
 */
export function seriesCsv(
  runs: readonly Pick<RunRecord, 'id' | 'name'>[],
  series: readonly Series[],
): string {
  const moved = new Set(
    series.map(({ metric }) => metric).filter((metric) => movedParameter(metric) !== undefined),
  );
  const metrics: Metric[] = [
    ...METRICS.filter((metric) => series.some((one) => one.metric === metric)),
    ...moved,
  ];
  const lines = [['run', 'name', 'epoch', ...metrics].join(',')];
  for (const run of runs) {
    const columns = metrics.map((metric) => {
      const own = series.find((one) => one.run === run.id && one.metric === metric);
      return new Map(Array.from(own?.epochs ?? [], (epoch, index) => [epoch, own?.values[index]]));
    });
    const epochs = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort(
      (one, other) => one - other,
    );
    const start = `${textCell(run.id)},${textCell(run.name)}`;
    for (const epoch of epochs)
      lines.push([start, epoch, ...columns.map((column) => column.get(epoch) ?? '')].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Curves of experiments likewise, one row an epoch and experiment: of each metric the mean over the seeds that have the
 * epoch, its sample standard deviation (empty for one seed), and how many they are. What is no finite number is left
 * out.
 * @param experiments with the ids of their runs.
 */
export function foldedCsv(
  experiments: readonly { readonly name: string; readonly runs: readonly string[] }[],
  series: readonly Series[],
): string {
  const metrics = METRICS.filter((metric) => series.some((one) => one.metric === metric));
  const heads = metrics.flatMap((metric) => [`${metric} mean`, `${metric} sd`, `${metric} seeds`]);
  const lines = [['experiment', 'epoch', ...heads].join(',')];
  for (const { name, runs } of experiments) {
    const columns = metrics.map((metric) => valuesByEpoch(runs, metric, series));
    const epochs = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort(
      (one, other) => one - other,
    );
    for (const epoch of epochs) {
      const cells = columns.flatMap((column) => {
        const spread = spreadOf(column.get(epoch) ?? []);
        return [spread?.mean ?? '', spread?.sd ?? '', spread?.count ?? 0];
      });
      lines.push([textCell(name), epoch, ...cells].join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

function valuesByEpoch(
  runs: readonly string[],
  metric: Metric,
  series: readonly Series[],
): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const one of series) {
    if (one.metric !== metric || !runs.includes(one.run)) continue;
    one.epochs.forEach((epoch, index) => {
      const values = found.get(epoch) ?? [];
      const value = one.values[index];
      if (value !== undefined && Number.isFinite(value)) values.push(value);
      found.set(epoch, values);
    });
  }
  return found;
}

/** A text as a cell: quoted where it has to be, and no formula to any spreadsheet. */
export function textCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) || harmless !== text ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
