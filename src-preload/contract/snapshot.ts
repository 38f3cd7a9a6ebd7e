import { z } from 'zod';

/** The parts that a data set is split into. */
export const Part = z.enum(['training', 'dev', 'test']);
export type Part = z.infer<typeof Part>;

/**
 * How often an image of a class (row) was taken for a class (column) in an epoch: training images as they were
 * trained, dev images after it.
 */
export const ConfusionSnapshot = z.object({
  kind: z.literal('confusion'),
  epoch: z.int().min(1),
  part: Part,
  /** Number of classes. */
  classes: z.int().min(1),
  /** `[classes × classes]`, row-major: `counts[actual × classes + predicted]`. */
  counts: z.instanceof(Uint32Array),
});
export type ConfusionSnapshot = z.infer<typeof ConfusionSnapshot>;

/** The same of the weights that a run kept, every part in evaluation mode. Its epoch is that of the weights. */
export const FinalConfusionSnapshot = ConfusionSnapshot.extend({ kind: z.literal('final-confusion') });
export type FinalConfusionSnapshot = z.infer<typeof FinalConfusionSnapshot>;

/** A confusion matrix, of an epoch or of the end. */
export type ConfusionMatrix = ConfusionSnapshot | FinalConfusionSnapshot;

/** Pictures kept of an epoch: uint8, `[count, height, width, channels]`, row-major. */
const Pictures = z.object({
  epoch: z.int().min(1),
  count: z.int().min(0),
  width: z.int().min(1),
  height: z.int().min(1),
  channels: z.union([z.literal(1), z.literal(3)]),
  pixels: z.instanceof(Uint8Array),
});

/** Training images as the network saw them, augmented. */
export const SamplesSnapshot = Pictures.extend({
  kind: z.literal('samples'),
  /** Class index of each image, `[count]`. */
  labels: z.array(z.int().min(0)),
});
export type SamplesSnapshot = z.infer<typeof SamplesSnapshot>;

/**
 * Weights of tracked units as pictures: a weight w is the value `round(127.5 + 127.5 × w / scale)`, clamped to
 * 0..255, so that 0 is mid-grey and the scale is the same at every epoch of the run.
 */
export const UnitsSnapshot = Pictures.extend({
  kind: z.literal('units'),
  /** `L<i>_<Layer>_<P>`. */
  parameter: z.string(),
  /** The weight that stands for the ends of the pixel range. */
  scale: z.number().positive(),
});
export type UnitsSnapshot = z.infer<typeof UnitsSnapshot>;

/** The images of a part, in the order in which `PredictedSnapshot` speaks of them: kept once for all epochs. */
export const ImagesSnapshot = z.object({
  kind: z.literal('images'),
  epoch: z.literal(1),
  part: Part,
  /** How often an epoch asks about each image: the clones of a training image follow one another. */
  clones: z.int().min(1),
  /** Class of each image. */
  labels: z.instanceof(Uint16Array),
  /** Relative to the data set's folder, one for each image. */
  paths: z.array(z.string()),
});
export type ImagesSnapshot = z.infer<typeof ImagesSnapshot>;

/** The class that each image was taken for in an epoch: what the confusion matrix of that epoch and part counts. */
export const PredictedSnapshot = z.object({
  kind: z.literal('predicted'),
  epoch: z.int().min(1),
  part: Part,
  /** Number of classes: up to 256 of them are one byte each. */
  classes: z.int().min(1),
  /** `[images × clones]` */
  predicted: z.union([z.instanceof(Uint8Array), z.instanceof(Uint16Array)]),
});
export type PredictedSnapshot = z.infer<typeof PredictedSnapshot>;

/** What a run keeps of an epoch beside its figures. */
export const Snapshot = z.discriminatedUnion('kind', [
  ImagesSnapshot,
  PredictedSnapshot,
  ConfusionSnapshot,
  FinalConfusionSnapshot,
  SamplesSnapshot,
  UnitsSnapshot,
]);
export type Snapshot = z.infer<typeof Snapshot>;
