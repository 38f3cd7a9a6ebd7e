import type { AugmentationKernel } from './kernel.ts';
import { addNoise } from './noise.ts';
import type { NoisePools } from './noise-pools.ts';
import { rotate } from './rotate.ts';

/** The same in ordinary code, for any shape and any machine: more than ten times as slow. */
export function createPortableKernel(
  width: number,
  height: number,
  channels: number,
  pools: NoisePools | null,
): AugmentationKernel {
  const size = width * height * channels;
  const upright = new Float32Array(size);
  return {
    take(pixels) {
      for (let index = 0; index < size; index++) upright[index] = (pixels[index] ?? 0) / 255;
    },
    write(target, at, turn, deviation, random) {
      if (turn === null) target.set(upright, at);
      else rotate(upright, target, at, width, height, channels, turn);
      if (deviation === 0) return;
      if (pools === null) throw new Error('This kernel was made without noise.');
      addNoise(target, at, size, deviation, random, pools);
    },
  };
}
