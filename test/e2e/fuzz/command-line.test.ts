import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLaunch } from '../../../src-main/cli/launch.ts';
import { optionKeys, optionOf, RunConfig } from '../../../src-preload/contract/config.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { command } from '../../support/command.ts';
import { AWKWARD_TEXT } from '../../support/fuzz/arbitrary-of-schema.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Command lines that are read; and of those that start the program itself, a hundredth. */
const LINES = Number(process.env['LAYERBENCH_FUZZ'] ?? 2000);
const STARTED = Math.max(10, Math.ceil(LINES / 100));

const value = fc.oneof(
  AWKWARD_TEXT,
  fc.string({ maxLength: 30 }),
  fc.double().map(String),
  fc.integer().map(String),
);
const flag = fc.oneof(
  fc.constantFrom(...optionKeys.map((key) => optionOf(key).flag)),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('experiment', 'training-times', 'jobs', 'json', 'help', 'accuracy', 'loss'),
);
const word = fc.oneof(
  fc.tuple(flag, value).map(([name, text]) => `--${name}=${text}`),
  fc.tuple(flag, value).map(([name, text]) => `--${name} ${text}`),
  flag.map((name) => `--${name}`),
  value,
);

test(`${LINES} lines of options are taken, or refused in a sentence`, () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      try {
        const { configs } = parseLaunch(words);
        // What was taken is a whole configuration.
        for (const config of configs) RunConfig.parse(config);
        taken++;
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        expect(String(error)).not.toMatch(/undefined|\[object|\n\s+at /);
      }
    }),
    { numRuns: LINES, seed: 20260402 },
  );
  expect(taken).toBeGreaterThan(0);
});

/** Commands that end by themselves and train nothing. */
const COMMANDS = [
  'runs',
  'show',
  'compare',
  'diagnose',
  'export',
  'datasets',
  'tag',
  'trash',
  'restore',
  'continue',
  'rerun',
  'best',
  'ablate',
  'learning-curve',
];

describe('the program itself', () => {
  test(
    `${STARTED} command lines end with a sentence and the code that stands for it, without where it broke`,
    async () => {
      const home = temporaryFolder();
      const lines = fc.sample(
        fc.tuple(
          fc.oneof(fc.constantFrom(...COMMANDS), fc.string({ maxLength: 8 })),
          fc.array(word, { maxLength: 4 }),
        ),
        { numRuns: STARTED, seed: 20260403 },
      );
      for (const [name, words] of lines) {
        // A process cannot be given a zero byte, and a lone option begins no command that could train.
        const line = [name, ...words].filter((one) => !one.includes('\u0000'));
        const { code, out, err } = await command(line, { home });
        expect([0, 1, 2], line.join(' ')).toContain(code);
        expect(out + err, line.join(' ')).not.toMatch(/\n\s+at |undefined|\[object/);
        if (code !== 0) expect(err, line.join(' ')).toMatch(/\S/);
      }
    },
    60_000 + STARTED * 5000,
  );
});
