import { expect, test } from 'vitest';
import { runText } from '../../../src-main/cli/show.ts';
import { widthOf } from '../../../src-main/cli/text-table.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';
import { queuedRun } from '../../support/store/run-records.ts';

const options = { title: (text: string) => text, columns: 80, program: 'layerbench' };

test('a run that was only queued tells its configuration, and no figure that it does not have', () => {
  const text = runText(queuedRun({ id: 'a' }), options);
  expect(text).toMatch(/Nothing but defaults\./);
  expect(text).not.toMatch(/Figures|Layers|Time|Computed by|Left out|Notices/);
});

test('what differs from the defaults is told, with the command line that gives it', () => {
  const config = { ...defaultConfig(), layers: [], expId: 'no layers' };
  const text = runText(queuedRun({ id: 'a', config }), options);
  expect(text).toMatch(/Hidden layers +none {2}\(default: 100\)/);
  expect(text).toMatch(/^ {2}layerbench train --layers= '--exp-id=no layers'$/m);
});

test('a failure is told in lines that fit, without phases that it never came to', () => {
  const run = queuedRun({
    id: 'a',
    status: 'failed',
    reason:
      `No image of class square can be read. ${'Mend or replace its images, or remove its folder. '.repeat(3)}`.trim(),
    endedAt: '2026-01-02T03:04:06.000Z',
    timings: {
      preparing: 0,
      starting: 0,
      augmenting: 0,
      stepping: 0,
      evaluating: 0,
      reading: 0,
      reporting: 0,
      total: 124,
    },
  });
  const text = runText(run, options);
  expect(widthOf(text)).toBeLessThanOrEqual(80);
  expect(text).toMatch(/Time\n {2}total {2}124 ms$/);
});
