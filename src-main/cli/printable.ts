/** What a terminal takes for a command, or what turns the order of letters around: all but the tab and the line's end. */
const COMMANDS = /(?![\t\n])[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Styles that this program paints with itself (ECMA-48, 8.3.117): bold, dim, three colours, and the ends of them. */
const STYLES = /\u001b\[(?:1|2|22|31|32|33|39)m/g;

/**
 * Text that a terminal shows and does not act upon, whatever names of files and classes hold: control characters as
 * JSON writes them, so that JSON stays what it is.
 */
export function printable(text: string): string {
  return text.replaceAll(COMMANDS, escaped);
}

/** The same of one name, which may not go on in a line of its own. */
export function printableName(name: string): string {
  return printable(name).replaceAll(/[\t\n]/g, escaped);
}

/** The same of text that this program has painted: its styles stay. */
export function printablePainted(text: string): string {
  const parts = text.split(STYLES).map(printable);
  const styles = text.match(STYLES) ?? [];
  return parts.map((part, index) => part + (styles[index] ?? '')).join('');
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
