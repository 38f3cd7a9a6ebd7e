import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue';
import type { AxisPart } from '../charts/axis-part.ts';
import { useAddress } from './use-address.ts';

/** Milliseconds for which a zoom has to stay before it stands in the address: a wheel changes it many times a second. */
const SETTLE_MS = 300;

/** A part is written to this power of a tenth of its width: no chart shows it finer. */
const DECIMALS = 5;

/** The part of the x axis that charts of a page show, as it stands in its address; undefined for all of it. */
export function useZoom(): ShallowRef<AxisPart | undefined> {
  const text = useAddress('zoom');
  const zoom = shallowRef(partOf(text.value));
  let due: ReturnType<typeof setTimeout> | undefined;
  // The address says what was written into it a moment later, when the next zoom may be under way.
  let written = text.value;
  watch(zoom, (part) => {
    clearTimeout(due);
    due = setTimeout(() => {
      written = textOf(part);
      text.value = written;
    }, SETTLE_MS);
  });
  watch(text, (now) => {
    if (now === written) return;
    written = now;
    zoom.value = partOf(now);
  });
  onScopeDispose(() => {
    clearTimeout(due);
  });
  return zoom;
}

/** `from~to`, in the units of the axis. */
function textOf(part: AxisPart | undefined): string | undefined {
  if (part === undefined) return undefined;
  const decimals = Math.min(20, Math.max(0, DECIMALS - Math.ceil(Math.log10(part.to - part.from))));
  return [part.from, part.to].map((end) => Number(end.toFixed(decimals))).join('~');
}

/** Undefined of anything that is no part of an axis. */
function partOf(text: string | undefined): AxisPart | undefined {
  const [from = NaN, to = NaN, ...more] = (text ?? '')
    .split('~')
    .map((end) => (end === '' ? NaN : Number(end)));
  return from >= 0 && to > from && Number.isFinite(to) && more.length === 0 ? { from, to } : undefined;
}
