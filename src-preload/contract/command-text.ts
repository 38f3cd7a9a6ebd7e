import { type OptionKey, implementationNames, launchOptions, optionKeys, optionOf } from './config.ts';

/** Options as they stand in a command line, by key, and what could not be read of it. */
export interface CommandText {
  /** The text of each option that is given; of one that may be repeated, all of its texts with a space between. */
  readonly texts: ReadonlyMap<OptionKey, string>;
  /** Text of `--training-times`. */
  readonly times: string | undefined;
  /** Experiments after the first, which are not read. */
  readonly others: number;
  /** One sentence for each word that is no option of a run. */
  readonly faults: readonly string[];
}

const WORD = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)/gs;

/** The words of a line as a shell splits it: quotation marks hold together, a backslash at a line's end is nothing. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let last = -1;
  for (const match of line.replaceAll(/\\\r?\n/g, ' ').matchAll(WORD)) {
    const text = match[1]?.replaceAll(/\\(.)/g, '$1') ?? match[2] ?? match[3] ?? match[4] ?? '';
    if (match.index === last) words.push(`${words.pop() ?? ''}${text}`);
    else words.push(text);
    last = match.index + match[0].length;
  }
  return words;
}

/**
 * Reads a command line or a piece of one, as it is pasted from a terminal or a document. What stands before the first
 * option (`layerbench train`, the name of another program) is passed over, as are names of implementations.
 */
export function readCommandText(line: string): CommandText {
  const [words = [], ...rest] = experimentsOf(wordsOf(line));
  const others = rest.length;
  const first = words.findIndex((word) => word.startsWith('--'));
  const texts = new Map<OptionKey, string>();
  const faults: string[] = [];
  let times: string | undefined;
  if (first < 0) {
    return {
      texts,
      times,
      others,
      faults: words.length === 0 ? [] : ['There is no option in this line: they begin with --.'],
    };
  }
  for (let at = first; at < words.length; at++) {
    const word = words[at] ?? '';
    const [, flag = '', own] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (flag === '') {
      faults.push(`${word} belongs to no option.`);
      continue;
    }
    const follower = words[at + 1];
    const takesNext = own === undefined && follower !== undefined && !follower.startsWith('--');
    const key = keyOf(flag);
    const isSwitch = key !== undefined && typeof optionOf(key).default === 'boolean';
    const isTaken = takesNext && (!isSwitch || follower === 'true' || follower === 'false');
    const text = own ?? (isTaken ? follower : 'true');
    if (isTaken) at++;
    if (key !== undefined) {
      const before = texts.get(key);
      texts.set(key, optionOf(key).repeatable === true && before !== undefined ? `${before} ${text}` : text);
    } else if (flag === launchOptions.trainingTimes.flag) times = text;
    else if (!Object.hasOwn(implementationNames, flag)) faults.push(`There is no option --${flag}.`);
  }
  return { texts, times, others, faults };
}

/** The words of each experiment; separators before the first option part nothing. */
function experimentsOf(words: readonly string[]): string[][] {
  const experiments: string[][] = [[]];
  for (const word of words) {
    if (word === '--experiment') experiments.push([]);
    else experiments.at(-1)?.push(word);
  }
  const full = experiments.filter((own) => own.some((word) => word.startsWith('--')));
  return full.length > 0 ? full : [words.filter((word) => word !== '--experiment')];
}

function keyOf(flag: string): OptionKey | undefined {
  return optionKeys.find(
    (key) => optionOf(key).flag === flag || optionOf(key).aliases?.includes(flag) === true,
  );
}
