/** An image in memory: 8 bits a channel, rows from the top, `[height, width, channels]`; 1 is grey, 3 is sRGB. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/**
 * Luma of a colour in 0..255, not rounded: 0.2126 R + 0.7152 G + 0.0722 B on the gamma-encoded values
 * (ITU-R BT.709-6, item 3.2; the weights that ImageMagick's `-grayscale Rec709Luma` uses).
 */
export function luma(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Pixels of fewer bytes are left to the garbage collector. */
const WORTH_FREEING = 1_000_000;

/**
 * Gives back the memory of a large image that nobody uses any more, at once: the collector comes when there are many, and
 * a few large ones are all the memory that there is. Its pixels are gone afterwards.
 */
export function freePixels({ data: { buffer, byteLength } }: Pixels): void {
  // A view of a part may lie in memory that others use.
  if (byteLength >= WORTH_FREEING && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    buffer.transfer(0);
}
