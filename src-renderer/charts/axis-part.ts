import type { Series } from '../../src-preload/contract/series.ts';
import type { CurveAxis } from './curve-axis.ts';

/** A part of an x axis, in its own units. */
export interface AxisPart {
  readonly from: number;
  readonly to: number;
}

/** The narrowest part, as a share of the axis. */
const NARROWEST = 0.02;

/** Where an axis of curves ends, from 0 on. @param lastEpoch the last epoch that it reaches to, where that is planned. */
export function zoomEnd(over: CurveAxis, series: readonly Series[], lastEpoch = 1): number {
  const ends = series.map(({ run, epochs }) => {
    const last = epochs.at(-1) ?? 1;
    if (over.kind === 'step') return last * (over.stepsPerEpoch.get(run) ?? 1);
    if (over.kind === 'time') return over.elapsed.get(run)?.values.at(-1) ?? 0;
    return Math.max(last, lastEpoch);
  });
  return ends.reduce((most, end) => Math.max(most, end), 0);
}

/**
 * A part that is so many times as wide as the one that is shown.
 * @param part undefined for all of the axis, from 0 to `end`.
 * @param about stays where it is, if it is in sight; else the middle does.
 * @returns undefined for all of the axis.
 */
export function zoomedPart(
  part: AxisPart | undefined,
  end: number,
  factor: number,
  about?: number,
): AxisPart | undefined {
  const { from, to } = part ?? { from: 0, to: end };
  const width = Math.max(NARROWEST * end, (to - from) * factor);
  if (width >= end) return undefined;
  const fixed = about !== undefined && about >= from && about <= to ? about : (from + to) / 2;
  const share = to === from ? 0.5 : (fixed - from) / (to - from);
  return within({ from: fixed - share * width, to: fixed + (1 - share) * width }, end);
}

/** The part moved by so many times its width, as far as the axis goes. */
export function movedPart(part: AxisPart | undefined, end: number, share: number): AxisPart | undefined {
  if (part === undefined) return undefined;
  const by = share * (part.to - part.from);
  return within({ from: part.from + by, to: part.to + by }, end);
}

function within({ from, to }: AxisPart, end: number): AxisPart {
  const width = to - from;
  const start = Math.max(0, Math.min(end - width, from));
  return { from: start, to: start + width };
}
