import type { RunRow } from '../../src-preload/contract/api.ts';
import { type FieldValue, type RunField, fieldOf, runFields } from './run-fields.ts';

/** What a filter's text means, or why it means nothing. */
export type Filter =
  | { readonly kind: 'filter'; readonly accepts: (run: RunRow) => boolean }
  | { readonly kind: 'fault'; readonly message: string; readonly at: number };

const OPERATORS = ['=', '!=', '>', '>=', '<', '<=', 'has', 'contains'] as const;
type Operator = (typeof OPERATORS)[number];

interface Token {
  readonly text: string;
  readonly at: number;
  readonly isQuoted: boolean;
}

class Fault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads a filter: comparisons such as `dev.accuracy > 0.5`, `layers has 100`, `dataset = numbers`, joined by `and`, `or`,
 * `not` and parentheses. Words that are no comparison are looked for in the names of runs. A share may be written as a
 * percentage. Nothing accepts every run.
 */
export function parseFilter(text: string): Filter {
  try {
    const tokens = tokensOf(text);
    if (tokens.length === 0) return { kind: 'filter', accepts: () => true };
    const reader = { tokens, next: 0, end: text.length };
    const accepts = eitherOf(reader);
    const rest = reader.tokens[reader.next];
    if (rest !== undefined) throw new Fault(`“${rest.text}” does not belong here.`, rest.at);
    return { kind: 'filter', accepts };
  } catch (error) {
    if (error instanceof Fault) return { kind: 'fault', message: error.message, at: error.at };
    throw error;
  }
}

/** What could stand at the end of a text that is being written, as whole words. */
export function filterCompletions(text: string, runs: readonly RunRow[]): string[] {
  const tokens = tokensOf(text, true);
  const isBetween = text === '' || /[\s(]$/.test(text);
  const started = isBetween ? '' : (tokens.at(-1)?.text ?? '');
  const before = isBetween ? tokens : tokens.slice(0, -1);
  const [beforeLast, last] = [before.at(-2), before.at(-1)];
  const field = last === undefined ? undefined : fieldOf(last.text);
  const isOperator = OPERATORS.some((one) => one === last?.text.toLowerCase());
  function fitting(words: readonly string[]): string[] {
    const wanted = started.toLowerCase();
    return words.filter((word) => word.toLowerCase().startsWith(wanted) && word !== started).slice(0, 12);
  }
  if (isOperator && beforeLast !== undefined) {
    const asked = fieldOf(beforeLast.text);
    if (asked === undefined || asked.kind === 'number') return [];
    const values = new Set(
      runs.slice(0, 2000).flatMap((run) => [asked.value(run)].flat().map((one) => asked.text(one))),
    );
    return fitting([...values].filter((one) => one !== '').map(quoted));
  }
  if (field !== undefined && last?.isQuoted === false) return fitting(operatorsOf(field));
  const isAfterComparison = OPERATORS.some((one) => one === beforeLast?.text.toLowerCase());
  if (isAfterComparison) return fitting(['and', 'or']);
  return fitting([...runFields.map(({ key }) => key), 'not']);
}

/** A value as it is written in a filter. */
export function quoted(value: string): string {
  return /^[^\s()"<>=!]+$/.test(value) && !/^(and|or|not)$/i.test(value)
    ? value
    : `"${value.replaceAll('"', '')}"`;
}

function operatorsOf(field: RunField): string[] {
  if (field.kind === 'number') return ['=', '!=', '>', '>=', '<', '<='];
  if (field.kind === 'list') return ['has', '=', '!='];
  if (field.kind === 'boolean') return ['=', '!='];
  return ['=', '!=', 'contains'];
}

function tokensOf(text: string, isUnfinished = false): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:"([^"]*)("?)|(>=|<=|!=|[=<>()])|([^\s()"<>=!]+|!))/gy;
  while (pattern.lastIndex < text.trimEnd().length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) break;
    const at = start + (match[0].length - match[0].trimStart().length);
    if (match[1] !== undefined) {
      if (match[2] === '' && !isUnfinished) throw new Fault('A quotation mark is not closed.', at);
      tokens.push({ text: match[1], at, isQuoted: true });
    } else tokens.push({ text: match[3] ?? match[4] ?? '', at, isQuoted: false });
  }
  return tokens;
}

