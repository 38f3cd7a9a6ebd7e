/** Lets those that would make the same thing take turns: who comes later finds what the one before has made. */
export interface Turns {
  /** Runs when nobody else works on it. @throws whatever the work throws. */
  take<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async take(what, work) {
      const before = last.get(what) ?? Promise.resolve();
      // However the one before has ended.
      const mine = before.then(work, work);
      last.set(what, mine);
      try {
        return await mine;
      } finally {
        if (last.get(what) === mine) last.delete(what);
      }
    },
  };
}
