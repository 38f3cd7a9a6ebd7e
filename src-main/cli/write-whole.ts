import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../src-preload/contract/errors.ts';

/**
 * Writes a file as a whole: whoever reads it sees the old one or the new one, never a part.
 * @returns its absolute path.
 * @throws UserError where it cannot be written.
 */
export async function writeWhole(path: string, contents: string | Uint8Array): Promise<string> {
  const file = resolve(path);
  const unfinished = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    await writeFile(unfinished, contents);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new UserError(`${file} cannot be written: ${reasonOf(error, file)}`);
  }
  return file;
}

/** A sentence; what the system says names a file that nobody asked for. */
function reasonOf(error: unknown, file: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${dirname(file)}.`;
    case 'ENOTDIR':
      return `${dirname(file)} is no folder.`;
    case 'EISDIR':
      return 'it is a folder.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `nothing may be written into ${dirname(file)}.`;
    case 'ENOSPC':
      return 'the disk is full.';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
