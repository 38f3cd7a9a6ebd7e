import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { Pixels } from '../pixels.ts';
import { decode } from './decode.ts';
import { stepsOf } from './steps.ts';

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
  for (const { apply } of stepsOf(options)) image = apply(image);
  return image;
}
