import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { compare } from 'natural-orderby';
import type { UnreadableImage } from '../../../src-preload/contract/dataset.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { systemReason } from '../system-reason.ts';
import type { ImageList, ListedImage } from './image-list.ts';

/** Files with these endings count as images; whether they can be read shows when they are. */
const EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.tif', '.tiff', '.bmp', '.avif']);

const inNaturalOrder = compare();

/** An entry of a folder. */
interface Entry {
  /** As text: what is no UTF-8 in it is replaced, so that nothing can be found by that name. */
  readonly name: string;
  readonly isText: boolean;
  readonly isLink: boolean;
  readonly isFolder: boolean;
}

/**
 * Lists a folder of class folders. Hidden files, files beside the class folders, folders inside them and files that
 * are no images by their ending are passed over; links are followed. What has the name of an image and cannot be one
 * is named among the unreadable, and so is a link beside the class folders that leads nowhere.
 * @throws UserError where the folder or a class folder may not be listed.
 */
export async function listFolder(
  folder: string,
): Promise<Pick<ImageList, 'classes' | 'images' | 'unreadable'>> {
  const names: string[] = [];
  const images: ListedImage[] = [];
  const unreadable: UnreadableImage[] = [];
  for (const entry of await entriesOf(folder)) {
    if (!entry.isText && entry.isFolder) {
      throw new UserError(
        `The name of the class folder ${entry.name} in ${folder} is no text in UTF-8. Give it another name.`,
      );
    }
    if (!entry.isText || !(entry.isFolder || entry.isLink)) continue;
    const found = await lookAt(folder, entry);
    if (typeof found === 'string') unreadable.push({ path: entry.name, reason: found });
    else if (found.isDirectory()) names.push(entry.name);
  }
  const classes = names.sort(inNaturalOrder);
  for (const [label, name] of classes.entries()) {
    const entries = (await entriesOf(join(folder, name)))
      .filter((entry) => EXTENSIONS.has(extname(entry.name).toLowerCase()))
      .sort((one, other) => inNaturalOrder(one.name, other.name));
    for (const entry of entries) {
      const path = `${name}/${entry.name}`;
      const found = entry.isText
        ? await lookAt(join(folder, name), entry)
        : 'Its name is no text in UTF-8. Give it another name.';
      if (typeof found === 'string') unreadable.push({ path, reason: found });
      else if (found.isFile()) {
        images.push({ path, label, bytes: found.size, modifiedMs: found.mtimeMs });
      } else unreadable.push({ path, reason: found.isDirectory() ? 'It is a folder.' : 'It is no file.' });
    }
  }
  return { classes, images, unreadable };
}

/** What is not hidden in a folder. @throws UserError where it may not be listed. */
async function entriesOf(folder: string): Promise<Entry[]> {
  let found: Dirent<Buffer>[];
  try {
    found = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new UserError(`${folder} cannot be listed. ${reason}`);
  }
  return found
    .map((entry) => ({
      name: entry.name.toString(),
      isText: isUtf8(entry.name),
      isLink: entry.isSymbolicLink(),
      isFolder: entry.isDirectory(),
    }))
    .filter(({ name }) => !name.startsWith('.'));
}

/** What an entry is, links followed, or why that cannot be known. */
async function lookAt(folder: string, entry: Entry): Promise<Stats | string> {
  try {
    return await stat(join(folder, entry.name));
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    const leadsNowhere = entry.isLink && error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return leadsNowhere ? 'It is a link that leads nowhere.' : reason;
  }
}
