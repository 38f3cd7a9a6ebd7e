import { type Pixels, luma } from '../pixels.ts';

/**
 * The negative, `255 − v` in every channel, of an image whose top-left pixel's intensity (its luma, or its grey
 * value) is below 127.5; other images stay as they are.
 */
export function adaptiveInvert(image: Pixels): Pixels {
  const [first = 0, second = 0, third = 0] = image.data;
  const intensity = image.channels === 1 ? first : luma(first, second, third);
  return intensity < 127.5 ? { ...image, data: image.data.map((value) => 255 - value) } : image;
}
