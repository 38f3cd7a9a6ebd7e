import { z } from 'zod';
import { RunConfig } from './config.ts';
import { InputShape, PartCounts, UnreadableImage } from './dataset.ts';
import { countText } from './figure-text.ts';
import { Figures } from './series.ts';

/**
 * queued → running → finished, stopped (by its user), failed (with its reason) or interrupted (its process or its
 * host died; everything up to its last epoch is there).
 */
export const RunStatus = z.enum(['queued', 'running', 'finished', 'stopped', 'failed', 'interrupted']);
export type RunStatus = z.infer<typeof RunStatus>;

/** A tensor that training changes. */
export const ParameterInfo = z.object({
  /** `L<i>_<Layer>_<P>`, `i` counting every layer from 0: `L0_Dense_W`. */
  name: z.string(),
  shape: z.array(z.int().min(1)),
  count: z.int().min(1),
});
export type ParameterInfo = z.infer<typeof ParameterInfo>;

/** A layer as it will be or was. */
export const LayerInfo = z.object({
  /** `L<i>_<Layer>`: `L2_BatchNormalization`. */
  name: z.string(),
  /** Shape of one sample's output: `[units]`. */
  outputShape: z.array(z.int().min(1)),
  parameters: z.array(ParameterInfo),
});
export type LayerInfo = z.infer<typeof LayerInfo>;

/** Figures of one epoch in a run's summary. */
export const EpochSummary = z.object({
  epoch: z.int().min(1),
  training: Figures,
  dev: Figures.nullable(),
});
export type EpochSummary = z.infer<typeof EpochSummary>;

/** The best that a figure ever was in a run, and the first epoch that it was. */
export const BestFigure = z.object({ epoch: z.int().min(1), value: z.number() });
export type BestFigure = z.infer<typeof BestFigure>;

/** The best of each figure by itself: the lowest loss, the highest accuracy; null where it was never a finite number. */
export const BestFigures = z.object({
  trainingLoss: BestFigure.nullable(),
  trainingAccuracy: BestFigure.nullable(),
  devLoss: BestFigure.nullable(),
  devAccuracy: BestFigure.nullable(),
});
export type BestFigures = z.infer<typeof BestFigures>;

/** Those of a run that has no epoch yet. */
export const NO_BESTS: BestFigures = {
  trainingLoss: null,
  trainingAccuracy: null,
  devLoss: null,
  devAccuracy: null,
};

/** What computes: the rung of the ladder, and the library under it. */
export const BackendInfo = z.object({
  name: z.enum(['cuda', 'webgpu', 'native', 'wasm', 'cpu']),
  /** Such as `libtensorflow 1.15.0`. */
  library: z.string(),
  /** Why this one and none above it. */
  reason: z.string(),
});
export type BackendInfo = z.infer<typeof BackendInfo>;
export type BackendName = BackendInfo['name'];

/** Versions of everything that shapes a result. */
export const Versions = z.object({
  app: z.string(),
  node: z.string(),
  tfjs: z.string(),
  /** The library that computed, such as `libtensorflow 1.15.0`. */
  library: z.string(),
  sharp: z.string(),
  platform: z.string(),
});
export type Versions = z.infer<typeof Versions>;

/** Milliseconds of a whole run by phase. */
export const RunTimings = z.object({
  preparing: z.number(),
  /** Starting the process, loading the backend, uploading the data. */
  starting: z.number(),
  augmenting: z.number(),
  stepping: z.number(),
  evaluating: z.number(),
  reading: z.number(),
  reporting: z.number(),
  /** From the start of the run to its end. */
  total: z.number(),
});
export type RunTimings = z.infer<typeof RunTimings>;

/** How the images of a run were come by. */
export const PreparationInfo = z.object({
  /** Images decoded for this run: 0 where the cache had them. */
  decoded: z.int().min(0),
  images: z.int().min(0),
  /** Hash of the file list and the contents of the files: the data set as it was. */
  datasetFingerprint: z.string(),
  /** Hash of that and the preparation options: the name of the prepared file. */
  preparedKey: z.string(),
});
export type PreparationInfo = z.infer<typeof PreparationInfo>;

/** What a run is going to cost on this machine, as far as runs that were measured tell. */
export const ExpectedCost = z.object({
  /** Milliseconds. */
  msAnEpoch: z.number(),
  /** Milliseconds, with preparing and starting. */
  msARun: z.number(),
  /** The most that its process holds; null where no run tells. */
  memoryBytes: z.number().nullable(),
  /** Runs that this rests on. */
  runs: z.int().min(1),
  /** How many times their work of an epoch (their median's) its own is: far from 1 the times are rough. */
  workRatio: z.number().positive(),
  /** How many times their minibatches of an epoch (their median's) its own are. */
  minibatchRatio: z.number().positive(),
  /** Whether they ran on the backend that is asked for; of `auto`, on any. */
  sameBackend: z.boolean(),
});
export type ExpectedCost = z.infer<typeof ExpectedCost>;

/** Runs that did more or less than this times the work say little. */
const FAR = 4;

