/**
 * Runs tasks in order, so many at once.
 * @returns their results in the order of the tasks. A task that throws ends the queue with its error once the
 * others that had begun have ended.
 */
export async function workThrough<Item, Result>(
  items: readonly Item[],
  jobs: number,
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      if (item !== undefined) results[index] = await task(item);
    }
  }
  const ended = await Promise.allSettled(
    Array.from({ length: Math.max(1, Math.min(jobs, items.length)) }, worker),
  );
  const failed = ended.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}

/** What a queue works on, and what waits for it. */
export interface QueueState<Item> {
  readonly jobs: number;
  readonly isPaused: boolean;
  readonly working: readonly Item[];
  readonly waiting: readonly Item[];
}

/** A queue that is open as long as its host lives. */
export interface Queue<Item> {
  /** Adds items at the end; one that waits already keeps its place. */
  add(items: readonly Item[]): void;
  state(): QueueState<Item>;
  /** How many at once. What is being worked on beyond that goes on to its end. */
  setJobs(jobs: number): void;
  /** Begins nothing more; what is being worked on goes on. */
  pause(): void;
  resume(): void;
  /** Moves what waits before another that waits, or to the end; nothing where it does not wait. */
  move(item: Item, before: Item | null): void;
  /** Takes out what waits; nothing where it does not. */
  remove(item: Item): void;
  /** Takes out what waits; nothing more begins, whatever is added. */
  close(): void;
}

/**
 * Works through what is added, in order, so many at once.
 * @param task what is done with an item; it has to see to its own errors.
 */
export function createQueue<Item>(task: (item: Item) => Promise<void>): Queue<Item> {
  const waiting: Item[] = [];
  const working = new Set<Item>();
  let jobs = 1;
  let isPaused = false;
  let isClosed = false;

  function begin(): void {
    while (!isPaused && working.size < jobs) {
      const item = waiting.shift();
      if (item === undefined) return;
      working.add(item);
      void task(item).finally(() => {
        working.delete(item);
        begin();
      });
    }
  }

  return {
    add(items) {
      if (isClosed) return;
      const known = new Set(waiting);
      waiting.push(...items.filter((item) => !known.has(item)));
      begin();
    },
    state: () => ({ jobs, isPaused, working: [...working], waiting: [...waiting] }),
    setJobs(wanted) {
      jobs = wanted;
      begin();
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      begin();
    },
    move(item, before) {
      const from = waiting.indexOf(item);
      if (from < 0 || item === before) return;
      waiting.splice(from, 1);
      const to = before === null ? -1 : waiting.indexOf(before);
      waiting.splice(to < 0 ? waiting.length : to, 0, item);
    },
    remove(item) {
      const at = waiting.indexOf(item);
      if (at >= 0) waiting.splice(at, 1);
    },
    close() {
      isClosed = true;
      waiting.length = 0;
    },
  };
}
