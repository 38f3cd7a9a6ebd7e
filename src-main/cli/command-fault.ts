import type { Command, CommanderError } from 'commander';
import { counted } from '../../src-preload/contract/figure-text.ts';
import { nearest } from './nearest.ts';

/** What the library's messages say, and whole sentences for it. */
const SENTENCES: readonly (readonly [pattern: RegExp, sentence: (...parts: string[]) => string])[] = [
  [/^unknown command '(.+)'/, (name) => `There is no command ${name}.`],
  [/^unknown option '([^'=]+)/, (name) => `There is no option ${name}.`],
  [/^missing required argument '(.+)'/, (name) => `${name} is missing.`],
  [/^required option '(.+)' not specified/, (option = '') => `${option.replace(' <', '=<')} is missing.`],
  [
    /^option '(.+ <(.+)>)' argument missing/,
    (option = '', value = '') => `${option.replace(/ <.+/, '')} needs a value (${value.replace('...', '')}).`,
  ],
  [
    /^too many arguments for '(.+)'\. Expected (\d+) arguments? but got (\d+)/,
    (name, expected, got) =>
      `${name} takes ${expected === '0' ? 'no argument' : counted(Number(expected), 'argument')}, but got ${got}.`,
  ],
];

/**
 * Whole sentences about a command line that the library cannot read: what is wrong with it, and what was meant or
 * where help is.
 * @param args that it was given.
 */
export function commandFault(
  { message }: Pick<CommanderError, 'message'>,
  program: Command,
  args: readonly string[],
): string {
  const text = message.replace(/^error: /, '');
  const sentence = SENTENCES.flatMap(([pattern, write]) => {
    const found = pattern.exec(text);
    return found === null ? [] : [write(...found.slice(1))];
  })[0];
  if (sentence === undefined) return text;
  const meant = meantBy(text, commandOf(program, args));
  return `${sentence} ${meant === undefined ? 'Add --help to see what there is.' : `Did you mean ${meant}?`}`;
}

/** The command that arguments begin with, or the innermost one that is known. */
function commandOf(program: Command, [name, ...rest]: readonly string[]): Command {
  const command = program.commands.find((one) => one.name() === name);
  return command === undefined ? program : commandOf(command, rest);
}

function meantBy(text: string, command: Command): string | undefined {
  const name = /^unknown command '(.+?)'/.exec(text)?.[1];
  if (name !== undefined) {
    return nearest(
      name,
      command.commands.map((one) => one.name()),
    );
  }
  const option = /^unknown option '-+([^'=]+)/.exec(text)?.[1];
  if (option === undefined) return undefined;
  const flags = command.options.flatMap(({ long }) => (long === undefined ? [] : [long.slice(2)]));
  const flag = nearest(option, [...flags, 'help']);
  return flag === undefined ? undefined : `--${flag}`;
}
