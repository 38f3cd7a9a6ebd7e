import { optionKeys, optionOf, options, parseOption, RunConfig } from '../../src-preload/contract/config.ts';

/** The configuration that options of the form `--name=value` give. @throws Error where there is no such option. */
export function configOf(given: readonly string[]): RunConfig {
  const values = given.map((option) => {
    const [, flag = '', text = ''] = /^--([^=]+)=(.*)$/.exec(option) ?? [];
    const key = optionKeys.find((one) => options[one].flag === flag);
    if (key === undefined) throw new Error(`There is no option --${flag}.`);
    return [key, parseOption(optionOf(key), text)] as const;
  });
  return RunConfig.parse(Object.fromEntries(values));
}
