/** Prepared images of one part. */
export interface LabelledImages {
  readonly count: number;
  /** `[count, height, width, channels]`, row-major, 0..255. */
  readonly pixels: Uint8Array;
  /** Class index of each image, `[count]`. */
  readonly labels: ArrayLike<number>;
}

/** Up to this many bytes of float32 images stay on the device; what is larger is sent batch by batch. */
export const RESIDENT_BYTES = 1024 ** 3;

/** The pixels of images from `start` on, `[count, features]`. */
export function imageSlice(
  images: LabelledImages,
  features: number,
  start: number,
  count: number,
): Uint8Array {
  return images.pixels.subarray(start * features, (start + count) * features);
}
