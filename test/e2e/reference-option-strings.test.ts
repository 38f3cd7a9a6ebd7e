import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunPlan } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STRINGS = readFileSync(join(import.meta.dirname, '../fixtures/reference-option-strings.txt'), 'utf8')
  .trim()
  .split('\n');

test('every option string of the study is planned as it stands', async () => {
  const home = temporaryFolder();
  await command(['datasets', 'create', 'numbers', '--name', 'numbers', '--per-class', '10'], { home });
  for (const string of STRINGS) {
    const planned = await command(['train', ...string.split(' '), '--plan', '--json'], { home });
    expect(planned.code, `${string}\n${planned.err}`).toBe(0);
    const times = Number(/--training-times=(\d+)/.exec(string)?.[1] ?? 1);
    const experiments = string.split('--experiment').length - 1 + times;
    expect(
      jsonLines(planned.out).map((line) => RunPlan.parse(line).config.dataset),
      string,
    ).toEqual(new Array(experiments).fill('numbers'));
  }
});
