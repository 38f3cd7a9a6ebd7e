import { parentPort } from 'node:worker_threads';
import { NeedsMemory } from './image-file.ts';
import type { PreparationAnswer, PreparationTask } from './preparation-pool.ts';
import { type FileOutcome, prepareFile } from './prepare-file.ts';
import type { PreparationOptions } from './preparation/prepare.ts';

/** Prepares the images that it is given, one file after the other and two at once. */
parentPort?.on('message', ({ id, file, options, granted }: PreparationTask) => {
  void prepareWith(file, options, granted).then((outcome) => {
    const pixels = 'pixels' in outcome ? outcome.pixels.data : undefined;
    // Pixels that lie alone in their memory are handed over, others are copied.
    const owned = pixels?.buffer instanceof ArrayBuffer && pixels.byteLength === pixels.buffer.byteLength;
    parentPort?.postMessage(
      { id, outcome } satisfies PreparationAnswer,
      owned && pixels.buffer instanceof ArrayBuffer ? [pixels.buffer] : [],
    );
  });
});

/** An error loses its class on its way to another thread. */
async function prepareWith(
  file: string,
  options: PreparationOptions,
  granted: number,
): Promise<FileOutcome | { readonly needs: number }> {
  try {
    return await prepareFile(file, options, granted);
  } catch (error) {
    if (error instanceof NeedsMemory) return { needs: error.bytes };
    throw error;
  }
}
