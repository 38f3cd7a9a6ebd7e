import Table from 'cli-table3';

/** Columns of a table of text, and how they stand. */
export interface TextTable {
  readonly head?: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** One a column; to the left where nothing is said. */
  readonly align?: readonly ('left' | 'right')[];
  /** Spaces before every line. */
  readonly indent?: number;
  /** Spaces between two columns. */
  readonly gap?: number;
}

/** A table without lines but one under its head: easy to read, and to copy. */
export function textTable({ head, rows, align = [], indent = 0, gap = 2 }: TextTable): string {
  const table = new Table({
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: ' '.repeat(gap),
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: [...align],
  });
  if (head !== undefined) table.push([...head]);
  for (const row of rows) table.push([...row]);
  const lines = table.toString().split('\n');
  const width = Math.max(...lines.map((line) => line.trimEnd().length));
  const headLines = head === undefined ? 0 : Math.max(...head.map((cell) => cell.split('\n').length));
  if (headLines > 0) lines.splice(headLines, 0, '─'.repeat(width));
  return lines.map((line) => `${' '.repeat(indent)}${line.trimEnd()}`).join('\n');
}

/** A column that may be left out where a table is too wide. */
export interface Column<Row> {
  readonly head: string;
  readonly text: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** The highest is left out first; a column without one always stays. */
  readonly leftOut?: number;
}

/**
 * A table of rows, without columns that there is no room for.
 * @param width that a line may fill; any number of characters where undefined.
 */
export function fittingTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | undefined,
): string {
  const table = textTable({
    head: columns.map(({ head }) => head),
    rows: rows.map((row) => columns.map(({ text }) => text(row))),
    align: columns.map(({ align = 'left' }) => align),
  });
  const order = Math.max(...columns.map(({ leftOut = 0 }) => leftOut));
  if (width === undefined || order === 0 || widthOf(table) <= width) return table;
  return fittingTable(
    columns.filter(({ leftOut }) => leftOut !== order),
    rows,
    width,
  );
}

/** Characters of the longest line. */
export function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

/** A name and what belongs to it; left out where that is nothing. */
export type Pair = readonly [name: string, text: string | null | undefined];

/** The narrowest column that text is broken into: in fewer characters nothing can be read. */
const NARROWEST_TEXT = 20;

/**
 * Names and what belongs to them, one a line, the second column aligned.
 * @param columns that a line may fill; any number of characters where undefined.
 * @param margin before every line.
 */
export function pairs(items: readonly Pair[], columns?: number, margin = '  '): string {
  const shown = items.flatMap(([name, text]) => (text == null ? [] : [{ name, text }]));
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const space = Math.max(NARROWEST_TEXT, (columns ?? Infinity) - margin.length - width - 2);
  return shown
    .map(({ name, text }) => {
      const [first = '', ...rest] = text.split('\n').flatMap((line) => wrapped(line, space));
      const further = rest.map((line) => `\n${margin}${' '.repeat(width + 2)}${line}`).join('');
      return `${margin}${name.padEnd(width)}  ${first}`.trimEnd() + further;
    })
    .join('\n');
}

/** Text in lines of at most so many characters, broken between words; a longer word stays whole. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A name cut to so many characters, in its middle: names of one experiment differ in their ends. */
export function cutName(name: string, characters: number): string {
  if (name.length <= characters) return name;
  const kept = Math.max(0, characters - 1);
  const end = Math.floor(kept / 2);
  return `${name.slice(0, kept - end)}…${name.slice(name.length - end)}`;
}

/** Text cut to so many characters, the last of them an ellipsis. */
export function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, Math.max(0, characters - 1))}…`;
}
