import { computed, type Ref } from 'vue';
import type { Metric, Series } from '../../src-preload/contract/series.ts';
import type { CurveAxis } from '../charts/curve-axis.ts';
import { useAddress } from './use-address.ts';

/** What the curves of a page run over, as its address says: all its charts the same. */
export function useCurveAxis(
  runs: Ref<readonly { readonly id: string; readonly stepsPerEpoch: number }[]>,
  series: Ref<readonly Series[]>,
): { readonly axis: Ref<string | undefined>; readonly over: Ref<CurveAxis> } {
  const axis = useAddress('x');
  const over = computed((): CurveAxis => {
    if (axis.value === 'step')
      return {
        kind: 'step',
        stepsPerEpoch: new Map(runs.value.map(({ id, stepsPerEpoch }) => [id, stepsPerEpoch])),
      };
    if (axis.value === 'time') {
      const elapsed = series.value.filter(({ metric }) => metric === ('elapsed' satisfies Metric));
      return { kind: 'time', elapsed: new Map(elapsed.map((one) => [one.run, one])) };
    }
    return { kind: 'epoch' };
  });
  return { axis, over };
}
