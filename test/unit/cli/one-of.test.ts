import { expect, test } from 'vitest';
import { oneOf } from '../../../src-main/cli/one-of.ts';

test('a word is one of those there are, or is refused with all of them', () => {
  const theme = oneOf('theme', ['light', 'dark']);
  expect(theme.parse('dark')).toBe('dark');
  expect(theme.safeParse('sepia').error?.issues[0]?.message).toBe(
    '--theme=sepia is not possible: it takes one of light, dark.',
  );
});
