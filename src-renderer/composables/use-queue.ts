import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import type { Queue } from '../../src-preload/contract/api.ts';
import { isConnectionLost, useConnection } from '../stores/connection.ts';
import { faultText, useMessages } from '../stores/messages.ts';

/** The queue of the host, read anew whenever a run is queued, begins or ends. */
export function useQueue(): {
  readonly queue: Ref<Queue | undefined>;
  /** Why it could not be read. */
  readonly fault: Ref<string | undefined>;
  readonly read: () => Promise<void>;
  /** Lets a run that waits begin before another one; last of all with null. */
  readonly move: (run: string, before: string | null) => Promise<void>;
  readonly change: (changes: { isPaused?: boolean; jobs?: number }) => Promise<void>;
} {
  const connection = useConnection();
  const messages = useMessages();
  const queue = shallowRef<Queue>();
  const fault = shallowRef<string>();

  async function read(): Promise<void> {
    try {
      queue.value = await connection.call('queue', {});
      fault.value = undefined;
    } catch (error) {
      if (!isConnectionLost(error)) fault.value = faultText(error);
    }
  }

  const stopListening = connection.onEvent(({ kind }) => {
    if (
      kind === 'queued' ||
      kind === 'started' ||
      kind === 'ended' ||
      kind === 'prepared' ||
      kind === 'missed'
    )
      void read();
  });
  watch(
    () => connection.generation,
    () => void read(),
    { immediate: true },
  );
  onScopeDispose(stopListening);
  return {
    queue,
    fault,
    read,
    async move(run, before) {
      await messages.attempt(async () => {
        queue.value = await connection.call('moveInQueue', { run, before });
      });
    },
    async change(changes) {
      await messages.attempt(async () => {
        queue.value = await connection.call('changeQueue', changes);
      });
    },
  };
}
