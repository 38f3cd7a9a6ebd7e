import { parentPort, workerData } from 'node:worker_threads';
import { createAugmenter } from '../data/augmentation/augment.ts';
import type { AugmentationTask } from './augmentation-ring.ts';
import { minibatchRows, piecesOf } from './epoch-order.ts';

/*
 * A thread that augments ahead of training, epoch after epoch, as far as there is room. It is started by nobody but
 * `AugmentationAhead`, of the same build, so that what it is given needs no check.
 */
augment(workerData as AugmentationTask);

function augment(task: AugmentationTask): void {
  const { ring, source, augmentation, order, firstEpoch, lastEpoch, thread, threads } = task;
  const { slots, filled, taken } = ring;
  const augmenter = createAugmenter(source, augmentation);
  const features = source.height * source.width * source.channels;
  let number = 0;
  for (let epoch = firstEpoch; epoch <= lastEpoch; epoch++) {
    for (const minibatch of minibatchRows(order, epoch)) {
      for (const { rows } of piecesOf(minibatch, features)) {
        const place = number % slots.length;
        const isOwn = number % threads === thread;
        const usesBefore = Math.floor(number / slots.length);
        number += 1;
        const slot = slots[place];
        if (!isOwn || slot === undefined) continue;
        for (let out = Atomics.load(taken, place); out < usesBefore; out = Atomics.load(taken, place)) {
          Atomics.wait(taken, place, out);
        }
        augmenter.rows(epoch, rows, slot);
        Atomics.store(filled, place, usesBefore + 1);
        parentPort?.postMessage(null);
      }
    }
  }
}
