import type { RunEvent, WatchedEvent } from '../../src-preload/contract/events.ts';

/** Events that a listener has still to be told of, merged so that they tell no less. */
export interface PendingEvents {
  add(event: RunEvent): void;
  /** Everything since the last time, in order. */
  take(): WatchedEvent[];
}

/** Events and epochs above which a listener is told to read everything anew instead. */
const MOST_PENDING = 5000;

/**
 * Epochs of one run become one `epochs`; of a run's progress only the last is kept. Of everything else each is kept, in
 * order. A listener so far behind that more than the limit would wait is told `missed`, and what came after.
 */
export function createPendingEvents(most = MOST_PENDING): PendingEvents {
  let events = new Map<string, WatchedEvent>();
  let count = 0;
  let order = 0;

  function clear(): void {
    events = new Map();
    count = 0;
  }

  return {
    add(event) {
      if (count >= most) {
        clear();
        events.set('missed', { kind: 'missed' });
      }
      count++;
      if (event.kind === 'epoch') {
        const key = `epochs ${event.run}`;
        const before = events.get(key);
        if (before?.kind === 'epochs') before.figures.push(event.figures);
        else events.set(key, { kind: 'epochs', run: event.run, figures: [event.figures] });
        // How far its batches had come is old news.
        events.delete(`batch ${event.run}`);
      } else if (event.kind === 'batch' || event.kind === 'preparing') {
        const key = `${event.kind} ${event.run}`;
        if (events.delete(key)) count--;
        events.set(key, event);
      } else {
        events.set(`event ${order++}`, event);
      }
    },
    take() {
      const taken = [...events.values()];
      clear();
      return taken;
    },
  };
}
