import type { Compute } from './compute/compute.ts';

/** Prepared images of one part. */
export interface LabelledImages {
  readonly count: number;
  /** `[count, height, width, channels]`, row-major, 0..255. */
  readonly pixels: Uint8Array;
  /** Class index of each image, `[count]`. */
  readonly labels: ArrayLike<number>;
}

/** Up to this many bytes of images stay on a device. */
const RESIDENT_BYTES = 1024 ** 3;

/** Whether images of so many float32 numbers may stay on the device; if not they are sent batch by batch. */
export function mayStay(compute: Compute, numbers: number): boolean {
  return 4 * numbers <= Math.min(RESIDENT_BYTES, compute.maxTensorBytes);
}

/** The pixels of images from `start` on, `[count, features]`. */
export function imageSlice(
  images: LabelledImages,
  features: number,
  start: number,
  count: number,
): Uint8Array {
  return images.pixels.subarray(start * features, (start + count) * features);
}

/** So many images at equal distances through all of them, or all: `[count, features]`. They lie class by class. */
export function spreadImages(images: LabelledImages, features: number, most: number): Uint8Array {
  const count = Math.min(images.count, most);
  const pixels = new Uint8Array(count * features);
  for (let place = 0; place < count; place++) {
    const image = Math.floor((place * images.count) / count);
    pixels.set(imageSlice(images, features, image, 1), place * features);
  }
  return pixels;
}
