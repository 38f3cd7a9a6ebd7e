import { styleText } from 'node:util';
import { printable, printablePainted } from './printable.ts';

/** A style of a piece of text; left out where the stream is no terminal, or `NO_COLOR` is set. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** One of the two streams that a command writes to. */
export interface Output {
  /** Writes text and ends the line. What a terminal would take for a command is shown instead. */
  line(text?: string): void;
  /** Text as `line` writes it, for what is written by other means. */
  shown(text: string): string;
  paint(style: Style, text: string): string;
  /** Columns of the terminal; undefined where it is none, and lines may be as long as they like. */
  readonly columns: number | undefined;
  readonly stream: NodeJS.WriteStream;
}

/** Where a command writes to: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
}

/** The two streams of this process. */
export function processTerminal(): Terminal {
  return { out: outputTo(process.stdout), err: outputTo(process.stderr) };
}

function outputTo(stream: NodeJS.WriteStream): Output {
  const paints = styleText('bold', 'x', { stream }) !== 'x';
  const shown = paints ? printablePainted : printable;
  return {
    line(text = '') {
      stream.write(`${shown(text)}\n`);
    },
    shown,
    paint: (style, text) => styleText(style, text, { stream }),
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    stream,
  };
}
