/**
 * Does something while no other process does it for the same project. A lock whose owner has died is taken over.
 * @param options.folder in which locks lie.
 * @param options.pause passes the time between two looks at a lock that another process holds.
 */
export function withLock(
  root: string,
  say: (line: string) => void,
  action: () => Promise<void>,
  options?: { readonly folder?: string; readonly pause?: () => Promise<unknown> },
): Promise<void>;

/** Where the lock of a project lies: a folder with a file `owner` in it. */
export function lockFolder(root: string, folder?: string): string;
