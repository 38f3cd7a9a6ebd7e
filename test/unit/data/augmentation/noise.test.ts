import { expect, test } from 'vitest';
import { createKernel } from '../../../../src-main/data/augmentation/kernel.ts';
import { addNoise } from '../../../../src-main/data/augmentation/noise.ts';
import { noisePools } from '../../../../src-main/data/augmentation/noise-pools.ts';
import { randomOf } from '../../../../src-main/data/augmentation/random.ts';

const POOLS = noisePools(3);

/** Noise alone: what was added to values in the middle of the range, too little to be clipped. */
function noise(count: number, ...keys: number[]): Float32Array {
  const values = new Float32Array(count).fill(0.5);
  addNoise(values, 0, count, 0.05, randomOf(...keys), POOLS);
  return values.map((value) => (value - 0.5) / 0.05);
}

/** The same of ten million numbers, a thousand images of ten thousand, as training gets them. */
function noiseOfImages(): Float32Array {
  const [images, size] = [1000, 10_000];
  const kernel = createKernel(100, 100, 1, POOLS);
  if (kernel === null) throw new Error('No vector instructions here.');
  kernel.take(new Uint8Array(size).fill(128));
  const values = new Float32Array(images * size);
  for (let image = 0; image < images; image++)
    kernel.write(values, image * size, null, 0.05, randomOf(1, image));
  return values.map((value) => (value - 128 / 255) / 0.05);
}

test('noise is distributed normally, to four standard deviations', () => {
  const values = noiseOfImages();
  const count = values.length;
  // Shares of the normal distribution below −4 to 4 (R: pnorm); the standard error of a share p is √(p (1 − p) / n).
  const shares = [
    3.167124e-5, 1.349898e-3, 0.02275013, 0.15865525, 0.5, 0.84134475, 0.97724987, 0.998650102, 0.99996832876,
  ];
  const below = shares.map(() => 0);
  const moments = [0, 0, 0, 0];
  for (const value of values) {
    for (let limit = 0; limit < 9; limit++) if (value < limit - 4) below[limit]! += 1;
    const square = value * value;
    moments[0]! += value;
    moments[1]! += square;
    moments[2]! += square * value;
    moments[3]! += square * square;
  }
  shares.forEach((share, limit) => {
    expect(Math.abs(below[limit]! / count - share)).toBeLessThan(
      4 * Math.sqrt((share * (1 - share)) / count),
    );
  });
  // 0, 1, 0 and 3, with standard errors √(1 / n), √(2 / n), √(15 / n) and √(96 / n).
  [0, 1, 0, 3].forEach((expected, index) => {
    const error = Math.sqrt([1, 2, 15, 96][index]! / count);
    expect(Math.abs(moments[index]! / count - expected)).toBeLessThan(4 * error);
  });
});

test('neighbours are independent of each other, and seeds give other noise', () => {
  const values = noise(400_000, 2);
  // Four apart are the two of a pair, eight apart are of one generator.
  for (const distance of [1, 2, 3, 4, 8]) {
    const [product, ofSquares] = [0, 0].map((_, power) =>
      values
        .subarray(distance)
        .reduce(
          (sum, value, index) =>
            sum + (power === 0 ? value * values[index]! : (value ** 2 - 1) * (values[index]! ** 2 - 1)),
          0,
        ),
    );
    // Sums of n products of independent deviates, and of their squares less 1, deviate by √n and by 2 √n.
    expect(Math.abs(product!)).toBeLessThan(5 * Math.sqrt(400_000));
    expect(Math.abs(ofSquares!)).toBeLessThan(10 * Math.sqrt(400_000));
  }
  expect(noise(10, 2)).not.toEqual(noise(10, 3));
});

test('only the numbers asked for get noise, of any count', () => {
  const values = new Float32Array(15).fill(0.5);
  addNoise(values, 2, 11, 0.1, randomOf(1), POOLS);
  expect([...values].map((value) => value === 0.5)).toEqual(
    Array.from({ length: 15 }, (_, index) => index < 2 || index > 12),
  );
});

test('images have noise of their own', () => {
  const size = 3072;
  const images = Array.from({ length: 200 }, (_, image) => noise(size, 4, image));
  const products = images.slice(1).map((image, index) => {
    const before = images[index] ?? image;
    return image.reduce((sum, value, place) => sum + value * (before[place] ?? 0), 0);
  });
  const sum = products.reduce((total, product) => total + product ** 2, 0);
  // A sum of n products of independent deviates has the variance n; over 199 of them its square varies by √(2 / 199).
  expect(Math.abs(sum / products.length / size - 1)).toBeLessThan(5 * Math.sqrt(2 / 199));
});

test('a pool is the normal distribution itself, in an order of the seed', () => {
  const { first, second } = noisePools(8);
  const sorted = first.slice(0, 32_768).sort();
  // Quantiles of R's qnorm((i + 0.5) / 32768) for i of 0, 1000, 16384 and 32767.
  for (const [place, quantile] of [
    [0, -4.169569],
    [1000, -1.87302],
    [16_384, 3.8249e-5],
    [32_767, 4.169569],
  ] as const)
    expect(Math.abs(sorted[place]! - quantile)).toBeLessThan(2e-4);
  expect([...second.slice(0, 32_768).sort()]).toEqual([...sorted]);
  expect([...second.subarray(0, 8)]).not.toEqual([...first.subarray(0, 8)]);
  expect([...noisePools(8).first.subarray(0, 8)]).toEqual([...first.subarray(0, 8)]);
  expect([...noisePools(9).first.subarray(0, 8)]).not.toEqual([...first.subarray(0, 8)]);
});
