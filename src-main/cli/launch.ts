import {
  type Option,
  type OptionKey,
  RunConfig,
  contradictions,
  implementationNames,
  launchOptions,
  optionKeys,
  optionOf,
  parseOption,
} from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { type Given, SEPARATOR, readOptions } from './option-reader.ts';
import { withWholePaths } from './whole-paths.ts';

/** What a command line of `train` asks for. */
export interface Launch {
  /** One a run, in the order they are to be queued. */
  readonly configs: readonly RunConfig[];
  readonly plan: boolean;
  readonly json: boolean;
  /** Runs at once. */
  readonly jobs: number;
  /** Whole sentences about options that were given and change nothing. */
  readonly notices: readonly string[];
}

const MOST_JOBS = 64;

/** What there is one of here, by the option that names one. */
const IMPLEMENTED_ONCE: Readonly<Record<string, string>> = {
  'data-loader': 'way to load images',
  accuracy: 'way to measure accuracy',
  loss: 'loss, softmax cross-entropy',
};

/**
 * The arguments of each experiment. What stands before the first separator belongs to the first; experiments without
 * an option count only where there is no other.
 */
export function splitExperiments(args: readonly string[]): string[][] {
  const segments: string[][] = [[]];
  for (const argument of args) {
    if (argument === SEPARATOR) segments.push([]);
    else segments.at(-1)?.push(argument);
  }
  const experiments = segments.filter((segment) => segment.length > 0);
  return experiments.length > 0 ? experiments : [[]];
}

/**
 * The runs that arguments of `train` ask for. Every experiment stands for itself: nothing is inherited.
 * @throws UserError with a line for each thing that is to be mended.
 */
export function parseLaunch(args: readonly string[]): Launch {
  const experiments = splitExperiments(args);
  const faults: string[] = [];
  const notices: string[] = [];
  const everything: Given[] = [];
  const configs = experiments.flatMap((experiment, index) => {
    const own: string[] = [];
    const given = tried(() => readOptions(experiment), own) ?? [];
    everything.push(...given);
    const found = own.length === 0 ? configsOf(given, own, notices) : [];
    faults.push(
      ...own.map((fault) => (experiments.length > 1 ? `Experiment ${index + 1}: ${fault}` : fault)),
    );
    return found;
  });
  const plan = isOn(everything, 'plan', faults);
  const json = isOn(everything, 'json', faults);
  const jobsText = onlyText(everything, 'jobs', faults);
  const jobs = jobsText === undefined ? 1 : tried(() => parseJobs(jobsText), faults);
  if (faults.length > 0 || jobs === undefined) throw new UserError(faults.join('\n'));
  return {
    configs,
    plan,
    json,
    jobs,
    notices: [...new Set(notices)],
  };
}

/**
 * Runs at once, of a text.
 * @throws UserError that says what it may be.
 */
export function parseJobs(text: string): number {
  const jobs = Number(text);
  if (text.trim() === '' || !Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS) {
    throw new UserError(`--jobs=${text} is not possible: it takes a whole number from 1 to ${MOST_JOBS}.`);
  }
  return jobs;
}

/** What an action gives; nothing where it meets a fault that its user can mend, which is noted. */
function tried<Result>(action: () => Result, faults: string[]): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    faults.push(error.message);
    return undefined;
  }
}

function configsOf(given: readonly Given[], faults: string[], notices: string[]): RunConfig[] {
  const values: Partial<Record<OptionKey, unknown>> = {};
  for (const key of optionKeys) {
    const option = optionOf(key);
    const found = valuesOf(option, given, faults);
    if (found.length === 0) continue;
    values[key] = option.repeatable === true ? found.flat() : found[0];
  }
  const [times = 1] = valuesOf(launchOptions.trainingTimes as Option<unknown>, given, faults);
  noticeImplementations(given, faults, notices);
  if (faults.length > 0) return [];

  const config = withWholePaths(RunConfig.parse(values));
  const keys = new Set(Object.keys(values) as OptionKey[]);
  faults.push(...contradictions(config, keys));
  notices.push(...withoutEffect(config, keys));
  return repeated(config, Number(times), faults);
}

/** The values that an option was given; of one that takes a single value, two that differ are a fault. */
function valuesOf(option: Option<unknown>, given: readonly Given[], faults: string[]): unknown[] {
  const names = [option.flag, ...(option.aliases ?? [])];
  const values = given
    .filter(({ flag }) => names.includes(flag))
    .flatMap(({ flag, text }) => {
      const value = tried(() => ({ read: parseOption({ ...option, flag }, text) }), faults);
      return value === undefined ? [] : [{ flag, text, read: value.read }];
    });
  const [first, ...others] = values;
  const other = others.find(({ read }) => option.print(read) !== option.print(first?.read));
  if (first !== undefined && other !== undefined && option.repeatable !== true) {
    const same = first.flag === other.flag ? '' : 'mean the same option and ';
    faults.push(
      `--${first.flag}=${first.text} and --${other.flag}=${other.text} ${same}contradict each other; leave one of the two out.`,
    );
  }
  return values.map(({ read }) => read);
}

function isOn(given: readonly Given[], flag: string, faults: string[]): boolean {
  const text = onlyText(given, flag, faults) ?? 'false';
  if (text !== 'true' && text !== 'false') {
    faults.push(`--${flag}=${text} is not possible: it takes true or false.`);
  }
  return text === 'true';
}

/** The one text that an option was given; others than the first are a fault. */
function onlyText(given: readonly Given[], flag: string, faults: string[]): string | undefined {
  const [first, second] = [...new Set(given.filter((one) => one.flag === flag).map(({ text }) => text))];
  if (second !== undefined) {
    faults.push(
      `--${flag}=${first ?? ''} and --${flag}=${second} contradict each other; leave one of the two out.`,
    );
  }
  return first;
}

function noticeImplementations(given: readonly Given[], faults: string[], notices: string[]): void {
  for (const { flag, text } of given) {
    const known = implementationNames[flag];
    if (known === undefined) continue;
    if (known.some((name) => name.toLowerCase() === text.toLowerCase())) {
      notices.push(`--${flag}=${text} changes nothing: there is one ${IMPLEMENTED_ONCE[flag] ?? flag} here.`);
    } else {
      faults.push(`--${flag}=${text} is not possible: it takes one of ${known.join(', ')}.`);
    }
  }
}

/** Sentences about options that were given and cannot change this run. */
function withoutEffect(config: RunConfig, given: ReadonlySet<OptionKey>): string[] {
  const found: string[] = [];
  if (given.has('decay') && config.optimizer !== 'ExponentialDecay') {
    found.push(`--decay has no effect with --optimizer=${config.optimizer}: only ExponentialDecay uses it.`);
  }
  if (given.has('earlyStoppingPatience') && (!config.evalDev || config.partitions.dev === 0)) {
    const missing = config.evalDev ? 'a dev part' : '--eval-dev';
    found.push(`--early-stopping-patience has no effect without ${missing}: it waits for a lower dev loss.`);
  }
  return found;
}

/** Runs that differ in their model seed alone. */
function repeated(config: RunConfig, times: number, faults: string[]): RunConfig[] {
  const { schema, format } = optionOf('modelSeed');
  const last = config.modelSeed + times - 1;
  if (!schema.safeParse(last).success) {
    faults.push(
      `--training-times=${times} would count up from --model-seed=${config.modelSeed} to ${last}, but a seed takes ${format}.`,
    );
    return [];
  }
  return Array.from({ length: times }, (_, index) => ({ ...config, modelSeed: config.modelSeed + index }));
}
