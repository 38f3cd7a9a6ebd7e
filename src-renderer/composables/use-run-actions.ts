import { useRouter } from 'vue-router';
import type { RunRow } from '../../src-preload/contract/api.ts';
import { commandLine } from '../../src-preload/contract/config.ts';
import { shellWords } from '../../src-preload/contract/shell-words.ts';
import { useConnection } from '../stores/connection.ts';
import { useMessages } from '../stores/messages.ts';
import { useRuns } from '../stores/runs.ts';

/** What can be done with a run, wherever it is shown. */
export function useRunActions() {
  const connection = useConnection();
  const messages = useMessages();
  const runs = useRuns();
  const router = useRouter();
  return {
    async stop(run: Pick<RunRow, 'id' | 'name'>): Promise<void> {
      await messages.attempt(async () => {
        await connection.call('stop', { run: run.id });
        messages.say({ kind: 'info', text: `${run.name} ends at its next batch and keeps what it has.` });
      });
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
