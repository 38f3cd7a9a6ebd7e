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
