import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Runs that are looked at together, in the order they were taken in, and the one that others are held against. */
export const useComparison = defineStore('comparison', () => {
  const shown = ref<readonly string[]>([]);
  const baseline = ref<string>();

  return {
    shown,
    baseline,
    toggle(id: string): void {
      shown.value = shown.value.includes(id) ? shown.value.filter((one) => one !== id) : [...shown.value, id];
    },
    show(ids: readonly string[]): void {
      shown.value = [...new Set(ids)];
    },
    toggleBaseline(id: string): void {
      baseline.value = baseline.value === id ? undefined : id;
    },
  };
});
