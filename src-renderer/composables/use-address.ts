import { computed, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

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
      const others = Object.fromEntries(Object.entries(route.query).filter(([key]) => key !== name));
      const query = value === undefined || value === '' ? others : { ...others, [name]: value };
      // Not a new place in the history: going back leaves the page.
      void router.replace({ query });
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