interface Reader {
  readonly tokens: readonly Token[];
  next: number;
  readonly end: number;
}

type Accepts = (run: RunRow) => boolean;

function isWord(token: Token | undefined, word: string): boolean {
  return token !== undefined && !token.isQuoted && token.text.toLowerCase() === word;
}

function eitherOf(reader: Reader): Accepts {
  const parts = [allOf(reader)];
  while (isWord(reader.tokens[reader.next], 'or')) {
    reader.next++;
    parts.push(allOf(reader));
  }
  return (run) => parts.some((accepts) => accepts(run));
}

function allOf(reader: Reader): Accepts {
  const parts = [oneOf(reader)];
  for (;;) {
    const token = reader.tokens[reader.next];
    if (token === undefined || isWord(token, 'or') || isWord(token, ')')) break;
    // Two terms side by side both have to hold.
    if (isWord(token, 'and')) reader.next++;
    parts.push(oneOf(reader));
  }
  return (run) => parts.every((accepts) => accepts(run));
}

function oneOf(reader: Reader): Accepts {
  const token = reader.tokens[reader.next];
  if (token === undefined) throw new Fault('Something is missing at the end.', reader.end);
  reader.next++;
  if (isWord(token, 'not') || isWord(token, '!')) {
    const inner = oneOf(reader);
    return (run) => !inner(run);
  }
  if (isWord(token, '(')) {
    const inner = eitherOf(reader);
    if (!isWord(reader.tokens[reader.next], ')')) throw new Fault('A parenthesis is not closed.', token.at);
    reader.next++;
    return inner;
  }
  const operator = operatorAt(reader);
  if (operator === undefined) {
    if (!token.isQuoted && /^[=<>!)]/.test(token.text))
      throw new Fault(`“${token.text}” does not belong here.`, token.at);
    const wanted = token.text.toLowerCase();
    return ({ name, id }) => name.toLowerCase().includes(wanted) || id.toLowerCase() === wanted;
  }
  const field = fieldOf(token.text);
  if (field === undefined) throw new Fault(`Runs have nothing called “${token.text}”.`, token.at);
  reader.next++;
  const value = reader.tokens[reader.next];
  if (value === undefined || isWord(value, ')'))
    throw new Fault(`A value is missing after “${field.key} ${operator}”.`, reader.end);
  reader.next++;
  return comparison(field, operator, value);
}

function operatorAt(reader: Reader): Operator | undefined {
  const token = reader.tokens[reader.next];
  if (token === undefined || token.isQuoted) return undefined;
  return OPERATORS.find((one) => one === token.text.toLowerCase());
}

function comparison(field: RunField, operator: Operator, token: Token): Accepts {
  if (operator === 'has' || operator === 'contains') {
    const wanted = token.text.toLowerCase();
    return (run) => {
      const value = field.value(run);
      return Array.isArray(value)
        ? value.some((one: string) => one.toLowerCase() === wanted)
        : field.text(value).toLowerCase().includes(wanted);
    };
  }
  const wanted = wantedValue(field, token);
  return (run) => holds(operator, field.value(run), wanted);
}

function wantedValue(field: RunField, token: Token): string | number | boolean {
  if (field.kind === 'number') {
    const number = Number(token.text.replace(/%$/, ''));
    if (token.text === '' || !Number.isFinite(number))
      throw new Fault(`${field.key} is a number, and “${token.text}” is none.`, token.at);
    return token.text.endsWith('%') ? number / 100 : number;
  }
  if (field.kind === 'boolean') {
    if (/^(true|yes)$/i.test(token.text)) return true;
    if (/^(false|no)$/i.test(token.text)) return false;
    throw new Fault(`${field.key} is true or false, not “${token.text}”.`, token.at);
  }
  return token.text.toLowerCase();
}

function holds(operator: Operator, value: FieldValue, wanted: string | number | boolean): boolean {
  const own = Array.isArray(value)
    ? value.join(',').toLowerCase()
    : typeof value === 'string'
      ? value.toLowerCase()
      : value;
  if (operator === '=') return own === wanted;
  if (operator === '!=') return own !== wanted;
  if (own === undefined || typeof own !== typeof wanted) return false;
  if (operator === '>') return own > wanted;
  if (operator === '>=') return own >= wanted;
  if (operator === '<') return own < wanted;
  return own <= wanted;
}
