import { statSync } from 'node:fs';

/** What tells a file from any other that has come to stand under its name; undefined where there is none. */
export function fileIdentity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
