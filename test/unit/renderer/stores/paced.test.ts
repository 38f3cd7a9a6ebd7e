import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { paced } from '../../../../src-renderer/stores/paced.ts';

const PACE_MS = 80;

/** Milliseconds until what was done is on the screen. */
let frameMs = 0;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, frameMs));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Work that is due every ten milliseconds, and the times in ms at which it was done. */
function stream(): { readonly times: number[]; readonly stop: () => void } {
  const times: number[] = [];
  const begun = performance.now();
  const work = paced(() => times.push(performance.now() - begun), PACE_MS);
  work.due();
  const interval = setInterval(() => {
    work.due();
  }, 10);
  return {
    times,
    stop() {
      clearInterval(interval);
      work.stop();
    },
  };
}

test('what is due is done at once, and then at the pace, however often it is due', () => {
  frameMs = 16;
  const { times } = stream();
  vi.advanceTimersByTime(300);
  expect(times).toEqual([0, 80, 160, 240]);
});

test.each([
  { took: 200, rests: 200 },
  { took: 5000, rests: 1000 },
])('what took $took ms to be shown is followed by $rests ms of rest', ({ took, rests }) => {
  frameMs = took;
  const times: number[] = [];
  const begun = performance.now();
  const work = paced(() => times.push(performance.now() - begun), PACE_MS);
  work.due();
  vi.advanceTimersByTime(took + 10);
  work.due();
  vi.advanceTimersByTime(10_000);
  const [first = NaN, second = NaN] = times;
  expect(first).toBe(0);
  // A timer of no length takes up to a millisecond.
  expect(second - took - rests).toBeGreaterThanOrEqual(0);
  expect(second - took - rests).toBeLessThanOrEqual(3);
});

test('what was due is not done once it is stopped', () => {
  frameMs = 16;
  const { times, stop } = stream();
  vi.advanceTimersByTime(100);
  stop();
  vi.advanceTimersByTime(1000);
  expect(times).toEqual([0, 80]);
});
