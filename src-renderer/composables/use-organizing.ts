import { useConnection } from '../stores/connection.ts';
import { useMessages } from '../stores/messages.ts';
import type { CallParams } from '../../src-preload/contract/api.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';

/** What is said of runs and done with them; what can be undone is offered to be. */
export function useOrganizing() {
  const connection = useConnection();
  const messages = useMessages();

  async function restore(runs: readonly string[]): Promise<void> {
    await messages.attempt(() => connection.call('restore', { runs: [...runs] }));
  }

  return {
    async organize(wish: CallParams<'organize'>): Promise<void> {
      if (wish.runs.length > 0) await messages.attempt(() => connection.call('organize', wish));
    },
    async trash(runs: readonly string[]): Promise<void> {
      if (runs.length === 0) return;
      await messages.attempt(async () => {
        await connection.call('trash', { runs: [...runs] });
        messages.say({
          kind: 'info',
          text: `${counted(runs.length, 'run')} moved to the trash.`,
          action: { label: 'Undo', act: () => void restore(runs) },
        });
      });
    },
    restore,
  };
}
