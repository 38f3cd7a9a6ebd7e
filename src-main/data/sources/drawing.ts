import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { writerMark } from '../leftovers.ts';
import { type Random, randomOf } from '../augmentation/random.ts';

/** How a built-in data set is drawn. */
export interface DrawingOptions {
  /** The same seed gives the same pixels. */
  readonly seed: number;
  /** Images of each class; undefined: as many as the set has by itself. */
  readonly perClass: number | undefined;
  readonly onProgress?: (drawn: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** One class of a set that is drawn. */
export interface DrawnClass {
  readonly name: string;
  readonly count: number;
  /** An image of the class as SVG. */
  readonly draw: (random: Random, index: number) => string;
}

/**
 * Draws a set into a folder of class folders of PNGs. It is drawn beside and renamed when it is whole, so that one
 * whose drawing was cut off is never taken for a data set; where another process was quicker, its set stays. One image
 * at a time: an SVG renderer shares its state.
 */
export async function drawSet(
  folder: string,
  classes: readonly DrawnClass[],
  options: DrawingOptions,
): Promise<void> {
  const unfinished = join(dirname(folder), `.drawing-${writerMark()}`);
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  let drawn = 0;
  try {
    for (const [label, { name, count, draw }] of classes.entries()) {
      await mkdir(join(unfinished, name), { recursive: true });
      for (let index = 0; index < count; index++) {
        options.signal?.throwIfAborted();
        const svg = draw(randomOf(options.seed, label, index), index);
        const png = await sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 6 }).toBuffer();
        await writeFile(join(unfinished, name, `${name}_${String(index + 1).padStart(4, '0')}.png`), png);
        drawn++;
        options.onProgress?.(drawn, total);
      }
    }
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** A number uniform between two others. */
export function between(random: Random, least: number, most: number): number {
  return least + (most - least) * random.next();
}
