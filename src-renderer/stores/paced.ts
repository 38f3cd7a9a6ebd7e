/** Work that is done over and over as something streams in, such as drawing it. */
export interface Paced {
  /** Says that there is something to do: it is done at once, or as soon as the pace allows. */
  due(): void;
  /** What is due is not done any more. */
  stop(): void;
}

/** Milliseconds that it rests at most, however long it took. */
const LONGEST_REST_MS = 1000;

/**
 * Does work at a steady pace, however often it is due, and rests each time for as long as the page took to show what
 * came of it: on a busy machine a page leaves time to what it shows.
 * @param paceMs from one time to the next, at least
 */
export function paced(act: () => void, paceMs: number): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let earliest = -Infinity;
  return {
    due() {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          const begun = performance.now();
          earliest = begun + paceMs;
          act();
          // The frame has been drawn when a task behind it comes up.
          requestAnimationFrame(() =>
            setTimeout(() => {
              const now = performance.now();
              earliest = Math.max(earliest, now + Math.min(now - begun, LONGEST_REST_MS));
            }),
          );
        },
        Math.max(0, earliest - performance.now()),
      );
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
