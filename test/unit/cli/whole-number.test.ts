import { expect, test } from 'vitest';
import { wholeNumber } from '../../../src-main/cli/whole-number.ts';

const seed = wholeNumber('seed', 0, 100);

test('a whole number within its range is taken, as text too', () => {
  expect([seed.parse('7'), seed.parse(' 100 '), seed.parse(0)]).toEqual([7, 100, 0]);
});

test.each(['', 'x', '1.5', '-1', '101', '1e2', '0x10'])('%j is refused with the range', (text) => {
  const refused = seed.safeParse(text);
  expect(refused.error?.issues[0]?.message).toBe(
    `--seed=${text} is not possible: it takes a whole number from 0 to 100.`,
  );
});
