import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { Pixels } from '../pixels.ts';
import { adaptiveInvert } from './adaptive-invert.ts';
import { decode } from './decode.ts';
import { grayscale } from './grayscale.ts';
import { minmaxNormalize } from './minmax-normalize.ts';
import { resize } from './resize.ts';
import { trim } from './trim.ts';

/** The options that decide what an image is prepared to. */
export type PreparationOptions = Pick<
  RunConfig,
  'trim' | 'resize' | 'grayscale' | 'minmaxNormalize' | 'adaptiveInvert'
>;

/**
 * An encoded image as a network gets it, before its values are divided by 255: decoded, trimmed, resized, made grey,
 * stretched, inverted, in this order, each step only where it is asked for.
 * @throws Error with the decoder's reason.
 */
export async function prepareImage(encoded: Uint8Array, options: PreparationOptions): Promise<Pixels> {
  let image = await decode(encoded);
  if (options.trim) image = trim(image);
  image = resize(image, options.resize);
  if (options.grayscale) image = grayscale(image);
  if (options.minmaxNormalize) image = minmaxNormalize(image);
  if (options.adaptiveInvert) image = adaptiveInvert(image);
  return image;
}
