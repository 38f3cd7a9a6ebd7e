import sharp from 'sharp';
import type { Pixels } from '../pixels.ts';

/** Images of more pixels than this are refused: a file of some kilobytes can otherwise ask for all memory there is. */
export const MAX_PIXELS = 64_000_000;

/**
 * The pixels of an encoded image: turned as its EXIF orientation says, first frame of an animation, in sRGB, three
 * channels (grey is repeated), 8 bits (of 16 the upper 8), palette looked up. Alpha is dropped: the colours under it
 * stay as they are stored.
 * @throws Error with the decoder's reason for what cannot be read whole.
 */
export async function decode(encoded: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(encoded, { limitInputPixels: MAX_PIXELS })
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`It has ${info.channels} channels after decoding, not 3.`);
  return { width: info.width, height: info.height, channels: 3, data };
}

/** Why an image could not be read, as one short sentence. */
export function unreadableReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/unsupported image format/i.test(message))
    return 'It is empty, damaged, or of a format that is not read.';
  if (/exceeds pixel limit/i.test(message)) return `It has more than ${MAX_PIXELS / 1e6} million pixels.`;
  return `It cannot be decoded: ${message.split('\n')[0]?.trim() ?? message}.`;
}
