import { styleText } from 'node:util';
import { expect, test } from 'vitest';
import { printable, printableName, printablePainted } from '../../../src-main/cli/printable.ts';

const COMMANDS = ['\u001b[2J', '\u001b]0;title\u0007', '\u009b31m', '\r', '\b', '\u007f', '\u202e', '\u2066'];

test('what a terminal would act upon is shown', () => {
  for (const command of COMMANDS) expect(printable(`a${command}b`)).toMatch(/^a\\u[0-9a-f]{4}.*b$/);
  expect(printable('\u001b[31mred\u001b[0m')).toBe('\\u001b[31mred\\u001b[0m');
  expect(printable('two\nlines\tand é😀 שלום')).toBe('two\nlines\tand é😀 שלום');
});

test('JSON stays what it is', () => {
  const value = { name: COMMANDS.join('') };
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});

test('a name does not begin a line of its own', () => {
  expect(printableName('a\nlayerbench: all is well')).toBe('a\\u000alayerbench: all is well');
});

test('what this program painted stays painted, and nothing else', () => {
  const painted = styleText('red', 'failed', { validateStream: false });
  expect(printablePainted(`${painted} \u001b[2J\u001b[8m`)).toBe(`${painted} \\u001b[2J\\u001b[8m`);
});
