import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { commandFault } from '../../../src-main/cli/command-fault.ts';
import type { Context } from '../../../src-main/cli/context.ts';
import { createProgram } from '../../../src-main/cli/program.ts';
import { processTerminal } from '../../../src-main/cli/terminal.ts';

const context: Context = {
  terminal: processTerminal(),
  entries: { data: '', training: '', logKeeper: '', curveReader: '' },
  fonts: '',
  page: '',
  appVersion: '1.2.3',
  program: 'layerbench',
  environment: {},
  exit: () => undefined,
};

async function fault(...args: string[]): Promise<string> {
  const program = createProgram(context);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return commandFault(error, program, args);
    throw error;
  }
  throw new Error('It was taken as it stood.');
}

test.each<[string[], string]>([
  [['trian'], 'There is no command trian. Did you mean train?'],
  [['fly'], 'There is no command fly. Add --help to see what there is.'],
  [['runs', '--statu=failed'], 'There is no option --statu. Did you mean --status?'],
  [
    ['datasets', 'check', 'x', '--partition=1,0,0'],
    'There is no option --partition. Did you mean --partitions?',
  ],
  [['datasets', 'lst'], 'There is no command lst. Did you mean list?'],
  [['show'], 'RUN is missing. Add --help to see what there is.'],
  [['show', 'a', 'b'], 'show takes 1 argument, but got 2. Add --help to see what there is.'],
  [['doctor', 'now'], 'doctor takes no argument, but got 1. Add --help to see what there is.'],
  [['runs', '--limit'], '--limit needs a value (N). Add --help to see what there is.'],
  [['export', 'a', '--chart=loss'], '--out=<FILE> is missing. Add --help to see what there is.'],
])('%j is told in a whole sentence', async (args, sentence) => {
  expect(await fault(...args)).toBe(sentence);
});

test('a message that is not known stays as it is', () => {
  expect(commandFault({ message: 'error: something new' }, createProgram(context), [])).toBe('something new');
});
