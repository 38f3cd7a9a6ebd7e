/** How a command ends. Ended by a signal it is 128 + the signal's number, as shells have it. */
export const EXIT = {
  done: 0,
  /** Something broke, or a run did not come to its end. */
  failed: 1,
  /** What was asked for is not possible; the message says what to mend. */
  mend: 2,
} as const;
