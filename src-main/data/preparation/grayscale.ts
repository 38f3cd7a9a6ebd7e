import { type Pixels, luma } from '../pixels.ts';

/** An image of one channel: each pixel's luma, rounded to the nearest whole number, halves up. */
export function grayscale(image: Pixels): Pixels {
  if (image.channels === 1) return image;
  const { width, height, data } = image;
  const grey = new Uint8Array(width * height);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = pixel * 3;
    grey[pixel] = Math.round(luma(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0));
  }
  return { width, height, channels: 1, data: grey };
}
