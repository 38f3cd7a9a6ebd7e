import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  ErrorRecord,
  fromErrorRecord,
  NeedsRoom,
  schemaSentence,
  toErrorRecord,
  UserError,
} from '../../../src-preload/contract/errors.ts';

test('an error that its reader can mend stays one on its way through a process', () => {
  const record = ErrorRecord.parse(structuredClone(toErrorRecord(new UserError('Mend it.'))));
  expect(record).toEqual({ kind: 'user', message: 'Mend it.' });
  const back = fromErrorRecord(record);
  expect(back).toBeInstanceOf(UserError);
  expect(back.message).toBe('Mend it.');
});

test('how much room a full disk would have to have is known on the other side', () => {
  const back = fromErrorRecord(
    ErrorRecord.parse(structuredClone(toErrorRecord(new NeedsRoom('The disk is full.', 4096)))),
  );
  expect(back).toBeInstanceOf(NeedsRoom);
  expect(back).toMatchObject({ message: 'The disk is full.', bytes: 4096 });
});

test('what broke keeps the place where it broke, and is nothing that a reader could mend', () => {
  const broken = new TypeError('It broke.');
  const back = fromErrorRecord(structuredClone(toErrorRecord(broken)));
  expect(back).not.toBeInstanceOf(UserError);
  expect([back.message, back.stack]).toEqual(['It broke.', broken.stack]);
  expect(toErrorRecord('thrown text')).toEqual({ kind: 'failure', message: 'thrown text' });
});

test('a schema says each thing that it found wrong, and where', () => {
  const found = z
    .object({ a: z.number('takes a number'), b: z.object({ c: z.string('takes a text') }) })
    .safeParse({ a: 'x', b: {} });
  expect(found.error === undefined ? '' : schemaSentence(found.error)).toBe(
    'a: takes a number; b.c: takes a text',
  );
});
