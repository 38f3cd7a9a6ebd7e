import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue';
import type { AxisPart } from '../charts/axis-part.ts';
import { useAddress } from './use-address.ts';

/** Milliseconds for which a zoom has to stay before it stands in the address: a wheel changes it many times a second. */
const SETTLE_MS = 300;

/** Digits that a chart can show a difference of. */
const DIGITS = 6;

/** The part of the x axis that charts of a page show, as it stands in its address; undefined for all of it. */
export function useZoom(): ShallowRef<AxisPart | undefined> {
  const text = useAddress('zoom');
  const zoom = shallowRef(partOf(text.value));
  let due: ReturnType<typeof setTimeout> | undefined;
  watch(zoom, (part) => {
    clearTimeout(due);
    due = setTimeout(() => (text.value = textOf(part)), SETTLE_MS);
  });
  watch(text, (now) => {
    if (now !== textOf(zoom.value)) zoom.value = partOf(now);
  });
  onScopeDispose(() => {
    clearTimeout(due);
  });
  return zoom;
}

/** `from~to`, in the units of the axis. */
function textOf(part: AxisPart | undefined): string | undefined {
  if (part === undefined) return undefined;
  return [part.from, part.to].map((end) => Number(end.toPrecision(DIGITS))).join('~');
}

/** Undefined of anything that is no part of an axis. */
function partOf(text: string | undefined): AxisPart | undefined {
  const [from = NaN, to = NaN, ...more] = (text ?? '')
    .split('~')
    .map((end) => (end === '' ? NaN : Number(end)));
  return from >= 0 && to > from && Number.isFinite(to) && more.length === 0 ? { from, to } : undefined;
}
