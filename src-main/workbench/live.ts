import type { RunEvent } from '../../src-preload/contract/events.ts';

/** Tells listeners what the store already has. A listener that throws harms nobody else. */
export interface Live {
  tell(event: RunEvent): void;
  /** @returns what ends the listening. */
  listen(listener: (event: RunEvent) => void): () => void;
}

export function createLive(): Live {
  const listeners = new Set<(event: RunEvent) => void>();
  return {
    tell(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
