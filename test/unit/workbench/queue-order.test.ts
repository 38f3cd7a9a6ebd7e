import { expect, test } from 'vitest';
import { createQueue } from '../../../src-main/workbench/queue.ts';
import { deferred } from '../../support/deferred.ts';

test('what waits can be moved before another, or to the end; what is under way cannot', async () => {
  const first = deferred<undefined>();
  const order: string[] = [];
  const done = deferred<undefined>();
  const queue = createQueue<string>(async (item) => {
    order.push(item);
    if (item === 'a') await first.promise;
    if (order.length === 4) done.resolve(undefined);
  });
  queue.add(['a', 'b', 'c', 'd']);
  queue.move('d', 'b');
  queue.move('b', null);
  queue.move('a', 'c');
  queue.move('stranger', 'c');
  expect(queue.state()).toMatchObject({ working: ['a'], waiting: ['d', 'c', 'b'] });
  first.resolve(undefined);
  await done.promise;
  expect(order).toEqual(['a', 'd', 'c', 'b']);
});
