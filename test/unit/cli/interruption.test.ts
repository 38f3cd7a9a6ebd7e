import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { onInterruption } from '../../../src-main/cli/interruption.ts';

test('the first signal ends tidily, the second at once, and then nobody listens', () => {
  const source = new EventEmitter();
  const asked: string[] = [];
  const interruption = onInterruption(
    { tidy: () => asked.push('tidy'), atOnce: () => asked.push('at once') },
    source,
  );
  expect(interruption.exitCode()).toBeUndefined();
  source.emit('SIGINT');
  expect(asked).toEqual(['tidy']);
  expect(interruption.exitCode()).toBe(130);
  source.emit('SIGTERM');
  expect(asked).toEqual(['tidy', 'at once']);
  expect(interruption.exitCode()).toBe(143);
  expect(source.eventNames()).toEqual([]);
});

test('after its end no signal is heard', () => {
  const source = new EventEmitter();
  onInterruption({ tidy: () => expect.fail(), atOnce: () => expect.fail() }, source).close();
  expect(source.eventNames()).toEqual([]);
});
