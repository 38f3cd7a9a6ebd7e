import { computed, reactive, ref, shallowRef, watch } from 'vue';
import { readCommandText } from '../../src-preload/contract/command-text.ts';
import {
  type OptionKey,
  type RunConfig,
  contradictions,
  launchOptions,
  optionKeys,
  optionOf,
} from '../../src-preload/contract/config.ts';
import {
  gridOf,
  gridSize,
  type OptionValues,
  parseValues,
  sweptOptions,
} from '../../src-preload/contract/option-values.ts';
import { shellWords } from '../../src-preload/contract/shell-words.ts';

/** A field as it is written: its text, what it means, or why it means nothing. */
export interface FormField {
  readonly values: readonly unknown[];
  readonly fault: string | undefined;
  readonly isChanged: boolean;
}

/** What comes of a form that holds no fault. */
export interface Outlook {
  /** Every run, those of one setting one after the other. */
  readonly configs: readonly RunConfig[];
  /** The first run of each setting. */
  readonly settings: readonly RunConfig[];
  /** Options that have several values. */
  readonly swept: readonly OptionKey[];
  /** Runs of each setting. */
  readonly repeats: number;
  /** The command line of it. */
  readonly text: string;
}

/** The runs that a form holds. */
export function useLaunchForm() {
  const texts = reactive(
    Object.fromEntries(optionKeys.map((key) => [key, defaultText(key)])) as Record<OptionKey, string>,
  );
  const repeatsText = ref('1');
  const strangers = ref<readonly string[]>([]);

  const fields = computed(
    () =>
      Object.fromEntries(optionKeys.map((key) => [key, fieldOf(key, texts[key])])) as Record<
        OptionKey,
        FormField
      >,
  );
  const repeats = computed(() => {
    const number = Number(repeatsText.value);
    return launchOptions.trainingTimes.schema.safeParse(number).success ? number : undefined;
  });
  const isWhole = computed(
    () => repeats.value !== undefined && optionKeys.every((key) => fields.value[key].fault === undefined),
  );
  const values = computed(
    () =>
      Object.fromEntries(optionKeys.map((key) => [key, fields.value[key].values])) as unknown as OptionValues,
  );
  const runCount = computed(() => (isWhole.value ? gridSize(values.value) * (repeats.value ?? 1) : 0));
  const grid = computed((): { configs: readonly RunConfig[]; fault: string | undefined } => {
    if (!isWhole.value) return { configs: [], fault: undefined };
    try {
      return { configs: gridOf(values.value, repeats.value ?? 1), fault: undefined };
    } catch (error) {
      return { configs: [], fault: error instanceof Error ? error.message : String(error) };
    }
  });
  const given = computed(() => new Set(optionKeys.filter((key) => fields.value[key].isChanged)));
  const faults = computed(() => [
    ...strangers.value,
    ...(grid.value.fault === undefined ? [] : [grid.value.fault]),
    ...new Set(grid.value.configs.slice(0, 50).flatMap((config) => contradictions(config, given.value))),
  ]);

  /** What is changed, as options of the command line; texts of several values stand as they are written. */
  const commandText = computed(() => {
    const changed = optionKeys.filter((key) => given.value.has(key));
    const words = changed.flatMap((key) => {
      const option = optionOf(key);
      if (option.repeatable === true)
        return texts[key]
          .split(/\s+/)
          .filter((word) => word !== '')
          .map((word) => `--${option.flag}=${word}`);
      return [`--${option.flag}=${texts[key]}`];
    });
    if (repeatsText.value !== '1') words.push(`--${launchOptions.trainingTimes.flag}=${repeatsText.value}`);
    return shellWords(words);
  });

  const outlook = shallowRef<Outlook>();
  function lookOut(): void {
    const { configs } = grid.value;
    const times = repeats.value ?? 1;
    if (configs.length === 0) return;
    outlook.value = {
      configs,
      settings: configs.filter((_, index) => index % times === 0),
      swept: sweptOptions(values.value),
      repeats: times,
      text: commandText.value,
    };
  }
  watch(grid, lookOut);

  function clear(): void {
    for (const key of optionKeys) texts[key] = defaultText(key);
    repeatsText.value = '1';
    strangers.value = [];
    outlook.value = undefined;
  }
  function reset(): void {
    clear();
    lookOut();
  }
  lookOut();

  return {
    texts,
    repeatsText,
    repeats,
    fields,
    values,
    isWhole,
    runCount,
    grid,
    /** Of the form as it last held no fault: what is shown of it stays while a field is being written. */
    outlook,
    faults,
    commandText,
    reset,
    /** @returns what gives the form back what it holds now. */
    remember(): () => void {
      const before = { texts: { ...texts }, repeats: repeatsText.value, strangers: strangers.value };
      return () => {
        Object.assign(texts, before.texts);
        repeatsText.value = before.repeats;
        strangers.value = before.strangers;
      };
    },
    /**
     * Takes over the first experiment of a command line: what it does not name goes back to its default.
     * @returns how many further experiments the line has.
     */
    take(line: string): number {
      clear();
      const read = readCommandText(line);
      for (const [key, text] of read.texts) texts[key] = tidied(key, text);
      if (read.times !== undefined) repeatsText.value = read.times;
      strangers.value = read.faults;
      lookOut();
      return read.others;
    },
  };
}

function defaultText(key: OptionKey): string {
  const option = optionOf(key);
  return option.print(option.default);
}

function fieldOf(key: OptionKey, text: string): FormField {
  const option = optionOf(key);
  try {
    const values = parseValues(option, text);
    const isChanged = values.length > 1 || option.print(values[0]) !== option.print(option.default);
    return { values, fault: undefined, isChanged };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      values: [],
      fault: message.replace(/^--[\w-]+=.* is not possible: it /s, 'This '),
      isChanged: true,
    };
  }
}

/** A single value in the form's own spelling; several as they were written. */
function tidied(key: OptionKey, text: string): string {
  const option = optionOf(key);
  try {
    const values = parseValues(option, text);
    return values.length === 1 ? option.print(values[0]) : text;
  } catch {
    return text;
  }
}
