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
    throw new UserError(
      `${file} cannot be written (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  return file;
}