/** Why the runs that an expectation rests on say little of it; undefined where they are alike enough. */
export function whyRough({ workRatio, minibatchRatio, sameBackend }: ExpectedCost): string | undefined {
  const reasons = [
    ...(sameBackend ? [] : ['they ran on another backend']),
    ...(isFar(workRatio) ? [`an epoch of them was ${timesText(workRatio, 'less', 'more')} work`] : []),
    ...(isFar(minibatchRatio)
      ? [`an epoch of them had ${timesText(minibatchRatio, 'fewer', 'more')} minibatches`]
      : []),
  ];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function isFar(ratio: number): boolean {
  return ratio > FAR || ratio < 1 / FAR;
}

function timesText(ratio: number, less: string, more: string): string {
  return `${countText(Math.round(Math.max(ratio, 1 / ratio)))} times ${ratio > 1 ? less : more}`;
}

/** What is known of a run before it trains. */
export const RunPlan = z.object({
  name: z.string(),
  config: RunConfig,
  classes: z.array(z.string()),
  inputShape: InputShape,
  layers: z.array(LayerInfo),
  /** Numbers that training changes. */
  parameters: z.int().min(0),
  samples: PartCounts,
  /** parameters / (training images × clones). */
  paramsPerSample: z.number(),
});
export type RunPlan = z.infer<typeof RunPlan>;

/** How many units of a hidden layer do nothing, judged by so many training images. */
export const UnitStates = z.object({
  layer: z.string(),
  units: z.int(),
  images: z.int(),
  /** Never above 0. */
  dead: z.int(),
  /** At the end of their range for nearly all images. */
  saturated: z.int(),
});
export type UnitStates = z.infer<typeof UnitStates>;

const Moments = z.object({ mean: z.number(), sd: z.number() });

/** What images look like: mean and standard deviation over so many of them, of figures from 0 to 1. */
export const ImageMoments = z.object({
  images: z.int(),
  brightness: Moments,
  contrast: Moments,
  detail: Moments,
});
export type ImageMoments = z.infer<typeof ImageMoments>;

/** What a training process saw at the end that a diagnosis rests on. */
export const RunEvidence = z.object({
  units: z.array(UnitStates),
  /** Training images as they were trained on, augmentation included, and dev images; null without a dev part. */
  looks: z.object({ training: ImageMoments, dev: ImageMoments }).nullable(),
});
export type RunEvidence = z.infer<typeof RunEvidence>;

/** A run, as the store keeps it and `--json` prints it. */
export const RunRecord = z.object({
  id: z.string(),
  name: z.string(),
  status: RunStatus,
  /** Runs launched together share a group. */
  group: z.string(),
  config: RunConfig,
  backend: BackendInfo.nullable(),
  classes: z.array(z.string()),
  inputShape: InputShape.nullable(),
  layers: z.array(LayerInfo),
  parameters: z.int().nullable(),
  samples: PartCounts.nullable(),
  paramsPerSample: z.number().nullable(),
  /** Epochs done. */
  epochs: z.int().min(0),
  /** The last epoch. */
  last: EpochSummary.nullable(),
  /** The epoch with the lowest dev loss, the first of equals; null without dev figures. */
  best: EpochSummary.nullable(),
  /** Each figure at its own best epoch. */
  bests: BestFigures.default(NO_BESTS),
  /** Both parts evaluated once more after the last epoch, in evaluation mode. */
  final: z.object({ training: Figures, dev: Figures.nullable() }).nullable(),
  /** The test part, evaluated after the last epoch. */
  test: Figures.nullable(),
  /** The epoch at which `early-stopping-patience` epochs had passed without a lower dev loss. */
  earlyStopEpoch: z.int().nullable(),
  /** 1 − training accuracy of the last epoch. */
  avoidableBias: z.number().nullable(),
  /** Training accuracy − dev accuracy of the last epoch. */
  variance: z.number().nullable(),
  timings: RunTimings.nullable(),
  /** Most memory that the training process held, in bytes. */
  peakMemoryBytes: z.number().nullable(),
  unreadable: z.array(UnreadableImage),
  evidence: RunEvidence.nullable().default(null),
  /** SHA-256 of the final parameters and moving statistics, in hexadecimal. */
  weightsSha256: z.string().nullable(),
  versions: Versions.nullable(),
  preparation: PreparationInfo.nullable(),
  /** Absolute path of the data set's folder. */
  datasetFolder: z.string().nullable(),
  /** What the run wanted to be known: failed gradient checks, instabilities, options without effect. */
  notices: z.array(z.string()),
  /** Why it failed, stopped early or was interrupted. */
  reason: z.string().nullable(),
  /** Words that people have given it. */
  tags: z.array(z.string()).default([]),
  /** What people have written about it; shown as text. */
  note: z.string().default(''),
  starred: z.boolean().default(false),
  /** ISO 8601; null where it is not in the trash. */
  trashedAt: z.string().nullable().default(null),
  /** Who runs it, while it runs. */
  owner: z.object({ host: z.string(), pid: z.int() }).nullable(),
  /** ISO 8601. */
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** The images behind a cell of a confusion matrix. */
export const CellImages = z.object({
  /** Whose predictions these are: what each image was taken for may be kept of fewer epochs than the matrices are. */
  epoch: z.int().min(1),
  /** How often the cell counts any of them. */
  count: z.int().min(0),
  /** The surest first where that is known, else in the order of the data set; of very many the first. */
  images: z.array(
    z.object({
      /** Relative to the data set's folder. */
      path: z.string(),
      /** How often the cell counts it: so many of its clones. */
      times: z.int().min(1),
      /** Probability given to the class, where it was kept: of the weights that the run kept at its end. */
      probability: z.number().or(z.nan()).nullable(),
    }),
  ),
});
export type CellImages = z.infer<typeof CellImages>;

/** What a network said of one image. */
export const Prediction = z.object({
  /** Path relative to the data set's folder. */
  path: z.string(),
  /** Index of the image's own class. */
  label: z.int().min(0),
  /** Index of the class it was taken for. */
  predicted: z.int().min(0),
  /** Probability given to that class, 0..1; NaN where training broke down. */
  probability: z.number().or(z.nan()),
});
export type Prediction = z.infer<typeof Prediction>;
