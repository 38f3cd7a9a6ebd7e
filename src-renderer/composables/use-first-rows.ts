import { computed, onScopeDispose, type Ref, ref, watch } from 'vue';

/** Rows that are drawn before anything else: more than is seen of a table that stands below its charts. */
const FIRST_ROWS = 12;

/** Milliseconds after which the others come, however much else there is to do. */
const LATEST_MS = 2000;

/** The first rows of a long table at once, and all of them as soon as nothing else is to do: charts come before. */
export function useFirstRows<Row>(rows: () => readonly Row[]): Readonly<Ref<readonly Row[]>> {
  const areAllDrawn = ref(false);
  let waiting: number | undefined;
  watch(
    () => rows().length > FIRST_ROWS,
    (isLong) => {
      if (!isLong || areAllDrawn.value || waiting !== undefined) return;
      waiting = requestIdleCallback(() => (areAllDrawn.value = true), { timeout: LATEST_MS });
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    if (waiting !== undefined) cancelIdleCallback(waiting);
  });
  return computed(() => (areAllDrawn.value ? rows() : rows().slice(0, FIRST_ROWS)));
}
