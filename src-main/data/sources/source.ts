import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type RunConfig, isFolderPath } from '../../../src-preload/contract/config.ts';
import type { DataFolders, Progress } from '../../../src-preload/contract/data-process.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { removeLeftovers } from '../leftovers.ts';
import { createTurns } from '../turns.ts';
import { drawColors } from './colors.ts';
import { listFolder } from './folder.ts';
import type { ImageList } from './image-list.ts';
import { drawNumbers } from './numbers.ts';

/** Sets that are drawn into the data sets folder when they are first used. */
export const BUILT_IN = { numbers: drawNumbers, colors: drawColors } as const;
export type BuiltIn = keyof typeof BUILT_IN;

/** The seed that built-in sets are drawn with on first use. */
export const DEFAULT_DRAWING_SEED = 0;

export interface SourceOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** At the drawing of a set: of runs that start together one draws. */
const turns = createTurns();

interface Place {
  readonly name: string;
  readonly folder: string;
  readonly builtIn: BuiltIn | undefined;
}

/** Where a configuration's data set lies: a folder by its path, or by its name under the data sets folder. */
export function placeOf(config: Pick<RunConfig, 'dataset' | 'datasetsPath'>, folders: DataFolders): Place {
  const { dataset } = config;
  const root = config.datasetsPath === '' ? folders.datasets : resolve(config.datasetsPath);
  if (isFolderPath(dataset))
    return { name: basename(resolve(dataset)), folder: resolve(dataset), builtIn: undefined };
  const named = join(root, dataset);
  if (isBuiltIn(dataset) && !existsSync(named)) {
    return { name: dataset, folder: join(folders.datasets, dataset), builtIn: dataset };
  }
  return {
    name: dataset,
    folder: named,
    builtIn: isBuiltIn(dataset) && root === folders.datasets ? dataset : undefined,
  };
}

function isBuiltIn(name: string): name is BuiltIn {
  return Object.hasOwn(BUILT_IN, name);
}

/**
 * Lists a configuration's data set, drawing a built-in one that is not there yet, and keeps the images that
 * `filterDataset` names.
 * @throws UserError for a set that is not there, has no classes, one class only, or no image.
 */
export async function openSource(
  config: Pick<RunConfig, 'dataset' | 'datasetsPath' | 'filterDataset'>,
  folders: DataFolders,
  options: SourceOptions = {},
): Promise<ImageList> {
  const place = placeOf(config, folders);
  if (place.builtIn !== undefined && !existsSync(place.folder))
    await drawOnce(place.builtIn, place.folder, options);
  if (!(await isDirectory(place.folder))) throw await absentSet(config, folders);
  const list = await listFolder(place.folder);
  checkList(place, list);
  return {
    name: place.name,
    folder: place.folder,
    builtIn: place.builtIn !== undefined,
    classes: list.classes,
    images: filterImages(list.images, config.filterDataset, place.folder),
    unreadable: list.unreadable,
  };
}

function drawOnce(kind: BuiltIn, folder: string, { onProgress, signal }: SourceOptions): Promise<void> {
  return turns.take(folder, async () => {
    if (existsSync(folder)) return;
    await removeLeftovers(dirname(folder), (name) => name.startsWith('.drawing-'));
    await BUILT_IN[kind](folder, {
      seed: DEFAULT_DRAWING_SEED,
      perClass: undefined,
      onProgress: (done, total) => onProgress?.({ what: 'drawing', done, total }),
      ...(signal === undefined ? {} : { signal }),
    });
  });
}

function checkList(
  { folder }: Place,
  { classes, images, unreadable }: Pick<ImageList, 'classes' | 'images' | 'unreadable'>,
): void {
  const [first] = unreadable;
  const named = first === undefined ? '' : ` ${first.path}: ${first.reason}`;
  if (classes.length === 0) {
    throw new UserError(
      `${folder} has no class folders. Put the images of each class in a sub-folder named after it.${named}`,
    );
  }
  if (images.length === 0) {
    throw new UserError(
      `${folder} has class folders (${classes.slice(0, 5).join(', ')}) but no image in any of them.${named}`,
    );
  }
  if (classes.length === 1) {
    throw new UserError(
      `${folder} has one class only (${classes[0] ?? ''}). A classifier needs two or more to tell apart.`,
    );
  }
  for (const [label, name] of classes.entries()) {
    if (!images.some((image) => image.label === label)) {
      throw new UserError(`Class ${name} of ${folder} has no image. Add some, or remove its folder.${named}`);
    }
  }
}

/** Images by their place in the list, counted from 0. @throws UserError for a place beyond its end. */
export function filterImages<Image>(images: readonly Image[], filter: string, folder: string): Image[] {
  if (filter === 'all') return [...images];
  const wanted = new Set<number>();
  for (const range of filter.split(',')) {
    const [first = 0, last = first] = range.split('-').map(Number);
    if (Math.max(first, last) >= images.length) {
      throw new UserError(
        `--filter-dataset names image ${Math.max(first, last)}, but ${folder} has images 0 to ${images.length - 1}.`,
      );
    }
    for (let index = first; index <= last; index++) wanted.add(index);
  }
  return images.filter((_, index) => wanted.has(index));
}

/** Names of the sets that can be had, built-in ones first. */
export async function knownSets(
  config: Pick<RunConfig, 'datasetsPath'>,
  folders: DataFolders,
): Promise<string[]> {
  const roots = [folders.datasets, ...(config.datasetsPath === '' ? [] : [resolve(config.datasetsPath)])];
  const names = new Set<string>(Object.keys(BUILT_IN));
  for (const root of roots) {
    for (const name of await readdir(root).catch(() => [])) {
      if (!name.startsWith('.') && (await isDirectory(join(root, name)))) names.add(name);
    }
  }
  return [...names];
}

async function absentSet(
  config: Pick<RunConfig, 'dataset' | 'datasetsPath'>,
  folders: DataFolders,
): Promise<UserError> {
  const known = await knownSets(config, folders);
  return new UserError(
    `There is no data set ${config.dataset}. Those that are there: ${known.join(', ')}. Or give the path of a folder with one sub-folder a class.`,
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
