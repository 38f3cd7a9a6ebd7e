import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { type Message, useMessages } from './messages.ts';

/** So many acts can be taken back, the last one first. */
const MOST_KEPT = 50;

/** An act that can be taken back. */
interface Act {
  /** What was done, as one short sentence. */
  readonly text: string;
  /** May take its time. */
  readonly back: () => unknown;
  readonly message: Message | undefined;
}

/** What was done on this page and can be undone: each act is told with a way back, and stays here after that. */
export const useUndo = defineStore('undo', () => {
  const messages = useMessages();
  const acts = shallowRef<readonly Act[]>([]);

  function forget(act: Act): void {
    acts.value = acts.value.filter((one) => one !== act);
    if (act.message !== undefined) messages.dismiss(act.message);
  }

  async function undo(act: Act): Promise<void> {
    if (!acts.value.includes(act)) return;
    forget(act);
    await messages.attempt(async () => {
      await act.back();
      messages.say({ kind: 'info', text: `Undone: ${act.text}` });
    });
  }

  return {
    /** What would be undone next. */
    next: computed(() => acts.value.at(-1)?.text),
    /**
     * Remembers an act that was done, and tells of it.
     * @param text what was done: a short sentence.
     * @param back takes it back; what it throws is told.
     * @param isQuiet it is seen well enough where it was done, and is not told of.
     * @returns what forgets it, where it can no longer be taken back.
     */
    did(text: string, back: Act['back'], { isQuiet = false } = {}): () => void {
      const message: Message | undefined = isQuiet
        ? undefined
        : { kind: 'info', text, action: { label: 'Undo', act: () => void undo(act) } };
      const act: Act = { text, back, message };
      acts.value = [...acts.value.slice(1 - MOST_KEPT), act];
      if (message !== undefined) messages.say(message);
      return () => {
        forget(act);
      };
    },
    /** Takes back what was done last. */
    async undoLast(): Promise<void> {
      const last = acts.value.at(-1);
      if (last !== undefined) await undo(last);
    },
  };
});
