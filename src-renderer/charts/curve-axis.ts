import type { Series } from '../../src-preload/contract/series.ts';

/** What curves run over. Minibatches an epoch, and milliseconds since the first step by epoch, by run. */
export type CurveAxis =
  | { readonly kind: 'epoch' }
  | { readonly kind: 'step'; readonly stepsPerEpoch: ReadonlyMap<string, number> }
  | { readonly kind: 'time'; readonly elapsed: ReadonlyMap<string, Series> };

/** How an axis is called, a place on it, and what is drawn over it. */
export const AXIS_WORDS: Readonly<
  Record<CurveAxis['kind'], { name: string; by: string; at: (value: string) => string }>
> = {
  epoch: { name: 'Epoch', by: 'by epoch', at: (value) => `Epoch ${value}` },
  step: { name: 'Step', by: 'by step', at: (value) => `Step ${value}` },
  time: { name: 'Seconds', by: 'over time', at: (value) => `${Number(value).toFixed(2)} s` },
};

/** Where an epoch of a run lies on the axis: epochs, steps or seconds; NaN where that is not known. */
export function placeOfEpoch(run: string, epoch: number, over: CurveAxis): number {
  if (over.kind === 'epoch') return epoch;
  if (over.kind === 'step') return epoch * (over.stepsPerEpoch.get(run) ?? 1);
  const elapsed = over.elapsed.get(run);
  // Epochs count from 1 without a gap, but for curves that lack their beginning.
  const index = elapsed?.epochs[epoch - 1] === epoch ? epoch - 1 : (elapsed?.epochs.indexOf(epoch) ?? -1);
  const value = elapsed?.values[index];
  return value === undefined ? NaN : value / 1000;
}

/** The epoch of a run that lies nearest to a place on the axis, 1 at least; undefined where none is known. */
export function epochAt(run: string, place: number, over: CurveAxis): number | undefined {
  if (over.kind === 'epoch') return Math.max(1, Math.round(place));
  if (over.kind === 'step') return Math.max(1, Math.round(place / (over.stepsPerEpoch.get(run) ?? 1)));
  const { epochs, values } = over.elapsed.get(run) ?? { epochs: [], values: [] };
  let [low, high] = [0, epochs.length - 1];
  // Time never goes back: the first epoch that ended after the place, and the one before it.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((values[middle] ?? 0) < 1000 * place) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  const isNearerBefore =
    Math.abs((values[before] ?? Infinity) - 1000 * place) <
    Math.abs((values[low] ?? Infinity) - 1000 * place);
  return epochs[isNearerBefore ? before : low];
}
