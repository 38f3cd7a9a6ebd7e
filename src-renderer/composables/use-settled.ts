import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import { isConnectionLost, useConnection } from '../stores/connection.ts';

/**
 * What an action gives for a value, once the value has not changed for a moment. While it changes what was given last
 * stays; an answer that comes too late is passed over, and its call is told to end.
 */
export function useSettled<Value, Result>(
  value: Readonly<Ref<Value | undefined>>,
  action: (value: Value, signal: AbortSignal) => Promise<Result>,
  waitMs: number,
): {
  readonly result: Ref<Result | undefined>;
  readonly fault: Ref<string | undefined>;
  readonly isBusy: Ref<boolean>;
  /** Asks anew, as after a fault that has been mended meanwhile. */
  readonly again: () => void;
} {
  const connection = useConnection();
  const result = shallowRef<Result>();
  const fault = shallowRef<string>();
  const isBusy = shallowRef(false);
  let due: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | undefined;

  async function act(given: Value): Promise<void> {
    const own = new AbortController();
    current = own;
    try {
      const found = await action(given, own.signal);
      if (own.signal.aborted) return;
      result.value = found;
      fault.value = undefined;
    } catch (error) {
      if (own.signal.aborted) return;
      // It is asked again as soon as there is a connection.
      if (isConnectionLost(error)) return;
      result.value = undefined;
      fault.value = error instanceof Error ? error.message : String(error);
    }
    isBusy.value = false;
  }

  function ask(now: Value | undefined, inMs: number): void {
    clearTimeout(due);
    current?.abort();
    isBusy.value = now !== undefined;
    if (now !== undefined) due = setTimeout(() => void act(now), inMs);
  }

  watch(
    [value, () => connection.generation],
    ([now]) => {
      ask(now, waitMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(due);
    current?.abort();
  });
  return {
    result,
    fault,
    isBusy,
    again: () => {
      ask(value.value, 0);
    },
  };
}
