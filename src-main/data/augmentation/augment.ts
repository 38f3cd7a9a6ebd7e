import { createKernel } from './kernel.ts';
import { noisePools } from './noise-pools.ts';
import { createPortableKernel } from './portable-kernel.ts';
import { Sfc32 } from './random.ts';
import { turnOf } from './rotate.ts';

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

/** Each clone by itself: turned about its centre, then made noisy, then clipped to 0..1. */
export function createAugmenter(source: AugmentedSource, options: AugmentationOptions): Augmenter {
  const { clones, rotAngle, noiseIntensity, seed } = options;
  const { width, height, channels } = source;
  const size = width * height * channels;
  const count = source.count * clones;
  const pools = noiseIntensity > 0 ? noisePools(seed) : null;
  const kernel =
    createKernel(width, height, channels, pools) ?? createPortableKernel(width, height, channels, pools);
  const random = new Sfc32();
  let taken = -1;

  function augment(epoch: number, image: number, clone: number, target: Float32Array, at: number): void {
    if (image !== taken) kernel.take(source.pixels.subarray(image * size, (image + 1) * size));
    taken = image;
    random.restarted(seed, epoch, image, clone);
    const turn = rotAngle > 0 ? turnOf((2 * random.next() - 1) * rotAngle, width, height) : null;
    kernel.write(target, at, turn, noiseIntensity, random);
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
