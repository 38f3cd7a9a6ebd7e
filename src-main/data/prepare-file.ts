import { readFile, stat } from 'node:fs/promises';
import type { Pixels } from './pixels.ts';
import { unreadableReason } from './preparation/decode.ts';
import { type PreparationOptions, prepareImage } from './preparation/prepare.ts';

/** A prepared image, or why it could not be read. */
export type FileOutcome = { readonly pixels: Pixels } | { readonly reason: string };

/** Files of more bytes than this are refused unread: no image of a size that is taken needs so many. */
const MAX_FILE_BYTES = 256_000_000;

/** Reads and prepares one image file. */
export async function prepareFile(file: string, options: PreparationOptions): Promise<FileOutcome> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) return { reason: `It has more than ${MAX_FILE_BYTES / 1e6} million bytes.` };
    return { pixels: await prepareImage(await readFile(file), options) };
  } catch (error) {
    return { reason: unreadableReason(error) };
  }
}
