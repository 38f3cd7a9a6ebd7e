import { format } from 'echarts/core';

/**
 * HTML for the points of one epoch, as the library hands them to a formatter: one line a run, with its dev and its
 * training figure, of a mean with the half width of its interval. Runs without a figure at this epoch are left out. Names are escaped.
 * @param figure the text of a figure.
 * @param place the text of a place on the axis.
 */
export function curveTooltip(
  points: unknown,
  figure: (value: number) => string,
  place: (at: string) => string = (at) => `Epoch ${at}`,
): string {
  const rows = new Map<string, { marker: string; dev?: string; training?: string }>();
  let epoch = '';
  for (const point of Array.isArray(points) ? points.map(recordOf) : []) {
    const [at, value, half] = listOf(point['value']);
    if (typeof value !== 'number') continue;
    epoch = String(at);
    const name = String(point['seriesName']);
    const row = rows.get(name) ?? { marker: String(point['marker']) };
    row[String(point['seriesId']).includes(' dev.') ? 'dev' : 'training'] =
      typeof half === 'number' ? `${figure(value)} ± ${figure(half)}` : figure(value);
    rows.set(name, row);
  }
  const lines = [...rows].map(([name, { marker, dev, training }]) => {
    const figures = [
      ...(dev === undefined ? [] : [`dev <b>${dev}</b>`]),
      ...(training === undefined ? [] : [`training ${training}`]),
    ];
    return `${marker}${format.encodeHTML(name)}: ${figures.join(', ')}`;
  });
  return lines.length === 0 ? '' : [format.encodeHTML(place(epoch)), ...lines].join('<br>');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
