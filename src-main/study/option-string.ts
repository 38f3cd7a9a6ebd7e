import {
  implementationNames,
  type OptionKey,
  optionKeys,
  optionOf,
  parseOption,
  RunConfig,
} from '../../src-preload/contract/config.ts';

/**
 * The configuration of one experiment, of its option string as a command line has it. Names of implementations that
 * there is one of here are passed over.
 * @throws Error for a word that is no option, UserError for a value that is not possible.
 */
export function configOfString(options: string): RunConfig {
  const values: Partial<Record<OptionKey, unknown>> = {};
  for (const word of options.split(' ').filter((one) => one !== '')) {
    const [, flag = '', text = ''] = /^--([\w-]+)=(.*)$/.exec(word) ?? [];
    if (Object.hasOwn(implementationNames, flag)) continue;
    const key = optionKeys.find((one) =>
      [optionOf(one).flag, ...(optionOf(one).aliases ?? [])].includes(flag),
    );
    if (key === undefined) throw new Error(`${word} is no option of a run.`);
    const value = parseOption(optionOf(key), text);
    values[key] = optionOf(key).repeatable === true ? joined(values[key], value) : value;
  }
  return RunConfig.parse(values);
}

/** What an option that may be repeated has by now. */
function joined(before: unknown, value: unknown): unknown[] {
  return [before ?? [], value].flat();
}
