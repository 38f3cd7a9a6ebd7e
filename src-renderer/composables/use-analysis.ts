import { type Ref, shallowRef, watch } from 'vue';
import type { ExperimentFindings, RunSetAnalysis } from '../../src-preload/contract/analysis.ts';
import type { RunRow } from '../../src-preload/contract/api.ts';
import type { FigureName } from '../../src-preload/contract/figure.ts';
import { useConnection } from '../stores/connection.ts';
import { useMessages } from '../stores/messages.ts';

/** What runs say as one set by a figure, anew when one of them has ended; undefined until it is known. */
export function useAnalysis(
  runs: Readonly<Ref<readonly RunRow[]>>,
  baseline: Readonly<Ref<string | undefined>>,
  figure: Readonly<Ref<FigureName>>,
): Readonly<Ref<RunSetAnalysis | undefined>> {
  const connection = useConnection();
  return useOfEnded(
    runs,
    () => `${baseline.value ?? ''} ${figure.value}`,
    (ids) =>
      connection.call('analysis', {
        runs: ids,
        figure: figure.value,
        ...(baseline.value === undefined ? {} : { baseline: baseline.value }),
      }),
  );
}

/** Milliseconds after which runs are judged, however much else there is to do. */
const LATEST_MS = 2000;

/** Nothing else to do: charts and tables come before. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    requestIdleCallback(
      () => {
        resolve();
      },
      { timeout: LATEST_MS },
    );
  });
}

/** What holds back each experiment of runs, likewise; asked for once all else is there, since every curve is read. */
export function useExperimentDiagnosis(
  runs: Readonly<Ref<readonly RunRow[]>>,
): Readonly<Ref<ExperimentFindings[] | undefined>> {
  const connection = useConnection();
  return useOfEnded(
    runs,
    () => '',
    async (ids) => {
      await idle();
      return connection.call('experimentDiagnosis', { runs: ids });
    },
  );
}

/** What is asked about the runs that have ended: of others the figures are not their last. */
function useOfEnded<Result>(
  runs: Readonly<Ref<readonly RunRow[]>>,
  wish: () => string,
  ask: (ids: string[]) => Promise<Result>,
): Readonly<Ref<Result | undefined>> {
  const connection = useConnection();
  const messages = useMessages();
  const answer = shallowRef<Result>();

  function ended(): string {
    return runs.value
      .filter(({ status, last }) => status !== 'running' && status !== 'queued' && last !== null)
      .map(({ id, epochs, name, tags }) => [id, epochs, name, tags.join(',')].join(' '))
      .join('\n');
  }

  watch(
    [ended, wish, () => connection.generation],
    async ([wanted, wished, generation]) => {
      const ids = wanted.split('\n').flatMap((line) => line.split(' ')[0] || []);
      if (generation === 0) return;
      const found = ids.length === 0 ? undefined : await messages.attempt(() => ask(ids));
      if (wanted === ended() && wished === wish()) answer.value = found;
    },
    { immediate: true },
  );
  return answer;
}
