import { z } from 'zod';
import { RunConfig } from './config.ts';
import { InputShape, PartCounts } from './dataset.ts';
import { ErrorRecord } from './errors.ts';
import { BackendInfo, LayerInfo, Prediction, RunEvidence } from './run.ts';
import { EpochFigures, Figures } from './series.ts';
import { Snapshot } from './snapshot.ts';

/** The layers of a network and what they count. */
export const NetworkDescription = z.object({ layers: z.array(LayerInfo), parameters: z.int().min(0) });
export type NetworkDescription = z.infer<typeof NetworkDescription>;

/** A rung of the backend ladder. */
export const Rung = z.object({
  name: z.enum(['cuda', 'webgpu', 'native', 'wasm', 'cpu']),
  available: z.boolean(),
  /** The library under it, where it is there. */
  library: z.string().nullable(),
  /** One sentence: why it can or cannot be used. */
  reason: z.string(),
  /** Why `auto` passes it by although it can be used; null where it does not, or where it cannot be used. */
  notForAuto: z.string().nullable(),
});
export type Rung = z.infer<typeof Rung>;

/** Host to training process. One process trains one run; `describe` and `ladder` may come any number of times. */
export const TrainingRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('describe'),
    id: z.int(),
    config: RunConfig,
    inputShape: InputShape,
    classes: z.int().min(2),
  }),
  z.object({ kind: z.literal('ladder'), id: z.int() }),
  z.object({
    kind: z.literal('train'),
    config: RunConfig,
    /** Absolute path of the prepared file. */
    preparedFile: z.string(),
    /** Absolute path that the final state is written to. */
    checkpointFile: z.string(),
    /** Absolute path that the state is written to now and then, and after the last epoch. */
    rollingFile: z.string().optional(),
    /** What a run that has begun goes on from; without it, or where no state can be used, it begins anew. */
    resume: z
      .object({
        /** Absolute paths of states, the newest first; any may be absent. */
        files: z.array(z.string()),
        /** Epochs that are kept of it: a state of a later one would leave a gap. */
        epochs: z.int().min(0),
      })
      .optional(),
    /** Absolute path that the state kept before is moved to when a newer one is kept. */
    previousFile: z.string().optional(),
  }),
  /** All epochs up to this one are written down: the training may run so far ahead of it and no further. */
  z.object({ kind: z.literal('recorded'), epoch: z.int().min(0) }),
  /** Nothing can be written down for now: no further epoch begins before the next `recorded`. */
  z.object({ kind: z.literal('hold') }),
  /** The answer to `full`: so many bytes were freed. */
  z.object({ kind: z.literal('freed'), bytes: z.int().min(0) }),
  /** Ends the run at the next batch, keeping what it has. */
  z.object({ kind: z.literal('stop') }),
]);
export type TrainingRequest = z.infer<typeof TrainingRequest>;

/** Training process to host. */
export const TrainingMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('description'), id: z.int(), description: NetworkDescription }),
  z.object({ kind: z.literal('ladderReply'), id: z.int(), rungs: z.array(Rung), tfjsVersion: z.string() }),
  z.object({ kind: z.literal('requestError'), id: z.int(), error: ErrorRecord }),
  z.object({
    kind: z.literal('started'),
    backend: BackendInfo,
    tfjsVersion: z.string(),
    network: NetworkDescription,
    samples: PartCounts,
    /** Milliseconds from the request to the first step. */
    startingMs: z.number(),
  }),
  z.object({ kind: z.literal('epoch'), figures: EpochFigures, snapshots: z.array(Snapshot) }),
  /** Images done in the epoch that is running, for long ones; at most a few a second. */
  z.object({ kind: z.literal('batch'), epoch: z.int(), done: z.int(), total: z.int() }),
  z.object({ kind: z.literal('notice'), message: z.string() }),
  /** The disk has no room for a state of the run; it is kept once `freed` has come, if that helps. */
  z.object({ kind: z.literal('full') }),
  z.object({
    kind: z.literal('done'),
    /** `stopped`: a stop request came; otherwise the run went to its end or stopped early as configured. */
    outcome: z.enum(['finished', 'stopped']),
    reason: z.string().nullable(),
    final: z.object({ training: Figures, dev: Figures.nullable(), test: Figures.nullable() }).nullable(),
    /** Confusion matrices and pictures of the final evaluation. */
    snapshots: z.array(Snapshot),
    earlyStopEpoch: z.int().nullable(),
    devPredictions: z.array(Prediction),
    evidence: RunEvidence,
    weightsSha256: z.string(),
    peakMemoryBytes: z.number(),
  }),
  /** Its prepared images were no longer there: it has not begun, and can once they are prepared again. */
  z.object({ kind: z.literal('unprepared') }),
  z.object({ kind: z.literal('failed'), error: ErrorRecord }),
]);
export type TrainingMessage = z.infer<typeof TrainingMessage>;
