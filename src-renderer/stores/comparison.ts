import { defineStore } from 'pinia';
import { ref } from 'vue';
import { DIFFERENT_LOOKS } from '../charts/palette.ts';
import type { Metric } from '../../src-preload/contract/series.ts';

/** The most runs that are looked at together: each has a look of its own. */
export const MOST_COMPARED = DIFFERENT_LOOKS;

const METRICS: readonly Metric[] = ['training.loss', 'training.accuracy', 'dev.loss', 'dev.accuracy'];
const METRICS_OVER_TIME: readonly Metric[] = [...METRICS, 'elapsed'];

/** The runs that an address names, each once. */
export function namedRuns(text: string): string[] {
  return [...new Set(text.split(',').filter((id) => id !== ''))];
}

/** Those of them that are compared. */
export function comparedRuns(text: string): string[] {
  return namedRuns(text).slice(0, MOST_COMPARED);
}

/** The curves that are drawn of them, by what they are drawn over: only over time are their times needed. */
export function comparedMetrics(over: string | undefined): readonly Metric[] {
  return over === 'time' ? METRICS_OVER_TIME : METRICS;
}

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
