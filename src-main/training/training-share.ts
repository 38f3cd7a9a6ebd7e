import { imagesOfShare } from '../../src-preload/contract/learning-curve.ts';
import type { Prepared, PreparedPart } from '../data/prepared.ts';
import { randomStream, shuffledIndexes } from './random.ts';

/**
 * A prepared set with a share of each class's training images: those of a smaller share are among those of a larger
 * one, in the order of the file. Dev and test stay as they are.
 * @param share above 0, to 1
 * @param seed of the choice
 */
export function withTrainingShare(data: Prepared, share: number, seed: number): Prepared {
  if (share >= 1) return data;
  const { training } = data.parts;
  const byClass = data.classes.map((): number[] => []);
  for (let index = 0; index < training.count; index++) byClass[training.labels[index] ?? 0]?.push(index);
  const chosen = byClass.flatMap((images, label) => {
    const order = shuffledIndexes(images.length, randomStream(seed, 'training share', label));
    const wanted = imagesOfShare(images.length, share);
    return Array.from(order.subarray(0, wanted), (place) => images[place] ?? 0);
  });
  return {
    ...data,
    parts: {
      ...data.parts,
      training: partOf(
        training,
        chosen.sort((a, b) => a - b),
      ),
    },
  };
}

function partOf(part: PreparedPart, images: readonly number[]): PreparedPart {
  const size = part.count === 0 ? 0 : part.pixels.length / part.count;
  const pixels = new Uint8Array(images.length * size);
  images.forEach((image, place) => {
    pixels.set(part.pixels.subarray(image * size, (image + 1) * size), place * size);
  });
  return {
    count: images.length,
    pixels,
    labels: Int32Array.from(images, (image) => part.labels[image] ?? 0),
    paths: images.map((image) => part.paths[image] ?? ''),
  };
}
