import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import type { Queue } from '../../src-preload/contract/api.ts';
import { useConnection } from '../stores/connection.ts';
import { useMessages } from '../stores/messages.ts';

/** The queue of the host, read anew whenever a run is queued, begins or ends. */
export function useQueue(): {
  readonly queue: Ref<Queue | undefined>;
  /** Lets a run that waits begin before another one; last of all with null. */
  readonly move: (run: string, before: string | null) => Promise<void>;
  readonly change: (changes: { isPaused?: boolean; jobs?: number }) => Promise<void>;
} {
  const connection = useConnection();
  const messages = useMessages();
  const queue = shallowRef<Queue>();

  async function read(): Promise<void> {
    await messages.attempt(async () => {
      queue.value = await connection.call('queue', {});
    });
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
