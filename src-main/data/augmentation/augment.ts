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
  /** Some images of an epoch, the same as there: row `rows[i]` is written to the i-th place of `target`. */
  rows(epoch: number, rows: ArrayLike<number>, target: Float32Array): void;
}

/** Whether images are made anew for every epoch: turned, or made noisy. */
export function isAugmented(options: Pick<AugmentationOptions, 'rotAngle' | 'noiseIntensity'>): boolean {
  return options.rotAngle !== 0 || options.noiseIntensity !== 0;
}

/** Up to so many numbers, 16 MiB of them, images are kept as such, beside their pixels. */
const KEPT_NUMBERS = 2 ** 22;

/** Each clone by itself: turned about its centre, then made noisy, then clipped to 0..1. */
export function createAugmenter(source: AugmentedSource, options: AugmentationOptions): Augmenter {
  const { clones, rotAngle, noiseIntensity, seed } = options;
  const { width, height, channels } = source;
  const size = width * height * channels;
  const count = source.count * clones;
  const scaled = Float32Array.from({ length: 256 }, (_, value) => value / 255);
  // Images divided by 255: all of them where they are few numbers, else the last one that was asked for.
  const keepsAll = source.count * size <= KEPT_NUMBERS;
  const upright = new Float32Array(keepsAll ? source.count * size : size);
  const isScaled = new Uint8Array(source.count);
  let last = -1;

  /** Where `upright` holds an image. */
  function scale(image: number): number {
    const at = keepsAll ? image * size : 0;
    if (keepsAll ? isScaled[image] === 1 : image === last) return at;
    isScaled[image] = 1;
    last = image;
    const from = image * size;
    for (let index = 0; index < size; index++) {
      upright[at + index] = scaled[source.pixels[from + index] as number] as number;
    }
    return at;
  }

  function augment(epoch: number, image: number, clone: number, target: Float32Array, at: number): void {
    const random = randomOf(seed, epoch, image, clone);
    const from = scale(image);
    if (rotAngle > 0) {
      rotate(upright, from, target, at, width, height, channels, (2 * random.next() - 1) * rotAngle);
    } else target.set(upright.subarray(from, from + size), at);
    if (noiseIntensity > 0) addNoise(target, at, size, noiseIntensity, random);
  }

  function rows(epoch: number, wanted: ArrayLike<number>, target: Float32Array): void {
    for (let place = 0; place < wanted.length; place++) {
      const row = wanted[place] ?? 0;
      const image = Math.floor(row / clones);
      augment(epoch, image, row - image * clones, target, place * size);
    }
  }

  return {
    count,
    constant: !isAugmented(options),
    sourceOf: (index) => Math.floor(index / clones),
    epoch(epoch, target = new Float32Array(count * size)) {
      rows(
        epoch,
        Array.from({ length: count }, (_, row) => row),
        target,
      );
      return target;
    },
    rows,
  };
}
