import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { isConnectionLost } from './connection.ts';

/** A sentence at the edge of the page, and what can be done about it. */
export interface Message {
  readonly text: string;
  readonly kind: 'info' | 'error';
  readonly action?: { readonly label: string; readonly act: () => void };
}

/** Sentences for the user: what went wrong, what was done and can be undone. */
export const useMessages = defineStore('messages', () => {
  // Shallow: whoever said a message knows it again by itself.
  const shown = shallowRef<readonly Message[]>([]);

  function say(message: Message): void {
    shown.value = [...shown.value.slice(-2), message];
  }

  return {
    shown,
    say,
    dismiss(message: Message) {
      shown.value = shown.value.filter((one) => one !== message);
    },
    dismissAll() {
      shown.value = [];
    },
    /** Tells of what an action failed with. @param retry tries it again. */
    fail(error: unknown, retry?: () => unknown) {
      if (isConnectionLost(error)) return;
      say({
        kind: 'error',
        text: faultText(error),
        ...(retry === undefined ? {} : { action: { label: 'Try again', act: () => void retry() } }),
      });
    },
    /** Does something, and tells where it fails. */
    async attempt<Result>(action: () => Promise<Result>): Promise<Result | undefined> {
      try {
        return await action();
      } catch (error) {
        this.fail(error);
        return undefined;
      }
    },
  };
});

/** What an error says. */
export function faultText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
