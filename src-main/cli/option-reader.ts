import { Command, CommanderError, Option as CommandOption } from 'commander';
import {
  type Option,
  type OptionGroup,
  implementationNames,
  launchOptions,
  optionKeys,
  optionOf,
} from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { nearest } from './nearest.ts';

/** An option as it was given: its name without the dashes, and its text. */
export interface Given {
  readonly flag: string;
  readonly text: string;
}

/** Starts the next experiment of the same command. */
export const SEPARATOR = '--experiment';

/** Options of a whole command, which may stand in any of its experiments. */
export const SWITCHES = {
  plan: 'Show what would run: layers, parameters, samples. Trains nothing.',
  json: 'One JSON object a line and run on standard output, everything else on standard error; a figure that is no finite number is null.',
} as const;

/** Headings of the groups of options, in the order of the help. */
const GROUPS: Readonly<Record<OptionGroup, string>> = {
  data: 'Data:',
  preparation: 'Preparation of every image:',
  augmentation: 'Augmentation of training images:',
  model: 'Model:',
  training: 'Training:',
  regularization: 'Regularization:',
  watching: 'Watching:',
};
const WHOLE_COMMAND = 'The whole command:';
const WITHOUT_EFFECT = 'Accepted, but without effect, since there is one implementation:';

/** Every option that the table knows, those of a launch among them. */
const TABLE: readonly Option<unknown>[] = [
  ...optionKeys.map(optionOf),
  ...(Object.values(launchOptions) as Option<unknown>[]),
];

const KNOWN_FLAGS: readonly string[] = [
  ...TABLE.flatMap(({ flag, aliases = [] }) => [flag, ...aliases]),
  ...Object.keys(implementationNames),
  ...Object.keys(SWITCHES),
  'jobs',
  SEPARATOR.slice(2),
  'help',
];

const FORMATS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    TABLE.flatMap(({ flag, aliases = [], format }) => [flag, ...aliases].map((name) => [name, format])),
  ),
  ...Object.fromEntries(
    Object.entries(implementationNames).map(([flag, names]) => [flag, names[0] ?? 'NAME']),
  ),
  jobs: 'N',
};

const MORE_HELP = `
An option is given as --name=value or --name value; a switch alone is true: --grayscale.

Examples:
  layerbench train --dataset=numbers --grayscale --trim --resize=16,16 --layers=16
  layerbench train --dataset=./photos --nbr-epochs=20 --plan
  layerbench train --exp-id=one --layers=10 ${SEPARATOR} --exp-id=two --layers=10,10

Ctrl-C ends the runs tidily at their next batch and keeps them as stopped; a second one ends them at once.
Exit code: 0 done, 1 a run failed or did not end, 2 something to be mended, 130 ended with Ctrl-C.
`;

/** The most characters of a format that stand beside an option's name in the help. */
const SHORT_FORMAT = 16;

/**
 * The options of one experiment, in the order given.
 * @throws UserError for what is no option, and for an option without its value.
 */
export function readOptions(experiment: readonly string[]): Given[] {
  const met: Given[] = [];
  const { operands, unknown } = parsed(experiment, met);
  const [stranger] = unknown;
  if (stranger !== undefined) throw new UserError(unknownOption(stranger));
  const [operand] = operands;
  if (operand !== undefined) {
    throw new UserError(
      `train takes options only, and ${operand} is none. A data set is named with --dataset=${operand}.`,
    );
  }
  for (const { flag, text } of met) {
    const follower = /^--([\w-]+)/.exec(text)?.[1];
    if (follower !== undefined && KNOWN_FLAGS.includes(follower)) {
      throw new UserError(`${needsValue(flag)}, but ${text} follows it.`);
    }
  }
  return met;
}

/**
 * The help of `train`, made from the table of options.
 * @param columns that its lines may fill.
 */
export function trainHelp(columns: number): string {
  return `${optionReader(() => undefined, columns).helpInformation()}${MORE_HELP}`;
}

