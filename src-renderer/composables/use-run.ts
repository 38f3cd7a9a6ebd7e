import { computed, onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { isConnectionLost, useConnection } from '../stores/connection.ts';
import { useRuns } from '../stores/runs.ts';

/** Everything known of one run, kept up to date; an error where there is none. */
export function useRun(id: Ref<string>): {
  readonly run: Ref<RunRecord | undefined>;
  readonly error: Ref<Error | undefined>;
  /** Reads it anew. */
  readonly read: () => Promise<void>;
} {
  const connection = useConnection();
  const runs = useRuns();
  const record = shallowRef<RunRecord>();
  const error = shallowRef<Error>();

  async function read(): Promise<void> {
    const wanted = id.value;
    try {
      const found = await connection.call('run', { run: wanted });
      if (wanted !== id.value) return;
      record.value = found;
      error.value = undefined;
      runs.put(found);
    } catch (failure) {
      // A lost connection is taken up again, and the run is read anew.
      if (wanted === id.value && !isConnectionLost(failure))
        error.value = failure instanceof Error ? failure : new Error(String(failure));
    }
  }

  const stopListening = connection.onEvent((event) => {
    if ('run' in event && typeof event.run === 'object' && event.run.id === id.value)
      record.value = event.run;
    else if (event.kind === 'removed' && event.run === id.value) void read();
    else if (event.kind === 'notice' && event.run === id.value && record.value !== undefined)
      record.value = { ...record.value, notices: [...record.value.notices, event.message] };
    else if (event.kind === 'missed') void read();
  });
  watch(
    [id, () => connection.generation],
    () => {
      if (record.value?.id !== id.value) record.value = undefined;
      void read();
    },
    { immediate: true },
  );
  onScopeDispose(stopListening);

  return {
    // Figures of the epochs come to the list of all runs; the rest stands in the whole record.
    run: computed(() => {
      const whole = record.value;
      if (whole === undefined) return undefined;
      const row = runs.byId.get(whole.id);
      return row === undefined || row.epochs < whole.epochs ? whole : { ...whole, ...row };
    }),
    error,
    read,
  };
}
