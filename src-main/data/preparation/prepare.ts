import type { RunConfig } from '../../../src-preload/contract/config.ts';
import { freePixels, type Pixels } from '../pixels.ts';
import { decode, type EncodedImage } from './decode.ts';
import { stepsOf } from './steps.ts';

/** The options that decide what an image is prepared to. */
export type PreparationOptions = Pick<
  RunConfig,
  'trim' | 'resize' | 'grayscale' | 'minmaxNormalize' | 'adaptiveInvert'
>;

/**
 * An encoded image as a network gets it, before its values are divided by 255: decoded, trimmed, resized, made grey,
 * stretched, inverted, in this order, each step only where it is asked for.
 * @param mostPixels an image of more is refused.
 * @throws Error with the decoder's reason.
 */
export async function prepareImage(
  encoded: EncodedImage,
  options: PreparationOptions,
  mostPixels?: number,
): Promise<Pixels> {
  let image = await decode(encoded, mostPixels);
  for (const { apply } of stepsOf(options)) {
    const before = image;
    image = apply(before);
    if (image.data.buffer !== before.data.buffer) freePixels(before);
  }
  return image;
}

/** How many more times the pixels of a decoded image are held while it is prepared. */
export function preparationCopies({ trim }: PreparationOptions): number {
  return trim ? 1 : 0;
}
