import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import { type Metric, metricsOf, type Series } from '../../src-preload/contract/series.ts';
import type { EpochFigures } from '../../src-preload/contract/series.ts';
import { useConnection } from '../stores/connection.ts';
import { inPieces, useCurveAnswers } from '../stores/curve-answers.ts';
import { LiveSeries } from '../stores/live-series.ts';
import { useMessages } from '../stores/messages.ts';
import { paced } from '../stores/paced.ts';

/** Milliseconds between two updates of what is drawn. */
const PACE_MS = 80;

/** Curves of runs, live: what is there is read once, and what comes is added. */
export function useCurves(
  ids: Ref<readonly string[]>,
  metrics: Ref<readonly Metric[]>,
): { readonly series: Ref<readonly Series[]>; readonly isReading: Ref<boolean> } {
  const connection = useConnection();
  const curveAnswers = useCurveAnswers();
  const messages = useMessages();
  const series = shallowRef<readonly Series[]>([]);
  const isReading = shallowRef(true);
  const curves = new Map<string, LiveSeries>();
  let reading = 0;
  const showing = paced(() => {
    series.value = [...curves.values()].map((curve) => curve.series());
  }, PACE_MS);

  function add(run: string, all: readonly EpochFigures[]): void {
    if (!ids.value.includes(run)) return;
    for (const figures of all) {
      for (const [metric, value] of metricsOf(figures))
        curves.get(`${run} ${metric}`)?.push(figures.epoch, value);
    }
    showing.due();
  }

  async function read(): Promise<void> {
    const mine = ++reading;
    isReading.value = true;
    const wanted = new Set(ids.value.flatMap((run) => metrics.value.map((metric) => `${run} ${metric}`)));
    for (const key of curves.keys()) if (!wanted.has(key)) curves.delete(key);
    for (const run of ids.value) {
      for (const metric of metrics.value) {
        if (!curves.has(`${run} ${metric}`)) curves.set(`${run} ${metric}`, new LiveSeries(run, metric));
      }
    }
    try {
      for (const answer of curveAnswers.answers(ids.value, metrics.value)) {
        const answers = await answer;
        if (mine !== reading) return;
        for (const { run, metric, epochs, values } of answers)
          curves.get(`${run} ${metric}`)?.reset(epochs, values);
      }
    } catch (error) {
      messages.fail(error, read);
    }
    isReading.value = false;
    showing.due();
  }

  function lastEpochOf(run: string): number {
    const own = metrics.value.flatMap((metric) => curves.get(`${run} ${metric}`) ?? []);
    return Math.max(0, ...own.map(({ lastEpoch }) => lastEpoch));
  }

  /** What was not told of, behind the points that are there: what is told of next comes behind it. */
  async function readMissed(): Promise<void> {
    if (isReading.value) {
      // Its answer may lack what was missed.
      await read();
      return;
    }
    const mine = reading;
    const asked = inPieces(ids.value).map(async (runs) => {
      const after = Math.min(...runs.map(lastEpochOf));
      const answers = await connection.call('series', { runs, metrics: [...metrics.value], after });
      if (mine !== reading) return;
      for (const { run, metric, epochs, values } of answers)
        curves.get(`${run} ${metric}`)?.reset(epochs, values, after);
    });
    try {
      await Promise.all(asked);
    } catch (error) {
      messages.fail(error, read);
    }
    showing.due();
  }

  const stopListening = connection.onEvent((event) => {
    if (event.kind === 'epoch') add(event.run, [event.figures]);
    else if (event.kind === 'epochs') add(event.run, event.figures);
    else if (event.kind === 'missed') void readMissed();
  });
  watch(
    [() => ids.value.join(' '), () => metrics.value.join(' '), () => connection.generation],
    () => void read(),
    { immediate: true },
  );
  onScopeDispose(() => {
    stopListening();
    showing.stop();
  });
  return { series, isReading };
}
