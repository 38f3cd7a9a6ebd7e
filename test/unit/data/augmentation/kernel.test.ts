import { expect, test } from 'vitest';
import { type AugmentationKernel, createKernel } from '../../../../src-main/data/augmentation/kernel.ts';
import { noisePools } from '../../../../src-main/data/augmentation/noise-pools.ts';
import { createPortableKernel } from '../../../../src-main/data/augmentation/portable-kernel.ts';
import { randomOf } from '../../../../src-main/data/augmentation/random.ts';
import { turnOf } from '../../../../src-main/data/augmentation/rotate.ts';
import { sharedFloats } from '../../../../src-main/data/augmentation/shared-floats.ts';

function vectorKernel(width: number, height: number, channels: number): AugmentationKernel {
  const kernel = createKernel(width, height, channels, noisePools(3));
  if (kernel === null) throw new Error('No vector instructions here.');
  return kernel;
}

test.for([
  [24, 24, 3],
  [24, 24, 1],
  [7, 5, 3],
  [5, 7, 1],
  [1, 1, 3],
  [1, 1, 1],
  [1, 9, 3],
  [2, 9, 1],
  [130, 3, 3],
  [300, 200, 1],
] as const)('vector instructions give the very same bits: %i × %i × %i', ([width, height, channels]) => {
  const size = width * height * channels;
  const [fast, plain] = [
    vectorKernel(width, height, channels),
    createPortableKernel(width, height, channels, noisePools(3)),
  ];
  for (let image = 0; image < 3; image++) {
    const random = randomOf(7, image);
    // Every level, and black and white more often, so that noise is clipped.
    const pixels = Uint8Array.from({ length: size }, () =>
      Math.max(0, Math.min(255, (random.next() * 2 - 0.5) * 256)),
    );
    fast.take(pixels);
    plain.take(pixels);
    for (const degrees of [null, 0, 13, -20, 90, 180, 359, 1e4]) {
      const turn = degrees === null ? null : turnOf(degrees, width, height);
      for (const deviation of [0, 0.1, 1]) {
        // What lies before and behind stays as it is.
        function written(kernel: AugmentationKernel, target: Float32Array): Float32Array {
          target.fill(-1);
          kernel.write(target, 2, turn, deviation, randomOf(1, image));
          return target;
        }
        const expected = written(plain, new Float32Array(size + 5));
        // Memory of threads is written to in another way.
        for (const target of [new Float32Array(size + 5), sharedFloats(size + 6).subarray(1)]) {
          const found = written(fast, target);
          const bits = Buffer.from(found.buffer, found.byteOffset, found.byteLength);
          expect(bits.equals(Buffer.from(expected.buffer))).toBe(true);
          expect([found[1], found[2 + size]]).toEqual([-1, -1]);
        }
      }
    }
  }
});

test('an image as it is, is divided by 255', () => {
  const kernel = vectorKernel(16, 16, 1);
  kernel.take(Uint8Array.from({ length: 256 }, (_, level) => level));
  const values = new Float32Array(256);
  kernel.write(values, 0, null, 0, randomOf(1));
  expect([...values]).toEqual(Array.from({ length: 256 }, (_, level) => Math.fround(level / 255)));
});

test('shapes that are no pictures, or too large ones, have no vector code', () => {
  expect(createKernel(4, 4, 2, null)).toBeNull();
  expect(createKernel(3000, 3000, 3, null)).toBeNull();
});
