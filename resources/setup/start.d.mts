/**
 * Opens the workbench in its window; where that is not possible it says why, in one sentence, and serves it to a
 * browser. Gives the exit code.
 */
export function start(
  root: string,
  node: string,
  args: readonly string[],
  say: (line: string) => void,
): Promise<number>;
