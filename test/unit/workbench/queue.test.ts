import { expect, test } from 'vitest';
import { createQueue } from '../../../src-main/workbench/queue.ts';
import { type Deferred, deferred } from '../../support/deferred.ts';

/** A queue of letters whose work ends when it is told to. */
function queueOfLetters() {
  const begun: string[] = [];
  const work = new Map<string, Deferred<undefined>>();
  const queue = createQueue<string>((letter) => {
    begun.push(letter);
    const ending = deferred<undefined>();
    work.set(letter, ending);
    return ending.promise;
  });
  return {
    queue,
    begun,
    end: async (letter: string) => {
      work.get(letter)?.resolve(undefined);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

test('what is added later joins the queue', async () => {
  const { queue, begun, end } = queueOfLetters();
  queue.add(['a', 'b']);
  expect(begun).toEqual(['a']);
  queue.add(['c']);
  expect(queue.state()).toEqual({ jobs: 1, isPaused: false, working: ['a'], waiting: ['b', 'c'] });
  await end('a');
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('c');
  expect(queue.state()).toMatchObject({ working: [], waiting: [] });
});

test('so many at once as are wanted, from now on', async () => {
  const { queue, begun, end } = queueOfLetters();
  queue.add(['a', 'b', 'c', 'd']);
  queue.setJobs(3);
  expect(begun).toEqual(['a', 'b', 'c']);
  queue.setJobs(1);
  await end('a');
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('a paused queue begins nothing, a closed one nothing ever again', async () => {
  const { queue, begun, end } = queueOfLetters();
  queue.add(['a', 'b', 'c']);
  queue.pause();
  await end('a');
  expect(begun).toEqual(['a']);
  queue.resume();
  expect(begun).toEqual(['a', 'b']);
  queue.close();
  await end('b');
  queue.add(['d']);
  expect(begun).toEqual(['a', 'b']);
});

test('what waits already keeps its place when it is added again', () => {
  const { queue } = queueOfLetters();
  queue.pause();
  queue.add(['a', 'b', 'c']);
  queue.add(['b', 'd']);
  expect(queue.state().waiting).toEqual(['a', 'b', 'c', 'd']);
});
