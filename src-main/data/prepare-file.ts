import { readFile } from 'node:fs/promises';
import type { Pixels } from './pixels.ts';
import { unreadableReason } from './preparation/decode.ts';
import { type PreparationOptions, prepareImage } from './preparation/prepare.ts';

/** A prepared image, or why it could not be read. */
export type FileOutcome = { readonly pixels: Pixels } | { readonly reason: string };

/** Reads and prepares one image file. */
export async function prepareFile(file: string, options: PreparationOptions): Promise<FileOutcome> {
  try {
    return { pixels: await prepareImage(await readFile(file), options) };
  } catch (error) {
    return { reason: unreadableReason(error) };
  }
}
