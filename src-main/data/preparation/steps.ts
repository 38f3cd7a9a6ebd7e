import type { Pixels } from '../pixels.ts';
import { adaptiveInvert } from './adaptive-invert.ts';
import { grayscale } from './grayscale.ts';
import { minmaxNormalize } from './minmax-normalize.ts';
import type { PreparationOptions } from './prepare.ts';
import { resize } from './resize.ts';
import { trim } from './trim.ts';

/** What is done to a decoded image, in this order, each step only where it is asked for. */
export type StepName = 'trimmed' | 'resized' | 'grayscale' | 'stretched' | 'inverted';

/** A step and what it does. */
export interface Step {
  readonly name: StepName;
  readonly apply: (image: Pixels) => Pixels;
}

/** The steps that options ask for: trimmed, resized, made grey, stretched, inverted. */
export function stepsOf(options: PreparationOptions): Step[] {
  return [
    ...(options.trim ? [{ name: 'trimmed' as const, apply: trim }] : []),
    { name: 'resized', apply: (image) => resize(image, options.resize) },
    ...(options.grayscale ? [{ name: 'grayscale' as const, apply: grayscale }] : []),
    ...(options.minmaxNormalize ? [{ name: 'stretched' as const, apply: minmaxNormalize }] : []),
    ...(options.adaptiveInvert ? [{ name: 'inverted' as const, apply: adaptiveInvert }] : []),
  ];
}
