import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWords } from '../../../src-preload/contract/shell-words.ts';

test('plain arguments stay as they are', () => {
  expect(shellWords(['--layers=10,10', '--dataset=/data/set'])).toBe('--layers=10,10 --dataset=/data/set');
});

test.skipIf(process.platform === 'win32')('a shell reads back what was written, whatever is in it', () => {
  const words = ["--dataset=it's here", 'a "b" $HOME `x` \\ *', '', 'ü\nline'];
  const read = execFileSync('sh', [
    '-c',
    `for word in ${shellWords(words)}; do printf '%s\\0' "$word"; done`,
  ]);
  expect(read.toString()).toBe(words.map((word) => `${word}\0`).join(''));
});
