import { z } from 'zod';
import { ExperimentFindings, ImageComparison, RunSetAnalysis } from './analysis.ts';
import { RunConfig } from './config.ts';
import { DatasetGlance, DatasetHealth, DatasetSummary, FolderListing } from './dataset.ts';
import { ClassSamples, PreparationPreview, Thumbnail } from './pictures.ts';
import { Progress } from './data-process.ts';
import { Finding } from './diagnosis.ts';
import { ErrorRecord } from './errors.ts';
import { WatchedEvent } from './events.ts';
import { FigureName } from './figure.ts';
import { CellImages, ExpectedCost, Prediction, RunPlan, RunRecord } from './run.ts';
import { Metric } from './series.ts';
import { Part, Snapshot } from './snapshot.ts';
import { StudyReport, StudyStanding, StudyWish } from './study.ts';
import { Rung } from './training-process.ts';

/** What a list of runs shows of each: all but what only its own page needs. */
export const RunRow = RunRecord.omit({
  layers: true,
  classes: true,
  notices: true,
  unreadable: true,
  evidence: true,
  versions: true,
});
export type RunRow = z.infer<typeof RunRow>;

/** One curve of one run: equally long arrays, epochs ascending. */
const SeriesReply = z.object({
  run: z.string(),
  metric: Metric,
  epochs: z.custom<Uint32Array>((value) => value instanceof Uint32Array),
  values: z.custom<Float64Array>((value) => value instanceof Float64Array),
});

/** The queue of a host: ids of runs. */
export const Queue = z.object({
  jobs: z.int().min(1),
  isPaused: z.boolean(),
  working: z.array(z.string()),
  waiting: z.array(z.string()),
});
export type Queue = z.infer<typeof Queue>;

const nothing = z.object({});
const Paths = z.array(z.string()).max(200);

/** The most runs that one act may change. */
const MOST_ORGANIZED = 10_000;
const manyRuns = z.object({ runs: z.array(z.string()).min(1).max(MOST_ORGANIZED) });
const Tag = z.string().regex(/^[^\p{Cc},]{1,50}$/u, 'A tag has 1 to 50 characters and no comma.');
/** Choices that the window keeps. */
const PreferenceKey = z.enum(['columns', 'widths', 'views', 'pinned']);
export type PreferenceKey = z.infer<typeof PreferenceKey>;

const oneRun = z.object({ run: z.string() });
const SnapshotKind = z.enum(['confusion', 'final-confusion', 'samples', 'units']);

/** The most metrics that one call may name. */
const MOST_METRICS = 200;

/** The most runs that one call may name. */
const MOST_RUNS = 500;

/**
 * Every call that a page can make, by name: what goes in, what comes out. Both ends are typed by this table and
 * checked against it. A call fails with an `ErrorRecord`.
 */