function parsed(experiment: readonly string[], met: Given[]): { operands: string[]; unknown: string[] } {
  try {
    return optionReader((given) => met.push(given)).parseOptions([...experiment]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Only the last argument can lack a value.
    throw new UserError(`${needsValue((experiment.at(-1) ?? '').slice(2))}.`);
  }
}

function needsValue(flag: string): string {
  return `--${flag} needs a value (${FORMATS[flag] ?? 'VALUE'})`;
}

function unknownOption(argument: string): string {
  const [name = ''] = argument.split('=');
  if (name === SEPARATOR) return `${SEPARATOR} takes no value; name the experiment with --exp-id.`;
  const meant = nearest(name.replace(/^-+/, ''), KNOWN_FLAGS);
  return `There is no option ${name}. ${
    meant === undefined ? 'See all of them with: layerbench train --help' : `Did you mean --${meant}?`
  }`;
}

/** A command that knows every option and tells of each that it meets. */
function optionReader(meet: (given: Given) => void, helpWidth = 100): Command {
  const command = new Command('layerbench train')
    .usage(`[options] [${SEPARATOR} [options]]...`)
    .description('Train one run or several on images, and keep all that is to be known of them.')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({
      helpWidth,
      optionTerm: (option) => option.flags.replace(/ (?=<)/, '=').replace(' [', '[='),
      optionDescription: (option) => option.description,
    })
    .helpOption('-h, --help', 'Show this help.');

  function add(flag: string, value: string, help: string, heading: string, preset?: string): void {
    const option = new CommandOption(`--${flag}${value}`, help).helpGroup(heading).argParser((text) => {
      meet({ flag, text });
    });
    command.addOption(preset === undefined ? option : option.preset(preset));
  }

  for (const [group, heading] of Object.entries(GROUPS)) {
    for (const option of TABLE.filter((one) => one.group === group)) {
      const { flag, aliases = [] } = option;
      const isSwitch = typeof option.default === 'boolean';
      const value = isSwitch ? ' [true|false]' : ` <${valueWord(option)}>`;
      for (const name of [flag, ...aliases]) {
        add(
          name,
          value,
          name === flag ? helpOf(option) : `The same as --${flag}.`,
          heading,
          isSwitch ? 'true' : undefined,
        );
      }
    }
  }
  command.addOption(new CommandOption(SEPARATOR, 'Start the next experiment.').helpGroup(WHOLE_COMMAND));
  add('jobs', ' <N>', 'Runs at once. (default: 1)', WHOLE_COMMAND);
  for (const [flag, help] of Object.entries(SWITCHES)) {
    add(flag, ' [true|false]', help, WHOLE_COMMAND, 'true');
  }
  for (const [flag, names] of Object.entries(implementationNames)) {
    add(flag, ' <NAME>', `One of ${names.join(', ')}.`, WITHOUT_EFFECT);
  }
  return command;
}

/** The word for an option's value in the help. */
function valueWord({ format, choices }: Option<unknown>): string {
  if (format.startsWith('a whole number')) return 'N';
  if (format.startsWith('a number')) return 'NUMBER';
  if (choices !== undefined) return 'NAME';
  return format.length <= SHORT_FORMAT ? format : 'VALUE';
}

function helpOf(option: Option<unknown>): string {
  const range = /^a (?:whole )?number (.+)$/.exec(option.format)?.[1];
  const isSwitch = typeof option.default === 'boolean';
  const fallback = option.print(option.default);
  const notes = [
    ...(range === undefined ? [] : [[range, option.unit ?? ''].join(' ').trim()]),
    ...(option.choices === undefined || isSwitch ? [] : [option.choices.join(', ')]),
    ...(valueWord(option) === 'VALUE' ? [option.format] : []),
    ...(option.repeatable === true ? ['may be repeated'] : []),
    ...(fallback === '' ? [] : [`default: ${fallback}`]),
  ];
  return notes.length === 0 ? option.help : `${option.help} (${notes.join('; ')})`;
}
