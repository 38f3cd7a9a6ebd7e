import type { RunEvent, WatchedEvent } from '../../src-preload/contract/events.ts';
import { createPendingEvents } from './pending-events.ts';

/** Whoever watches from afar: told of much at once, and not while it is behind. */
export interface Watcher {
  tell(events: readonly WatchedEvent[]): void;
  isBusy(): boolean;
}

/** Tells listeners what the store already has. A listener that throws harms nobody else. */
export interface Live {
  tell(event: RunEvent): void;
  /** Told of each event at once. @returns what ends the listening. */
  listen(listener: (event: RunEvent) => void): () => void;
  /**
   * Told at most 20 times a second, of everything since the last time, merged; while it is busy everything waits.
   * @returns what ends the watching.
   */
  watch(watcher: Watcher): () => void;
}

/** Milliseconds between two times that a watcher is told. */
export const PACE_MS = 50;

export function createLive(): Live {
  const listeners = new Set<(event: RunEvent) => void>();

  function listen(listener: (event: RunEvent) => void): () => void {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

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
    listen,
    watch(watcher) {
      const pending = createPendingEvents();
      let due: NodeJS.Timeout | undefined;
      let toldAt = -Infinity;
      function tellAll(): void {
        due = undefined;
        if (watcher.isBusy()) {
          due = setTimeout(tellAll, PACE_MS);
          return;
        }
        toldAt = performance.now();
        watcher.tell(pending.take());
      }
      const stopListening = listen((event) => {
        pending.add(event);
        due ??= setTimeout(tellAll, Math.max(0, toldAt + PACE_MS - performance.now()));
      });
      return () => {
        stopListening();
        clearTimeout(due);
      };
    },
  };
}
