import { z } from 'zod';
import { RunConfig } from './config.ts';
import {
  DatasetGlance,
  DatasetHealth,
  DatasetSummary,
  InputShape,
  PartCounts,
  UnreadableImage,
} from './dataset.ts';
import { ClassSamples, PreparationPreview, Thumbnail } from './pictures.ts';
import { ErrorRecord } from './errors.ts';

/** Folders that a data process works in; absolute paths. */
export const DataFolders = z.object({
  /** Where data sets are looked up by name, and built-in ones drawn. */
  datasets: z.string(),
  /** Where prepared files are kept. */
  cache: z.string(),
  /** The most bytes of prepared files that are kept. */
  cacheMaxBytes: z.number().positive(),
});
export type DataFolders = z.infer<typeof DataFolders>;

/** A prepared set, ready to be read by a training process. */
export const PreparedSet = z.object({
  /** Absolute path of the prepared file. */
  file: z.string(),
  datasetFolder: z.string(),
  datasetFingerprint: z.string(),
  preparedKey: z.string(),
  classes: z.array(z.string()),
  inputShape: InputShape,
  samples: PartCounts,
  unreadable: z.array(UnreadableImage),
  /** Images decoded by this call: 0 where the cache had the file. */
  decoded: z.int().min(0),
  images: z.int().min(0),
  /** Milliseconds of this call. */
  ms: z.number(),
  sharpVersion: z.string(),
});
export type PreparedSet = z.infer<typeof PreparedSet>;

/** What a set will give, from its file list alone. */
export const DataPlan = z.object({
  summary: DatasetSummary,
  inputShape: InputShape,
});
export type DataPlan = z.infer<typeof DataPlan>;

/** What a set is now, and what would prepare it. */
export const DataIdentity = z.object({
  /** Absolute path. */
  folder: z.string(),
  /** Hash of the file list and the contents of the files. */
  fingerprint: z.string(),
  images: z.int().min(0),
  sharpVersion: z.string(),
});
export type DataIdentity = z.infer<typeof DataIdentity>;

const placed = z.object({ config: RunConfig, folders: DataFolders });
const Paths = z.array(z.string()).max(200);

/**
 * The calls that a data process answers, by name: what goes in, what comes out. Every call may be followed by
 * progress (`done` of `total`, of what) before its answer.
 */
export const dataCalls = {
  /** Draws a built-in set that is not there yet, prepares a set or finds it in the cache. */
  prepare: { params: z.object({ config: RunConfig, folders: DataFolders }), result: PreparedSet },
  /** Lists and splits without decoding; draws a built-in set that is not there yet. */
  plan: { params: z.object({ config: RunConfig, folders: DataFolders }), result: DataPlan },
  /** Reads the files of a set, where they are not known yet; draws a built-in set that is not there. */
  identity: { params: z.object({ config: RunConfig, folders: DataFolders }), result: DataIdentity },
  list: { params: z.object({ folders: DataFolders, config: RunConfig }), result: z.array(DatasetSummary) },
  check: { params: z.object({ config: RunConfig, folders: DataFolders }), result: DatasetHealth },
  /** What is wrong with a set as far as can be seen without decoding an image. */
  glance: { params: placed, result: DatasetGlance },
  /** Some images of each class. */
  samples: {
    params: placed.extend({ perClass: z.int().min(1).max(100) }),
    result: z.array(ClassSamples),
  },
  /** Small pictures of images as they are. */
  thumbnails: { params: placed.extend({ paths: Paths }), result: z.array(Thumbnail) },
  /** Images as a network gets them before augmentation. */
  preparedPictures: { params: placed.extend({ paths: Paths }), result: z.array(Thumbnail) },
  /** An image after each step of its preparation, and some draws of its augmentation. */
  preview: {
    params: placed.extend({ path: z.string(), draw: z.int().min(0), draws: z.int().min(0).max(24) }),
    result: PreparationPreview,
  },
  /** Draws a built-in kind of set under a name of its own. */
  create: {
    params: z.object({
      kind: z.enum(['numbers', 'colors']),
      name: z.string(),
      seed: z.int().min(0),
      perClass: z.int().min(1).max(100_000).optional(),
      folders: DataFolders,
    }),
    result: DatasetSummary,
  },
} as const;
export type DataCall = keyof typeof dataCalls;
export type DataParams<Call extends DataCall> = z.infer<(typeof dataCalls)[Call]['params']>;
export type DataResult<Call extends DataCall> = z.infer<(typeof dataCalls)[Call]['result']>;

/** How far a call has come. */
export const Progress = z.object({
  what: z.enum(['drawing', 'listing', 'preparing', 'checking']),
  done: z.int().min(0),
  total: z.int().min(0),
});
export type Progress = z.infer<typeof Progress>;

/** Host to data process. */
export const DataRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id: z.int(),
    call: z.enum([
      'prepare',
      'plan',
      'identity',
      'list',
      'check',
      'glance',
      'samples',
      'thumbnails',
      'preparedPictures',
      'preview',
      'create',
    ]),
    params: z.unknown(),
  }),
  /** Ends the call with that id; its answer is then a user error that says it was cancelled. */
  z.object({ kind: z.literal('cancel'), id: z.int() }),
]);
export type DataRequest = z.infer<typeof DataRequest>;

/** Data process to host. */
export const DataReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), id: z.int(), progress: Progress }),
  z.object({ kind: z.literal('result'), id: z.int(), result: z.unknown() }),
  z.object({ kind: z.literal('error'), id: z.int(), error: ErrorRecord }),
]);
export type DataReply = z.infer<typeof DataReply>;
