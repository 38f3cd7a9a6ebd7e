/** Formats of images that are read. */
export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp' | 'tiff' | 'avif';

/** Bytes that tell the format. */
export const FORMAT_BYTES = 12;

const BEGINNINGS: readonly (readonly [ImageFormat, string])[] = [
  ['png', '\x89PNG\r\n\x1a\n'],
  ['jpeg', '\xff\xd8\xff'],
  ['gif', 'GIF8'],
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0*'],
  ['tiff', 'II+\0'],
  ['tiff', 'MM\0+'],
];

/**
 * The format of an image by its first bytes, whatever its name says; undefined for all that is not read. The decoder
 * knows more formats, some of them programs more than pictures: a drawing in SVG can keep it busy for ever.
 */
export function formatOf(head: Uint8Array): ImageFormat | undefined {
  const text = String.fromCharCode(...head.subarray(0, FORMAT_BYTES));
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  if (text.startsWith('ftyp', 4)) return 'avif';
  return BEGINNINGS.find(([, beginning]) => text.startsWith(beginning))?.[0];
}
