import { type Ref, shallowRef, watch } from 'vue';
import type { RunSetAnalysis } from '../../src-preload/contract/analysis.ts';
import type { RunRow } from '../../src-preload/contract/api.ts';
import { useConnection } from '../stores/connection.ts';
import { useMessages } from '../stores/messages.ts';

/** What runs say as one set, anew when one of them has ended; undefined until it is known. */
export function useAnalysis(
  runs: Readonly<Ref<readonly RunRow[]>>,
  baseline: Readonly<Ref<string | undefined>>,
): Readonly<Ref<RunSetAnalysis | undefined>> {
  const connection = useConnection();
  const messages = useMessages();
  const analysis = shallowRef<RunSetAnalysis>();

  /** The runs that have ended: of others the figures are not their last. */
  function ended(): string {
    return runs.value
      .filter(({ status, last }) => status !== 'running' && status !== 'queued' && last !== null)
      .map(({ id, epochs, tags }) => `${id} ${epochs} ${tags.join(',')}`)
      .join('\n');
  }

  watch(
    [ended, baseline, () => connection.generation],
    async ([wanted, against, generation]) => {
      const ids = wanted.split('\n').flatMap((line) => line.split(' ')[0] || []);
      if (generation === 0) return;
      const found =
        ids.length === 0
          ? undefined
          : await messages.attempt(() => connection.call('analysis', { runs: ids, baseline: against }));
      if (wanted === ended()) analysis.value = found;
    },
    { immediate: true },
  );
  return analysis;
}
