import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('parts of the study are trained, judged and written down, and trained once', async () => {
  const home = temporaryFolder();
  await command(['datasets', 'create', 'numbers', '--name', 'numbers', '--per-class', '10'], { home });
  const out = join(home, 'report');
  const first = await command(['study', '--only=K,grayscale', '--epochs=3', '--seeds=2', `--out=${out}`], {
    home,
  });
  expect(first.err).not.toMatch(/Error/);
  expect(first.code).toBe(0);
  // K and two experiments, two seeds each.
  expect(first.err).toMatch(/2 parts of the study, 6 runs: 0 in the store, 6 to be trained/);
  expect(first.out).toMatch(/Findings confirmed: \d of 2\. Not confirmed: \d\. The opposite found: \d\./);
  expect(first.out).toMatch(/2 seeds stand behind every figure/);
  expect(first.out).toMatch(/cut short after 3 epochs/);
  expect(readdirSync(out).sort()).toEqual([
    'K.png',
    'figures.csv',
    'grayscale.png',
    'report.html',
    'report.md',
  ]);
  const report = readFileSync(join(out, 'report.md'), 'utf8');
  // In the study's own order, whatever the order asked for.
  expect(report.indexOf('### grayscale')).toBeLessThan(report.indexOf('### K'));
  expect(report).toMatch(/\| Colour \| [\d.]+ ± [\d.]+ \| [\d.]+ % ± [\d.]+ % \|/);
  expect(readFileSync(join(out, 'figures.csv'), 'utf8').trim().split('\n')).toHaveLength(7);

  const second = await command(['study', '--only=grayscale,minmax', '--epochs=3', `--out=${out}`], { home });
  expect(second.err).toMatch(/2 parts of the study, 3 runs: 2 in the store, 1 to be trained/);

  const unknown = await command(['study', '--only=Z'], { home });
  expect(unknown.code).toBe(2);
  expect(unknown.err).toMatch(/The study has no part z\. Those that it has: A, B, C/);
});
