import type { Pixels } from './pixels.ts';
import { NeedsMemory, useImage } from './image-file.ts';
import { unreadableReason } from './preparation/decode.ts';
import { preparationCopies, type PreparationOptions, prepareImage } from './preparation/prepare.ts';

/** A prepared image, or why it could not be read. */
export type FileOutcome = { readonly pixels: Pixels } | { readonly reason: string };

/**
 * Reads and prepares one image file.
 * @param granted bytes of memory that are set aside for it. @throws NeedsMemory where it takes more.
 */
export async function prepareFile(
  file: string,
  options: PreparationOptions,
  granted: number,
): Promise<FileOutcome> {
  try {
    return {
      pixels: await useImage(file, { granted, copies: preparationCopies(options) }, (image, mostPixels) =>
        prepareImage(image, options, mostPixels),
      ),
    };
  } catch (error) {
    if (error instanceof NeedsMemory) throw error;
    return { reason: unreadableReason(error) };
  }
}
