/**
 * Runs a program with the project's own programs first on its path, and gives its exit code (128 + the number of the
 * signal that ended it, as shells have it).
 */
export function run(
  program: string,
  args: readonly string[],
  options: {
    readonly root: string;
    readonly stdout: 'inherit' | 'to-stderr' | 'ignore';
    readonly cwd?: string;
  },
): Promise<number>;

/**
 * Runs a program in silence, and gives its exit code and what it wrote to standard error.
 * @param options.limitMs milliseconds after which it is ended.
 */
export function runSilently(
  program: string,
  args: readonly string[],
  options: { readonly root: string; readonly cwd?: string; readonly limitMs?: number },
): Promise<{ readonly code: number; readonly errors: string }>;
