/** Memory that work takes part by part, so that never more than there is of it is taken. */
export interface MemoryBudget {
  /**
   * Does work as soon as so many bytes are free, who came first before who came later. Work that needs more than all
   * there is gets all, alone.
   * @throws whatever the work throws.
   */
  take<Result>(bytes: number, work: () => Promise<Result>): Promise<Result>;
}

/** @param total bytes that may be taken at the same time. */
export function createMemoryBudget(total: number): MemoryBudget {
  const waiting: { readonly bytes: number; readonly begin: () => void }[] = [];
  let free = total;

  function admit(): void {
    for (let next = waiting[0]; next !== undefined && next.bytes <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.bytes;
      next.begin();
    }
  }

  return {
    async take(wanted, work) {
      const bytes = Math.min(wanted, total);
      if (waiting.length === 0 && bytes <= free) free -= bytes;
      else {
        await new Promise<void>((resolve) => {
          waiting.push({ bytes, begin: resolve });
        });
      }
      try {
        return await work();
      } finally {
        free += bytes;
        admit();
      }
    },
  };
}
