import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Partitions } from '../../src-preload/contract/config.ts';
import type { PartCounts } from '../../src-preload/contract/dataset.ts';
import type { Part } from '../../src-preload/contract/snapshot.ts';

/** How many of a class's images each part gets: `round(n × share)` for training and dev, the rest for test. */
export function partCounts(images: number, shares: Partitions): PartCounts {
  const training = Math.min(images, Math.round(images * shares.training));
  const dev = Math.min(images - training, Math.round(images * shares.dev));
  return { training, dev, test: images - training - dev };
}

/**
 * The part of every image: each class by itself is shuffled by the seed and cut. An image is in one part only.
 * @param labels class of each image.
 */
export function partition(labels: readonly number[], shares: Partitions, seed: number): Part[] {
  const byClass = new Map<number, number[]>();
  for (const [index, label] of labels.entries()) {
    const members = byClass.get(label);
    if (members === undefined) byClass.set(label, [index]);
    else members.push(index);
  }
  const parts = new Array<Part>(labels.length).fill('test');
  const generator = xoroshiro128plus(seed);
  for (const label of [...byClass.keys()].sort((one, other) => one - other)) {
    const members = byClass.get(label) ?? [];
    for (let last = members.length - 1; last > 0; last--) {
      const other = uniformInt(generator, 0, last);
      const moved = members[last] ?? 0;
      members[last] = members[other] ?? 0;
      members[other] = moved;
    }
    const counts = partCounts(members.length, shares);
    for (const [place, index] of members.entries()) {
      if (place < counts.training) parts[index] = 'training';
      else if (place < counts.training + counts.dev) parts[index] = 'dev';
    }
  }
  return parts;
}
