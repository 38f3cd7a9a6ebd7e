import { defineStore } from 'pinia';
import { shallowRef, triggerRef } from 'vue';
import type { Metric } from '../../src-preload/contract/series.ts';
import { useConnection } from './connection.ts';

/** Size of the drawing, in units of its own. */
export const SPARKLINE = { width: 84, height: 20 };

const METRIC: Metric = 'dev.accuracy';
const RUNS_A_CALL = 60;
const WAIT_MS = 60;

/** Small drawings of the dev accuracy of runs: read together for all rows that come into sight. */
export const useSparklines = defineStore('sparklines', () => {
  const connection = useConnection();
  const paths = shallowRef(new Map<string, { epochs: number; path: string }>());
  const asked = new Map<string, number>();
  let due: ReturnType<typeof setTimeout> | undefined;

  async function read(): Promise<void> {
    due = undefined;
    const wanted = [...asked].slice(0, RUNS_A_CALL);
    for (const [id] of wanted) asked.delete(id);
    try {
      const answers = await connection.call('series', { runs: wanted.map(([id]) => id), metrics: [METRIC] });
      const found = new Map(answers.map(({ run, values }) => [run, values]));
      for (const [id, epochs] of wanted) paths.value.set(id, { epochs, path: pathOf(found.get(id)) });
      triggerRef(paths);
    } catch {
      // A row without its drawing is whole all the same, and asks again when it comes into sight again.
    }
    if (asked.size > 0) due ??= setTimeout(() => void read(), WAIT_MS);
  }

  return {
    paths,
    /** Asks for a run's drawing as it is after so many epochs. */
    want(id: string, epochs: number): void {
      const drawn = paths.value.get(id)?.epochs ?? 0;
      // What came since is narrower than one unit of the drawing.
      if (epochs >= drawn && epochs - drawn <= drawn / SPARKLINE.width) return;
      asked.set(id, epochs);
      due ??= setTimeout(() => void read(), WAIT_MS);
    },
  };
});

/** From 0 at the bottom to 1 at the top, so that rows can be held against each other. */
export function pathOf(values: Float64Array | undefined): string {
  if (values === undefined || values.length === 0) return '';
  const { width, height } = SPARKLINE;
  const step = Math.max(1, values.length / width);
  const points: string[] = [];
  for (let at = 0; at < values.length; at += step) {
    const value = values[Math.floor(at)] ?? 0;
    const x = values.length === 1 ? width : (at / (values.length - 1)) * width;
    points.push(`${x.toFixed(1)} ${(height - 1 - value * (height - 2)).toFixed(1)}`);
  }
  return `M${points.join('L')}`;
}
