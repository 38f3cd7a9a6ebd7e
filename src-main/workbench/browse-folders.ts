import { readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { FolderListing } from '../../src-preload/contract/dataset.ts';

const IMAGE_ENDINGS = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.tif', '.tiff', '.bmp', '.avif']);

/** Folders and, within one, files that are looked at to tell a data set by. */
const MOST_FOLDERS = 500;
const MOST_LOOKED_AT = 50;

/**
 * The folders in a folder, for choosing one: names alone, hidden ones left out. A folder looks like a data set where
 * at least two of its own folders hold an image.
 * @param path absolute; the user's own folder where none is given.
 * @throws UserError for a folder that is not there or cannot be listed.
 */
export async function browseFolders(path: string | undefined): Promise<FolderListing> {
  const folder = resolve(path ?? homedir());
  const names = await foldersIn(folder).catch((error: unknown) => {
    throw new UserError(
      `The folder ${folder} cannot be listed (${error instanceof Error ? error.message : String(error)}). Choose another one.`,
    );
  });
  const shown = names.slice(0, MOST_FOLDERS);
  const parent = dirname(folder);
  return {
    folder,
    parent: parent === folder ? null : parent,
    looksLikeDataset: await looksLikeDataset(folder, names),
    folders: await Promise.all(
      shown.map(async (name) => {
        const inner = join(folder, name);
        const own = await foldersIn(inner).catch(() => []);
        return { name, path: inner, looksLikeDataset: await looksLikeDataset(inner, own) };
      }),
    ),
    isCut: names.length > shown.length,
  };
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(folder, entry.name)))))
      names.push(entry.name);
  }
  return names.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(await realpath(path).catch(() => path)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function looksLikeDataset(folder: string, classes: readonly string[]): Promise<boolean> {
  if (classes.length < 2) return false;
  let found = 0;
  for (const name of classes.slice(0, MOST_LOOKED_AT)) {
    const files = await readdir(join(folder, name)).catch(() => []);
    if (files.slice(0, MOST_LOOKED_AT).some((file) => IMAGE_ENDINGS.has(extname(file).toLowerCase())))
      found++;
    if (found === 2) return true;
  }
  return false;
}
