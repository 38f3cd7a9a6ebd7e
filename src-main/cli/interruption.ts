/** Signals that ask a command to end, and how it then exits: 128 + the signal's number. */
export const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Thrown where a signal ended what was under way, and nothing is left to be said. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** How to exit. */
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('It was ended by a signal.');
    this.exitCode = exitCode;
  }
}

/** Where signals come from: the process, as a rule. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** What signals have asked for so far. */
export interface Interruption {
  /** How to exit; undefined while no signal has come. */
  exitCode(): number | undefined;
  /** Ends the listening: a further signal ends the process as usual. */
  close(): void;
}

/**
 * Hears the signals that ask to end. A third one ends the process as if nobody listened.
 * @param tidy at the first of them.
 * @param atOnce at the second.
 */
export function onInterruption(
  { tidy, atOnce }: { readonly tidy: () => void; readonly atOnce: () => void },
  source: SignalSource = process,
): Interruption {
  let exitCode: number | undefined;
  let times = 0;
  const signals = Object.keys(SIGNAL_EXITS) as (keyof typeof SIGNAL_EXITS)[];
  const listeners = signals.map((signal) => {
    function listener(): void {
      exitCode = SIGNAL_EXITS[signal];
      times++;
      if (times === 1) tidy();
      else {
        close();
        atOnce();
      }
    }
    source.on(signal, listener);
    return { signal, listener };
  });
  function close(): void {
    for (const { signal, listener } of listeners) source.off(signal, listener);
  }
  return { exitCode: () => exitCode, close };
}
