import type { Metadata } from 'sharp';

/** Bytes of a number of each depth that there is. */
const DEPTHS: Readonly<Record<string, number>> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};

/** Bytes of a decoded pixel: 8 bits in three channels. */
const PIXEL = 3;

/** What the decoder holds of rows at a time, spread over all pixels. */
const ROWS = 0.3;

/** What the decoders of these formats hold beside the decoded pixels, for each pixel of 8 bits a channel (measured). */
const WEBP = 6;
const GIF = 4.5;
const AVIF = 17;

/** Copies of metadata that the decoder makes. */
const METADATA_COPIES = 4;

/**
 * The most bytes that decoding an image takes. Formats whose pixels come row by row take what they become; those whose
 * pixels come at once, or in passes, are held as they are stored beside that, and so are those that have to be turned.
 * @param copies how many more times the decoded pixels are held by what is done to them.
 */
export function decodingNeed(metadata: Metadata, copies: number): number {
  const { width, height, format, channels, depth, isProgressive, orientation, chromaSubsampling } = metadata;
  const stored = channels * (DEPTHS[depth] ?? 16);
  let each = PIXEL * (1 + copies) + ROWS;
  if (format === 'webp') each += WEBP;
  else if (format === 'gif') each += GIF;
  else if (format === 'heif') each += AVIF * (DEPTHS[depth] ?? 16);
  else if (format === 'jpeg') {
    // Coefficients of 16 bits; where colour is stored at half the resolution, half as many.
    if (isProgressive) each += 2 * (chromaSubsampling === '4:2:0' ? channels / 2 : channels);
  } else if (format === 'tiff') {
    // A strip or tile may be as large as the image.
    each += stored;
  } else if (format !== 'png' || isProgressive) each += stored;
  if (orientation !== undefined && orientation > 1) each += stored;
  const { exif, icc, iptc, xmp } = metadata;
  const told = [exif, icc, iptc, xmp].reduce((sum, part) => sum + (part?.length ?? 0), 0);
  return Math.ceil(width * height * each + METADATA_COPIES * told);
}
