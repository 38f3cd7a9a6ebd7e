import { parentPort, workerData } from 'node:worker_threads';
import { createAugmenter } from '../data/augmentation/augment.ts';
import { floatsOf } from '../data/augmentation/shared-floats.ts';
import type { AugmentationTask } from './augmentation-ring.ts';
import { minibatchRows, piecesOf } from './epoch-order.ts';

/*
 * A thread that augments ahead of training, minibatch after minibatch, as far as there are free slots. It is started by
 * nobody but `AugmentationAhead`, of the same build, so that what it is given needs no check.
 */
augment(workerData as AugmentationTask);

function augment(task: AugmentationTask): void {
  const { ring, source, augmentation, order, firstEpoch, lastEpoch } = task;
  const { claimed, filled, used } = ring;
  const slots = ring.slots.map(floatsOf);
  const augmenter = createAugmenter(source, augmentation);
  const features = source.height * source.width * source.channels;
  /** Pieces of each slot once the minibatch at hand is whole. */
  const whole = slots.map(() => 0);
  function claim(): number {
    return Number(Atomics.add(claimed, 0, 1n));
  }

  let minibatch = 0;
  let pieceNumber = 0;
  let own = claim();
  for (let epoch = firstEpoch; epoch <= lastEpoch; epoch++) {
    for (const minibatchOrder of minibatchRows(order, epoch)) {
      const place = minibatch % slots.length;
      const usesBefore = Math.floor(minibatch / slots.length);
      minibatch += 1;
      const slot = slots[place];
      if (slot === undefined) throw new Error('The ring has no such slot.');
      const pieces = piecesOf(minibatchOrder, features);
      whole[place] = (whole[place] ?? 0) + pieces.length;
      for (const { start, rows } of pieces) {
        if (pieceNumber++ !== own) continue;
        for (let uses = Atomics.load(used, place); uses < usesBefore; uses = Atomics.load(used, place)) {
          Atomics.wait(used, place, uses);
        }
        augmenter.rows(epoch, rows, slot.subarray(start * features, (start + rows.length) * features));
        if (Atomics.add(filled, place, 1) + 1 === whole[place]) parentPort?.postMessage(null);
        own = claim();
      }
    }
  }
}
