import { type Option, type OptionKey, type RunConfig, optionKeys, optionOf, parseOption } from './config.ts';
import { UserError } from './errors.ts';

/** The most values that one option may be given in a sweep. */
const MOST_VALUES = 200;

/** The most runs that one sweep may be made of. */
export const MOST_RUNS_OF_A_SWEEP = 1000;

/** A range of numbers: `0..50 step 10`, `0.1..0.5 in 5`, `1e-4..1e-1 log 4`. */
const RANGE = /^(\S+?)\s*\.\.\s*(\S+?)(?:\s+(step|in|log)\s+(\S+))?$/;

/**
 * Every value that a text gives to an option, one or several. Values are separated by commas, and by semicolons where
 * a comma belongs to the value itself (`16,16; 32,32`). Numbers may be a range: from and to with a step, with so many
 * evenly spaced values, or with so many that are evenly spaced on a logarithmic scale.
 * @throws UserError that says what the option takes.
 */
export function parseValues(option: Option<unknown>, text: string): unknown[] {
  if (option.repeatable === true) {
    const words = text.split(/\s+/).filter((word) => word !== '');
    return [words.flatMap((word) => [parseOption(option, word)].flat())];
  }
  const values = piecesOf(option, text).flatMap(
    (piece) => rangeOf(option, piece) ?? [parseOption(option, piece)],
  );
  const unique = [...new Map(values.map((value) => [option.print(value), value])).values()];
  if (unique.length > MOST_VALUES)
    throw new UserError(
      `--${option.flag} takes at most ${MOST_VALUES} values in one sweep; these are ${unique.length}.`,
    );
  return unique;
}

/** The text that `parseValues` reads back to the same values. */
export function printValues(option: Option<unknown>, values: readonly unknown[]): string {
  return values.map((value) => option.print(value)).join(holdsCommas(option) ? '; ' : ', ');
}

function piecesOf(option: Option<unknown>, text: string): string[] {
  const pieces = text.split(holdsCommas(option) ? ';' : ',').map((piece) => piece.trim());
  // An empty text may be a value, an empty piece among others is a slip of the finger.
  const full = pieces.filter((piece) => piece !== '');
  return full.length === 0 ? [text.trim()] : full;
}

function holdsCommas(option: Option<unknown>): boolean {
  return (
    typeof option.default === 'object' || (typeof option.default === 'string' && option.choices === undefined)
  );
}

function rangeOf(option: Option<unknown>, piece: string): unknown[] | undefined {
  if (typeof option.default !== 'number') return undefined;
  const [, fromText = '', toText = '', kind = 'step', byText = '1'] = RANGE.exec(piece) ?? [];
  if (fromText === '') return undefined;
  const [from, to, by] = [fromText, toText, byText].map(Number);
  if (from === undefined || to === undefined || by === undefined || ![from, to, by].every(Number.isFinite))
    throw new UserError(
      `${piece} is no range: write one as 0..50 step 10, 0.1..0.5 in 5 or 1e-4..1e-1 log 4.`,
    );
  return numbersOf(piece, from, to, kind, by).map((number) => parseOption(option, String(number)));
}

function numbersOf(piece: string, from: number, to: number, kind: string, by: number): number[] {
  if (kind === 'step') {
    if (by <= 0 || to < from)
      throw new UserError(`${piece} leads nowhere: the step is above 0, and the range rises.`);
    const count = Math.floor((to - from) / by + 1e-9) + 1;
    if (count > MOST_VALUES)
      throw new UserError(`${piece} is ${count} values; one sweep takes at most ${MOST_VALUES}.`);
    return Array.from({ length: count }, (_, index) => tidy(from + index * by));
  }
  if (!Number.isInteger(by) || by < 2 || by > MOST_VALUES)
    throw new UserError(`${piece} asks for ${by} values; it takes 2 to ${MOST_VALUES}.`);
  if (kind === 'log' && (from <= 0 || to <= 0))
    throw new UserError(`${piece} cannot be logarithmic: both ends have to be above 0.`);
  return Array.from({ length: by }, (_, index) => {
    const share = index / (by - 1);
    return tidy(kind === 'log' ? from * (to / from) ** share : from + (to - from) * share);
  });
}

/** Without the last digits that decimal fractions do not have. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** Values of every option that has more than one, and the one of each other. */
export type OptionValues = Readonly<Record<OptionKey, readonly unknown[]>>;

/** Options with several values, in the order of the table. */
export function sweptOptions(values: OptionValues): OptionKey[] {
  return optionKeys.filter((key) => values[key].length > 1);
}

/** How many configurations a grid has, before any is made. */
export function gridSize(values: OptionValues): number {
  return optionKeys.reduce((product, key) => product * values[key].length, 1);
}

/**
 * Every combination of the values, the last option of the table varying fastest. With several, each is named for what
 * makes it different: `main layers=16 trim=true`.
 * @param repeats runs of each that differ in their model seed alone.
 * @throws UserError where they are too many.
 */
export function gridOf(values: OptionValues, repeats: number): RunConfig[] {
  const size = gridSize(values) * repeats;
  if (size > MOST_RUNS_OF_A_SWEEP)
    throw new UserError(`These are ${size} runs; one launch takes at most ${MOST_RUNS_OF_A_SWEEP}.`);
  let configs: Partial<Record<OptionKey, unknown>>[] = [{}];
  for (const key of optionKeys)
    configs = configs.flatMap((config) => values[key].map((value) => ({ ...config, [key]: value })));
  const swept = sweptOptions(values).filter((key) => key !== 'expId');
  return configs.flatMap((config) => {
    // Every key of the table has been given one of its own checked values.
    const whole = config as unknown as RunConfig;
    const differences = swept.map((key) => `${optionOf(key).flag}=${optionOf(key).print(whole[key])}`);
    const name = [whole.expId, ...differences].join(' ').slice(0, 200);
    return Array.from({ length: repeats }, (_, index) => ({
      ...whole,
      expId: name,
      modelSeed: whole.modelSeed + index,
    }));
  });
}
