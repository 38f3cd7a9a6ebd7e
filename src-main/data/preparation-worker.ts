import { parentPort } from 'node:worker_threads';
import type { PreparationAnswer, PreparationTask } from './preparation-pool.ts';
import { prepareFile } from './prepare-file.ts';

/** Prepares the images that it is given, one file after the other and two at once. */
parentPort?.on('message', ({ id, file, options }: PreparationTask) => {
  void prepareFile(file, options).then((outcome) => {
    const pixels = 'pixels' in outcome ? outcome.pixels.data : undefined;
    // Pixels that lie alone in their memory are handed over, others are copied.
    const owned = pixels?.buffer instanceof ArrayBuffer && pixels.byteLength === pixels.buffer.byteLength;
    parentPort?.postMessage(
      { id, outcome } satisfies PreparationAnswer,
      owned && pixels.buffer instanceof ArrayBuffer ? [pixels.buffer] : [],
    );
  });
});
