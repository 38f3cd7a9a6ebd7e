import { addNoise } from './noise.ts';
import { randomOf } from './random.ts';
import { rotate } from './rotate.ts';

/** Prepared images: `[count, height, width, channels]`, 0..255. */
export interface AugmentedSource {
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface AugmentationOptions {
  /** Copies of each image, 1 or more. */
  readonly clones: number;
  /** Angles are uniform between minus and plus this many degrees. */
  readonly rotAngle: number;
  /** Standard deviation of the noise, 0..1. */
  readonly noiseIntensity: number;
  readonly seed: number;
}

/** Gives the training images of each epoch. */
export interface Augmenter {
  /** Images an epoch: count × clones. */
  readonly count: number;
  /** Whether every epoch is the same as the last: nothing is turned or made noisy. */
  readonly constant: boolean;
  /** Index of the image that an augmented one was made from: clones of one image follow one another. */
  sourceOf(index: number): number;
  /**
   * The images of an epoch, `[count × clones, height × width × channels]`, 0..1. They depend on the seed, the epoch,
   * the image and the clone, and on nothing else.
   * @param target is filled and given back where it is of that size.
   */
  epoch(epoch: number, target?: Float32Array): Float32Array;
}

/** Each clone by itself: turned about its centre, then made noisy, then clipped to 0..1. */
export function createAugmenter(source: AugmentedSource, options: AugmentationOptions): Augmenter {
  const { clones, rotAngle, noiseIntensity, seed } = options;
  const { width, height, channels } = source;
  const size = width * height * channels;
  const count = source.count * clones;
  const scaled = Float32Array.from({ length: 256 }, (_, value) => value / 255);
  const upright = new Float32Array(size);

  function scale(image: number, target: Float32Array, at: number): void {
    const from = image * size;
    for (let index = 0; index < size; index++)
      target[at + index] = scaled[source.pixels[from + index] ?? 0] ?? 0;
  }

  return {
    count,
    constant: rotAngle === 0 && noiseIntensity === 0,
    sourceOf: (index) => Math.floor(index / clones),
    epoch(epoch, target = new Float32Array(count * size)) {
      for (let image = 0; image < source.count; image++) {
        scale(image, upright, 0);
        for (let clone = 0; clone < clones; clone++) {
          const at = (image * clones + clone) * size;
          const random = randomOf(seed, epoch, image, clone);
          if (rotAngle > 0) {
            rotate(upright, 0, target, at, width, height, channels, (2 * random.next() - 1) * rotAngle);
          } else target.set(upright, at);
          if (noiseIntensity > 0) addNoise(target, at, size, noiseIntensity, random);
        }
      }
      return target;
    },
  };
}
