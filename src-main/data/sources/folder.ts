import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { compare } from 'natural-orderby';
import type { ImageList, ListedImage } from './image-list.ts';

/** Files with these endings count as images; whether they can be read shows when they are. */
const EXTENSIONS = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.tif', '.tiff', '.bmp', '.avif']);

const inNaturalOrder = compare();

/**
 * Lists a folder of class folders. Hidden files, files beside the class folders, folders inside them and files that
 * are no images by their ending are passed over; links are followed, those that lead nowhere passed over.
 * @throws Error where the folder cannot be listed.
 */
export async function listFolder(folder: string): Promise<Pick<ImageList, 'classes' | 'images'>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries) if (await isFolder(folder, entry)) names.push(entry.name);
  const classes = names.sort(inNaturalOrder);
  const images: ListedImage[] = [];
  for (const [label, name] of classes.entries()) images.push(...(await listClass(folder, name, label)));
  return { classes, images };
}

async function isFolder(folder: string, entry: Dirent): Promise<boolean> {
  if (entry.name.startsWith('.')) return false;
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(join(folder, entry.name)).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

async function listClass(folder: string, name: string, label: number): Promise<ListedImage[]> {
  const files = (await readdir(join(folder, name)))
    .filter((file) => !file.startsWith('.') && EXTENSIONS.has(extname(file).toLowerCase()))
    .sort(inNaturalOrder);
  const images: ListedImage[] = [];
  for (const file of files) {
    const found = await stat(join(folder, name, file)).catch(() => undefined);
    if (found?.isFile() !== true) continue;
    images.push({ path: `${name}/${file}`, label, bytes: found.size, modifiedMs: found.mtimeMs });
  }
  return images;
}
