import { watch } from 'vue';
import { namedRuns, useComparison } from '../stores/comparison.ts';
import { useAddress } from './use-address.ts';

/** Keeps what is compared, and the baseline, in the address of a page too: what is opened or loaded again has them. */
export function useComparisonInAddress(): void {
  const comparison = useComparison();
  const shownText = useAddress('shown');
  const baselineText = useAddress('baseline');
  /** What was written and has not been seen in the address yet: it must not undo what was done meanwhile. */
  let written: (string | undefined)[] = [];

  function take(): void {
    if (shownText.value !== undefined) comparison.show(namedRuns(shownText.value));
    if (baselineText.value !== undefined) comparison.baseline = baselineText.value;
  }
  function write(): void {
    const text = comparison.shown.join(',') || undefined;
    if (text !== shownText.value) written.push(text);
    shownText.value = text;
    baselineText.value = comparison.baseline;
  }

  take();
  write();
  watch(() => [comparison.shown, comparison.baseline], write);
  watch(shownText, (now) => {
    const place = written.indexOf(now);
    written = place < 0 ? [] : written.slice(place + 1);
    if (place < 0 && now !== undefined) take();
  });
}
