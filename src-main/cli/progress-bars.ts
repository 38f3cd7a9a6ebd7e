import cliProgress from 'cli-progress';
import type { EpochFigures } from '../../src-preload/contract/series.ts';
import { countText, durationText } from '../../src-preload/contract/figure-text.ts';
import type { Pace } from './pace.ts';
import { partTexts } from './run-messages.ts';
import { printableName } from './printable.ts';
import type { Output } from './terminal.ts';
import { cut, cutName } from './text-table.ts';

/** What a bar shows. */
export interface BarState {
  readonly name: string;
  /** Share that is done, 0 to 1. */
  readonly share: number;
  /** Told in any case. */
  readonly texts: readonly string[];
  /** Told where there is room. */
  readonly rate: string;
}

/** Bars at the foot of a terminal, one for each thing that is under way, under lines that stay. */
export interface ProgressBars {
  /** Adds a bar, where it is not there yet. */
  start(id: string, name: string): void;
  update(id: string, change: Partial<BarState>): void;
  epoch(id: string, figures: EpochFigures, epochs: number, pace: Pace): void;
  end(id: string): void;
  /** Writes a line above the bars. */
  log(line: string): void;
  close(): void;
}

/** Characters of a bar. */
const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;

/** Characters of the longest name beside a bar, and of the shortest that tells anything. */
export const LONGEST_NAME = 20;
const SHORTEST_NAME = 4;

/** Room behind a bar for the `^C` that a terminal writes there itself: on a line of its own it would move the bars. */
const SPARE_COLUMNS = 3;

/** Control sequence that empties the line from the cursor on: a log line may be written over a longer bar. */
const CLEAR_REST = '\u001b[K';

/** @param nameLength characters of the longest name. */
export function progressBars(output: Output, nameLength: number): ProgressBars {
  const states = new Map<string, BarState>();
  const bars = new Map<string, cliProgress.SingleBar>();
  // From the first bar on every line goes through the bars, which know where on the screen they are.
  let isLive = false;
  const all = new cliProgress.MultiBar({
    stream: output.stream,
    hideCursor: true,
    clearOnComplete: true,
    // Ctrl-C is not the bars' to handle: runs go on until their next batch.
    gracefulExit: false,
    forceRedraw: true,
    // Lines above the bars may be longer than the terminal is wide.
    linewrap: true,
    format: (_options, _params, payload: { readonly id: string }) => {
      const state = states.get(payload.id);
      return state === undefined ? '' : barLine(state, (output.columns ?? 80) - SPARE_COLUMNS, nameLength);
    },
  });

  function update(id: string, change: Partial<BarState>): void {
    const state = states.get(id);
    if (state !== undefined) states.set(id, { ...state, ...change });
  }

  return {
    start(id, name) {
      if (bars.has(id)) return;
      states.set(id, { name: printableName(name), share: 0, texts: [], rate: '' });
      bars.set(id, all.create(1, 0, { id }));
      isLive = true;
    },
    update,
    epoch(id, figures, epochs, pace) {
      // Of even width, so that a bar does not grow and shrink with its figures.
      const left = `${durationText(pace.leftMs).padStart(6)} left`;
      update(id, {
        share: figures.epoch / epochs,
        texts: [
          `${String(figures.epoch).padStart(String(epochs).length)}/${epochs}`,
          ...partTexts(figures),
          left,
        ],
        rate: `${countText(pace.imagesPerSecond).padStart(7)} images/s`,
      });
    },
    end(id) {
      const bar = bars.get(id);
      if (bar === undefined) return;
      all.remove(bar);
      bars.delete(id);
      states.delete(id);
    },
    log(line) {
      if (isLive) all.log(`${output.shown(line)}${CLEAR_REST}\n`);
      else output.line(line);
    },
    close() {
      if (!isLive) return;
      isLive = false;
      // Stopping drops lines that were not drawn yet.
      all.update();
      all.stop();
    },
  };
}

/**
 * A bar and its texts in one line of at most so many columns. Where there is no room the rate goes first, then the
 * bar (the texts tell how far it is), then the longer part of the name, and at last the words' ends.
 */
export function barLine({ name, share, texts, rate }: BarState, columns: number, nameLength: number): string {
  const room = Math.min(nameLength, LONGEST_NAME, Math.floor(columns / 5));
  const label = room === 0 ? '' : `${cutName(name, room).padEnd(room)}  `;
  for (const shown of rate === '' ? [texts] : [[...texts, rate], texts]) {
    const words = shown.join('  ');
    const space = Math.min(WIDEST_BAR, columns - label.length - words.length - 2);
    if (space >= NARROWEST_BAR) return `${label}${bar(share, space)}  ${words}`;
  }
  const words = texts.join('  ');
  const rest = columns - words.length - 2;
  if (rest >= Math.min(room, SHORTEST_NAME)) return `${cutName(name, Math.min(room, rest))}  ${words}`;
  return cut(words, columns);
}

function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
