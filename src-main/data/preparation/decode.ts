import sharp from 'sharp';
import { countText } from '../../../src-preload/contract/figure-text.ts';
import type { Pixels } from '../pixels.ts';
import { systemReason } from '../system-reason.ts';
import { ImageRefusal } from './image-refusal.ts';

/** An encoded image: its bytes, or the absolute path of its file. */
export type EncodedImage = Uint8Array | string;

/** Images of more pixels than this are refused: a file of some kilobytes can otherwise ask for all memory there is. */
export const MAX_PIXELS = 52_000_000;

/** So long are the sides of a JPEG at most; a strip that is longer makes every step after it costly. */
export const MAX_SIDE = 65_535;

// Files are read by their paths too, and may have changed since they were read last.
sharp.cache(false);

/**
 * The pixels of an encoded image: turned as its EXIF orientation says, first frame of an animation, in sRGB, three
 * channels (grey is repeated), 8 bits (of 16 the upper 8), palette looked up. Alpha is dropped: the colours under it
 * stay as they are stored.
 * @param mostPixels an image of more is refused.
 * @throws Error with the decoder's reason for what cannot be read whole, ImageRefusal for one with too long a side.
 */
export async function decode(encoded: EncodedImage, mostPixels = MAX_PIXELS): Promise<Pixels> {
  const { data, info } = await sharp(encoded, { limitInputPixels: mostPixels })
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`It has ${info.channels} channels after decoding, not 3.`);
  checkSides(info);
  return { width: info.width, height: info.height, channels: 3, data };
}

/** @throws ImageRefusal for sides that are too long. */
export function checkSides({ width, height }: { readonly width: number; readonly height: number }): void {
  if (Math.max(width, height) > MAX_SIDE)
    throw new ImageRefusal(`It has a side of more than ${countText(MAX_SIDE)} pixels.`);
}

/** Whether an image has more pixels than it might have. */
export function hasTooManyPixels(error: unknown): boolean {
  return error instanceof Error && /exceeds pixel limit/i.test(error.message);
}

/** Why an image could not be read, as one short sentence. */
export function unreadableReason(error: unknown): string {
  if (error instanceof ImageRefusal) return error.message;
  const system = systemReason(error);
  if (system !== undefined) return system;
  const message = error instanceof Error ? error.message : String(error);
  if (/unsupported image format/i.test(message))
    return 'It is empty, damaged, or of a format that is not read.';
  if (hasTooManyPixels(error)) return `It has more than ${MAX_PIXELS / 1e6} million pixels.`;
  // What the decoder says may be of another image: all of its threads write their errors into one text.
  return 'It cannot be decoded: it is damaged or cut off.';
}
