import { watch } from 'vue';
import { useRouter } from 'vue-router';
import type { RunRow } from '../../src-preload/contract/api.ts';
import { commandLine } from '../../src-preload/contract/config.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';
import { shellWords } from '../../src-preload/contract/shell-words.ts';
import { useConnection } from '../stores/connection.ts';
import { useMessages } from '../stores/messages.ts';
import { useRuns } from '../stores/runs.ts';
import { useUndo } from '../stores/undo.ts';

/** What can be done with a run, wherever it is shown. */
export function useRunActions() {
  const connection = useConnection();
  const messages = useMessages();
  const runs = useRuns();
  const router = useRouter();
  const undo = useUndo();

  function hasEnded(id: string): boolean {
    const status = runs.byId.get(id)?.status;
    return status !== 'running' && status !== 'queued';
  }

  /** Resolves once a run has ended, which takes a moment after it was told to. */
  function ended(id: string): Promise<void> {
    return new Promise((resolve) => {
      const leave = watch(
        () => hasEnded(id),
        (has) => {
          if (!has) return;
          // At once for one that has: there is nothing to leave yet.
          queueMicrotask(() => {
            leave();
          });
          resolve();
        },
        { immediate: true },
      );
    });
  }

  /** Lets runs that were stopped go on, in their order. */
  async function takeBack(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await ended(id);
      runs.put(await connection.call('continueRun', { run: id }));
      runs.show();
    }
  }

  return {
    /** Ends a run, or takes it out of the queue. */
    async stop(run: Pick<RunRow, 'id' | 'name' | 'status'>): Promise<void> {
      await messages.attempt(async () => {
        await connection.call('stop', { run: run.id });
        undo.did(
          run.status === 'queued'
            ? `${run.name} was taken out of the queue.`
            : `${run.name} ends at its next batch and keeps what it has.`,
          () => takeBack([run.id]),
        );
      });
    },
    /** Takes runs that wait out of the queue. */
    async takeOut(waiting: readonly Pick<RunRow, 'id'>[]): Promise<void> {
      const out: string[] = [];
      await messages.attempt(async () => {
        // The last first: none of them begins while those before it are taken out.
        for (const { id } of waiting.toReversed()) {
          await connection.call('stop', { run: id });
          out.unshift(id);
        }
      });
      if (out.length > 0)
        undo.did(`${counted(out.length, 'run')} taken out of the queue.`, () => takeBack(out));
    },
    /** Lets a run that has ended go on. @param nbrEpochs epochs in all. */
    async goOn(run: Pick<RunRow, 'id'>, nbrEpochs: number): Promise<void> {
      await messages.attempt(async () => {
        runs.put(await connection.call('continueRun', { run: run.id, nbrEpochs }));
        runs.show();
      });
    },
    async runAgain(run: Pick<RunRow, 'id'>): Promise<void> {
      await messages.attempt(async () => {
        const again = await connection.call('rerun', { run: run.id });
        runs.put(again);
        await router.push({ name: 'run', params: { id: again.id } });
      });
    },
    /** Opens the launch form with the run's own options. */
    change(run: Pick<RunRow, 'config'>): void {
      void router.push({ name: 'launch', query: { options: commandLineText(run) } });
    },
  };
}

/** The options of a run as one line, as the launch form takes them. */
export function commandLineText(run: Pick<RunRow, 'config'>): string {
  return shellWords(commandLine(run.config));
}