export const calls = {
  /** The product and its data folder. */
  about: {
    params: nothing,
    result: z.object({
      appVersion: z.string(),
      dataFolder: z.string(),
      /** What is to be known of the data folder, told to the first that asks; null where all is well. */
      notice: z.string().nullable().default(null),
    }),
  },
  /** Every rung of the backend ladder, with the reason why it can or cannot be used. */
  ladder: { params: nothing, result: z.object({ rungs: z.array(Rung), tfjsVersion: z.string() }) },
  /**
   * Runs, the newest first: all, or the most that are wanted. A long list is best read piece by piece, each piece from
   * the last run of the one before it: neither side then stands still.
   */
  runs: {
    params: z.object({
      limit: z.int().min(1).max(100_000).optional(),
      olderThan: z.string().optional(),
      /** Those in the trash, in place of all others. */
      trashed: z.boolean().optional(),
    }),
    result: z.array(RunRow),
  },
  run: { params: oneRun, result: RunRecord },
  /** One curve for each run and metric, run by run. */
  series: {
    params: z.object({
      runs: z.array(z.string()).max(MOST_RUNS),
      metrics: z.array(Metric).max(MOST_METRICS),
      /** Only what came after this epoch. */
      after: z.int().min(0).optional(),
    }),
    result: z.array(SeriesReply),
  },
  /** Metrics that a run has a point of. */
  metrics: { params: oneRun, result: z.array(Metric) },
  /** Of the epoch given, else of the last that has any. */
  snapshots: {
    params: z.object({ run: z.string(), kind: SnapshotKind, epoch: z.int().min(1).optional() }),
    result: z.array(Snapshot),
  },
  /** Epochs that have a snapshot of a kind, ascending. */
  snapshotEpochs: {
    params: z.object({ run: z.string(), kind: SnapshotKind }),
    result: z.array(z.int()),
  },
  /** What holds a run back, and what could be tried; nothing where nothing does. */
  diagnosis: { params: oneRun, result: z.array(Finding) },
  /** What holds back each experiment of several runs, those with nothing included. */
  experimentDiagnosis: {
    params: z.object({ runs: z.array(z.string()).min(1).max(MOST_RUNS) }),
    result: z.array(ExperimentFindings),
  },
  /**
   * What runs say as one set by a figure (dev accuracy where none is named), held against the run that is named, else
   * against the best.
   */
  analysis: {
    params: z.object({
      runs: z.array(z.string()).min(1).max(MOST_RUNS),
      baseline: z.string().optional(),
      figure: FigureName.optional(),
    }),
    result: RunSetAnalysis,
  },
  /** Two runs on the dev images that both were asked about at their end. */
  compareOnImages: { params: z.object({ first: z.string(), second: z.string() }), result: ImageComparison },
  predictions: { params: oneRun, result: z.array(Prediction) },
  /**
   * The images behind a cell of a confusion matrix, of the epoch given or the last before it whose predictions are
   * kept; null where the run keeps none.
   */
  cellImages: {
    params: z.object({
      run: z.string(),
      part: Part,
      epoch: z.int().min(1),
      actual: z.int().min(0),
      predicted: z.int().min(0),
    }),
    result: CellImages.nullable(),
  },
  /** Queues runs and works through them; they go on whatever becomes of the page. */
  launch: {
    params: z.object({
      configs: z.array(RunConfig).min(1).max(1000),
      /** How many runs of the queue go on at once from now on; as many as before where nothing is said. */
      jobs: z.int().min(1).max(16).optional(),
      /** Words that all of them are given. */
      tags: z.array(Tag).max(20).optional(),
    }),
    result: z.array(RunRecord),
  },
  /** What runs would be, without training any. */
  plan: { params: z.object({ configs: z.array(RunConfig).min(1).max(1000) }), result: z.array(RunPlan) },
  /** What this host works on, and what waits, in order. */
  queue: { params: nothing, result: Queue },
  /** Changes only what is given. A paused queue begins nothing more; what is under way goes on. */
  changeQueue: {
    params: z.object({ isPaused: z.boolean().optional(), jobs: z.int().min(1).max(16).optional() }),
    result: Queue,
  },
  /** Lets a run that waits begin before another one; last of all with null. */
  moveInQueue: { params: z.object({ run: z.string(), before: z.string().nullable() }), result: Queue },
  /** Changes what people say of runs; what is not given stays. */
  organize: {
    params: z.object({
      runs: z.array(z.string()).min(1).max(MOST_ORGANIZED),
      name: z
        .string()
        .regex(/^[^\p{Cc}]{1,200}$/u, 'A name has 1 to 200 characters.')
        .optional(),
      note: z.string().max(20_000, 'A note has at most 20,000 characters.').optional(),
      starred: z.boolean().optional(),
      addTags: z.array(Tag).max(20).optional(),
      removeTags: z.array(z.string()).optional(),
    }),
    result: z.null(),
  },
  /** Only of runs that have ended. */
  trash: { params: manyRuns, result: z.null() },
  restore: { params: manyRuns, result: z.null() },
  /** Removes what is in the trash, for good. @returns how many runs. */
  emptyTrash: { params: nothing, result: z.object({ removed: z.int().min(0) }) },
  /** A choice of the window that was kept; null where none was. */
  preference: { params: z.object({ key: PreferenceKey }), result: z.object({ value: z.json() }) },
  setPreference: { params: z.object({ key: PreferenceKey, value: z.json() }), result: z.null() },
  /** Ends a run tidily at its next batch, or before it starts. */
  stop: { params: oneRun, result: z.null() },
  /** Lets a run that has ended go on from what was kept of it, to so many epochs in all. */
  continueRun: {
    params: z.object({ run: z.string(), nbrEpochs: z.int().min(1).max(1_000_000).optional() }),
    result: RunRecord,
  },
  /** The same of every run that was interrupted. @returns how many. */
  continueAll: { params: nothing, result: z.object({ continued: z.int().min(0) }) },
  /** Trains a run again, with its own configuration, on its own backend. */
  rerun: { params: oneRun, result: RunRecord },
  datasets: { params: z.object({ config: RunConfig }), result: z.array(DatasetSummary) },
  /** Draws a built-in set that is not there yet. */
  dataset: { params: z.object({ config: RunConfig }), result: DatasetSummary },
  /** What is wrong with a set as far as can be seen without decoding an image. */
  datasetGlance: { params: z.object({ config: RunConfig }), result: DatasetGlance },
  /** The reference study as it stands in the store. */
  study: { params: StudyWish, result: StudyStanding },
  /** Queues what the study still needs, so many at once. @returns how many new runs, and how many that go on. */
  launchStudy: {
    params: StudyWish.extend({ jobs: z.int().min(1).max(16).optional() }),
    result: z.object({ launched: z.int().min(0), continued: z.int().min(0) }),
  },
  /** The report of those parts of the study that are whole; its pictures are the caller's to draw. */
  studyReport: { params: StudyWish, result: StudyReport },
  /** Some images of each class, spread over its list. */
  datasetSamples: {
    params: z.object({ config: RunConfig, perClass: z.int().min(1).max(100) }),
    result: z.array(ClassSamples),
  },
  /** Small pictures of images as they are. */
  thumbnails: { params: z.object({ config: RunConfig, paths: Paths }), result: z.array(Thumbnail) },
  /** An image after each step of its preparation, and some draws of its augmentation. */
  preview: {
    params: z.object({
      config: RunConfig,
      path: z.string(),
      draw: z.int().min(0),
      draws: z.int().min(0).max(24),
    }),
    result: PreparationPreview,
  },
  /** Images of a run's data set as its network gets them before augmentation. */
  runImages: { params: z.object({ run: z.string(), paths: Paths }), result: z.array(Thumbnail) },
  /** Folders, for choosing one where there is no dialog; the user's own where none is named. */
  browseFolders: { params: z.object({ path: z.string().optional() }), result: FolderListing },
  /** What each of several runs is going to cost, from those that were measured; null where none was. */
  expectedCosts: {
    params: z.object({ configs: z.array(RunConfig).min(1).max(1000) }),
    result: z.array(ExpectedCost.nullable()),
  },
} as const;
export type Call = keyof typeof calls;
export type CallParams<Name extends Call> = z.input<(typeof calls)[Name]['params']>;
export type CallResult<Name extends Call> = z.output<(typeof calls)[Name]['result']>;

/** What long work tells: how far it has come; then what it gave, or why it gave nothing, and no more. */
function longWork<Result extends z.ZodType>(result: Result) {
  return z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('progress'), progress: Progress }),
    z.object({ kind: z.literal('done'), result }),
    z.object({ kind: z.literal('failed'), error: ErrorRecord }),
  ]);
}

/** Every stream that a page can follow, by name: what opens it, and what it brings. */
export const streams = {
  /** What happens to runs, of this host and of every other on the data folder. */
  events: { params: nothing, item: WatchedEvent },
  /** Looks through all images of a data set for what may spoil a training; whoever leaves it cancels it. */
  checkDataset: { params: z.object({ config: RunConfig }), item: longWork(DatasetHealth) },
} as const;
export type Stream = keyof typeof streams;
export type StreamParams<Name extends Stream> = z.input<(typeof streams)[Name]['params']>;
export type StreamItem<Name extends Stream> = z.output<(typeof streams)[Name]['item']>;
