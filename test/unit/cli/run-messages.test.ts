import { expect, test } from 'vitest';
import {
  decodedText,
  endedLine,
  epochLine,
  progressText,
  unreadableLines,
} from '../../../src-main/cli/run-messages.ts';
import { epochFigures, queuedRun } from '../../support/store/run-records.ts';

test('a line of an epoch holds the figures of both parts, the speed and the time left', () => {
  const figures = {
    ...epochFigures(5),
    training: { loss: 1.842, accuracy: 0.432 },
    dev: { loss: 2.113, accuracy: 0.311 },
  };
  expect(epochLine(figures, 100, { imagesPerSecond: 5930.2, leftMs: 4000 })).toBe(
    'epoch   5/100  training 1.842  43.2%  dev 2.113  31.1%  5,930 images/s  4.0 s left',
  );
  expect(epochLine({ ...figures, dev: null }, 9, { imagesPerSecond: 1, leftMs: 0 })).toBe(
    'epoch 5/9  training 1.842  43.2%  1 images/s  0 ms left',
  );
});

test('images come from one place: decoded, or all from the cache', () => {
  expect(decodedText(848, 848)).toBe('848 decoded, 0 from the cache');
  expect(decodedText(0, 848)).toBe('0 decoded, 848 from the cache');
  expect(progressText({ what: 'preparing', done: 1200, total: 8480 })).toBe(
    'preparing 1,200 of 8,480 images',
  );
});

test('images left out are named with their reasons, many of them counted', () => {
  const unreadable = Array.from({ length: 3 }, (_, index) => ({
    path: `a/${index}.png`,
    reason: 'It is empty.',
  }));
  expect(unreadableLines([])).toEqual([]);
  expect(unreadableLines(unreadable.slice(0, 1))).toEqual([
    '1 image could not be read and is left out:',
    '  a/0.png: It is empty.',
  ]);
  expect(unreadableLines(unreadable, 2)).toEqual([
    '3 images could not be read and are left out:',
    '  a/0.png: It is empty.',
    '  a/1.png: It is empty.',
    '  and 1 more; all of them: layerbench show',
  ]);
});

test('the end of a run says how, and why', () => {
  const run = queuedRun({ id: 'a', status: 'failed', epochs: 1, reason: 'The loss is no number.' });
  expect(endedLine(run)).toBe('failed after 1 epoch: The loss is no number.');
});
