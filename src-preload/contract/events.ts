import { z } from 'zod';
import { PreparedSet, Progress } from './data-process.ts';
import { RunRecord } from './run.ts';
import { EpochFigures } from './series.ts';

/** What the workbench tells whoever listens, after the store has it. */
export const RunEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued'), run: RunRecord }),
  /** Its images are being drawn, listed or prepared. */
  z.object({ kind: z.literal('preparing'), run: z.string(), progress: Progress }),
  z.object({ kind: z.literal('prepared'), run: z.string(), set: PreparedSet }),
  /** Its first step is about to be taken: backend, layers and samples are known. */
  z.object({ kind: z.literal('started'), run: RunRecord }),
  z.object({ kind: z.literal('batch'), run: z.string(), epoch: z.int(), done: z.int(), total: z.int() }),
  z.object({ kind: z.literal('epoch'), run: z.string(), figures: EpochFigures }),
  /** Somebody named, tagged, starred, noted, trashed or restored it. */
  z.object({ kind: z.literal('changed'), run: RunRecord }),
  /** Removed from the trash, for good. */
  z.object({ kind: z.literal('removed'), run: z.string() }),
  z.object({ kind: z.literal('notice'), run: z.string(), message: z.string() }),
  /** Finished, stopped, failed or interrupted: the row is as it will stay. */
  z.object({
    kind: z.literal('ended'),
    run: RunRecord,
    /** It failed for a reason that its user can mend. */
    mendable: z.boolean(),
  }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

/** What a page is told, at most 20 times a second: the same, but merged. */
export const WatchedEvent = z.discriminatedUnion('kind', [
  ...RunEvent.options,
  /** Epochs of one run that came close together, ascending; told instead of each `epoch`. */
  z.object({ kind: z.literal('epochs'), run: z.string(), figures: z.array(EpochFigures).min(1) }),
  /** The page was so far behind that events were left out: what it shows is to be read anew. */
  z.object({ kind: z.literal('missed') }),
]);
export type WatchedEvent = z.infer<typeof WatchedEvent>;
