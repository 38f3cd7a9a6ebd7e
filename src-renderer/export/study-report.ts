import { strToU8, zipSync } from 'fflate';
import type { RunRow } from '../../src-preload/contract/api.ts';
import type { StudyPart, StudyPicture, StudyReport } from '../../src-preload/contract/study.ts';
import { curveMetrics } from '../charts/curves.ts';
import type { ChartFrame } from '../charts/frame.ts';
import { studyCurvesOption } from '../charts/study-curves.ts';
import { weightsOption } from '../charts/weights.ts';
import type { useConnection } from '../stores/connection.ts';
import { chartPng } from './sheet.ts';

type Connection = Pick<ReturnType<typeof useConnection>, 'call'>;

const CURVES: ChartFrame = { width: 1200, height: 700, theme: 'light' };
const WEIGHTS: ChartFrame = { width: 1200, height: 1000, theme: 'light' };

/** The pictures of a report, PNG files by the names that it has for them. */
export async function studyPictures(
  { pictures }: StudyReport,
  parts: readonly StudyPart[],
  runOf: (id: string) => RunRow | undefined,
  connection: Connection,
): Promise<Map<string, Uint8Array>> {
  const drawn = new Map<string, Uint8Array>();
  for (const picture of pictures) {
    const part = parts.find(({ id }) => id === picture.part);
    if (part === undefined) continue;
    const png = await draw(picture, part, runOf, connection);
    drawn.set(picture.file, new Uint8Array(await png.arrayBuffer()));
  }
  return drawn;
}

/** The report as one HTML file, its pictures within it. */
export function studyHtml({ html }: StudyReport, pictures: ReadonlyMap<string, Uint8Array>): string {
  return [...pictures].reduce(
    (text, [file, png]) => text.replace(`src="${file}"`, () => `src="${addressOf(png)}"`),
    html,
  );
}

/** The report as files in one archive. */
export function studyArchive(report: StudyReport, pictures: ReadonlyMap<string, Uint8Array>): Blob {
  const files: Record<string, Uint8Array> = {
    'report.md': strToU8(report.markdown),
    'report.html': strToU8(studyHtml(report, pictures)),
    'figures.csv': strToU8(report.csv),
    ...Object.fromEntries(pictures),
  };
  // Pictures are packed already.
  return new Blob([zipSync(files, { level: 0 }).slice()], { type: 'application/zip' });
}

async function draw(
  { kind }: StudyPicture,
  part: StudyPart,
  runOf: (id: string) => RunRow | undefined,
  connection: Connection,
): Promise<Blob> {
  if (kind === 'parameters') {
    const run = part.experiments.find(({ hasUnits }) => hasUnits)?.runs[0];
    const units = run == null ? [] : await connection.call('snapshots', { run, kind: 'units' });
    const shown = units.filter((one) => one.kind === 'units');
    return chartPng((frame) => weightsOption({ units: shown, run: part.id }, frame), WEIGHTS, 1);
  }
  const experiments = part.experiments.map(({ label, runs }) => ({
    label,
    runs: runs.flatMap((id) => (id === null ? [] : (runOf(id) ?? []))),
  }));
  const series = await connection.call('series', {
    runs: experiments.flatMap(({ runs }) => runs.map(({ id }) => id)),
    metrics: [...curveMetrics(kind)],
  });
  return chartPng(
    (frame) => studyCurvesOption({ part: part.id, quantity: kind, experiments, series }, frame),
    CURVES,
    1,
  );
}

function addressOf(png: Uint8Array): string {
  let binary = '';
  // In pieces: so many arguments as a picture has bytes are more than a call may have.
  for (let start = 0; start < png.length; start += 8192)
    binary += String.fromCharCode(...png.subarray(start, start + 8192));
  return `data:image/png;base64,${btoa(binary)}`;
}
