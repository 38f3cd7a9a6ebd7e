import { expect, test } from 'vitest';
import { slicedWork } from '../../../src-main/workbench/slices.ts';

test('work of several takes turns, a slice in each turn of the event loop, until all of it is done', async () => {
  const done: string[] = [];
  const left = { a: 3, b: 2 };
  function work(name: 'a' | 'b') {
    return slicedWork(() => {
      done.push(name);
      left[name]--;
      return left[name] > 0;
    });
  }
  const [a, b] = [work('a'), work('b')];
  a.due();
  a.due();
  b.due();
  const between: number[] = [];
  await new Promise<void>((resolve) => {
    (function look(): void {
      between.push(done.length);
      if (left.a + left.b > 0) setImmediate(look);
      else resolve();
    })();
  });
  expect(done).toEqual(['a', 'b', 'a', 'b', 'a']);
  // Others come to their turn between any two slices.
  between.slice(1).forEach((count, index) => {
    expect(count - (between[index] ?? 0)).toBeLessThanOrEqual(1);
  });
});
