import { computed, type WritableComputedRef } from 'vue';
import { type Router, useRoute, useRouter } from 'vue-router';

/** Changes that the address does not have yet, by the name of the piece. */
const coming = new WeakMap<Router, Map<string, string | undefined>>();

/** Takes changes of one moment together: each alone would write over the others, which are not there yet. */
function change(router: Router, name: string, value: string | undefined): void {
  const known = coming.get(router);
  if (known !== undefined) {
    known.set(name, value);
    return;
  }
  const changes = new Map([[name, value]]);
  coming.set(router, changes);
  queueMicrotask(() => {
    coming.delete(router);
    const others = Object.entries(router.currentRoute.value.query).filter(([piece]) => !changes.has(piece));
    const changed = [...changes].filter(([, text]) => text !== undefined && text !== '');
    const query = Object.fromEntries([...others, ...changed]);
    // Not a new place in the history: going back leaves the page.
    void router.replace({ query });
  });
}

/** A piece of the page's state that stands in its address; undefined where the address says nothing of it. */
export function useAddress(name: string): WritableComputedRef<string | undefined> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get() {
      const value = route.query[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    set(value) {
      change(router, name, value);
    },
  });
}

/** The same for a whole number. */
export function useNumberInAddress(name: string): WritableComputedRef<number | undefined> {
  const text = useAddress(name);
  return computed({
    get() {
      const value = Number(text.value ?? NaN);
      return Number.isSafeInteger(value) ? value : undefined;
    },
    set(value) {
      text.value = value === undefined ? undefined : String(value);
    },
  });
}
