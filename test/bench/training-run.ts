import { join } from 'node:path';
import type { RunConfig } from '../../src-preload/contract/config.ts';
import { TrainingMessage, type TrainingRequest } from '../../src-preload/contract/training-process.ts';
import { forkHost } from '../../src-main/workbench/fork-host.ts';

export const TRAINING_ENTRY = join(import.meta.dirname, '../../out/main/training-process.js');

/** What a training process of a peer or of ours told. */
export interface TrainingFigures {
  readonly library: string;
  /** Milliseconds of each epoch, the dev part's evaluation and the reading of all figures included. */
  readonly milliseconds: readonly number[];
  /** Training loss of each epoch. */
  readonly losses: readonly number[];
  /** The most memory that the process held. */
  readonly peakBytes: number;
}

/**
 * Trains in our own training process, as a run does.
 * @param onEpoch is told the number of the epoch and the id of the process
 * @throws Error with the reason of a run that failed
 */
export function trainOurs(
  config: RunConfig,
  preparedFile: string,
  onEpoch?: (epoch: number, pid: number) => void,
): Promise<TrainingFigures> {
  const hosted = forkHost.start(TRAINING_ENTRY);
  const ends: number[] = [0];
  const losses: number[] = [];
  let library = '';
  return new Promise((resolve, reject) => {
    hosted.onExit((how) => {
      reject(new Error(`The training process ended (${how}).`));
    });
    hosted.onMessage((raw) => {
      const message = TrainingMessage.parse(raw);
      if (message.kind === 'started') library = message.backend.library;
      if (message.kind === 'epoch') {
        ends.push(message.figures.elapsed);
        losses.push(message.figures.training.loss);
        hosted.post({ kind: 'recorded', epoch: message.figures.epoch } satisfies TrainingRequest);
        onEpoch?.(message.figures.epoch, hosted.pid ?? 0);
      }
      if (message.kind === 'failed' || message.kind === 'unprepared') {
        hosted.kill();
        reject(new Error(message.kind === 'failed' ? message.error.message : `${preparedFile} is gone.`));
      }
      if (message.kind === 'done') {
        hosted.kill();
        resolve({
          library,
          milliseconds: ends.slice(1).map((end, epoch) => end - (ends[epoch] ?? 0)),
          losses,
          peakBytes: message.peakMemoryBytes,
        });
      }
    });
    hosted.post({
      kind: 'train',
      config,
      preparedFile,
      checkpointFile: `${preparedFile}.checkpoint`,
    } satisfies TrainingRequest);
  });
}
