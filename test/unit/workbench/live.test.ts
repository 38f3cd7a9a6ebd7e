import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLive, PACE_MS } from '../../../src-main/workbench/live.ts';
import type { RunEvent, WatchedEvent } from '../../../src-preload/contract/events.ts';
import { epochFigures } from '../../support/store/run-records.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function epoch(number: number): RunEvent {
  return { kind: 'epoch', run: 'a', figures: epochFigures(number) };
}

test('a watcher is told at most 20 times a second, and of every epoch', () => {
  const live = createLive();
  const told: (readonly WatchedEvent[])[] = [];
  live.watch({ tell: (events) => told.push(events), isBusy: () => false });
  // One second of an epoch each millisecond.
  for (let number = 1; number <= 1000; number++) {
    live.tell(epoch(number));
    vi.advanceTimersByTime(1);
  }
  // Told at 0 ms, and then every 50 up to 1000.
  expect(told).toHaveLength(1 + 1000 / PACE_MS);
  vi.advanceTimersByTime(PACE_MS);
  const epochs = told.flat().flatMap((event) => (event.kind === 'epochs' ? event.figures : []));
  expect(epochs.map((figures) => figures.epoch)).toEqual(
    Array.from({ length: 1000 }, (_, index) => index + 1),
  );
  expect(vi.getTimerCount()).toBe(0);
});

test('the first event after a silence is told at once', () => {
  const live = createLive();
  const told: unknown[] = [];
  live.watch({ tell: (events) => told.push(events), isBusy: () => false });
  live.tell(epoch(1));
  vi.advanceTimersByTime(0);
  expect(told).toHaveLength(1);
});

test('a watcher that is busy is told when it no longer is', () => {
  const live = createLive();
  const told: (readonly WatchedEvent[])[] = [];
  let isBusy = true;
  live.watch({ tell: (events) => told.push(events), isBusy: () => isBusy });
  live.tell(epoch(1));
  vi.advanceTimersByTime(1000);
  live.tell(epoch(2));
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([]);
  isBusy = false;
  vi.advanceTimersByTime(PACE_MS);
  expect(told).toEqual([[{ kind: 'epochs', run: 'a', figures: [epochFigures(1), epochFigures(2)] }]]);
});

test('who has stopped watching is told nothing more', () => {
  const live = createLive();
  const told: unknown[] = [];
  const stop = live.watch({ tell: (events) => told.push(events), isBusy: () => false });
  live.tell(epoch(1));
  stop();
  live.tell(epoch(2));
  vi.runAllTimers();
  expect(told).toEqual([]);
});
