import { availableParallelism } from 'node:os';

/**
 * Results in the order of the items. Never more tasks are begun and not yet taken than four times the cores of the
 * machine, so that a slow one in front leaves work for the others: so many decoded images at most are in memory.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const most = availableParallelism() * 4;
  const underWay: Promise<Result>[] = [];
  for (const item of items) {
    underWay.push(task(item));
    const first = underWay.length >= most ? underWay.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (const rest of underWay) yield await rest;
}
