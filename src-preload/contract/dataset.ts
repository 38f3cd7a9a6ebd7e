import { z } from 'zod';
import { Part } from './snapshot.ts';

/** Images of a part, by what they are for. */
export const PartCounts = z.object({ training: z.int().min(0), dev: z.int().min(0), test: z.int().min(0) });
export type PartCounts = z.infer<typeof PartCounts>;

/** `[height, width, channels]` of every prepared image. */
export const InputShape = z.tuple([z.int().min(1), z.int().min(1), z.union([z.literal(1), z.literal(3)])]);
export type InputShape = z.infer<typeof InputShape>;

/** A file that was left out, and why. The path is relative to the data set's folder, with `/`. */
export const UnreadableImage = z.object({ path: z.string(), reason: z.string() });
export type UnreadableImage = z.infer<typeof UnreadableImage>;

/** A class and how its images are split. */
export const ClassSummary = z.object({ name: z.string(), images: z.int().min(0), parts: PartCounts });
export type ClassSummary = z.infer<typeof ClassSummary>;

/** What is known of a data set by listing its folder, before any image is decoded. */
export const DatasetSummary = z.object({
  name: z.string(),
  /** Absolute path of the folder; for a built-in set not drawn yet, where it will be. */
  folder: z.string(),
  builtIn: z.boolean(),
  /** Built-in sets are drawn on first use. */
  drawn: z.boolean(),
  classes: z.array(ClassSummary),
  images: z.int().min(0),
  bytes: z.number().min(0),
  parts: PartCounts,
});
export type DatasetSummary = z.infer<typeof DatasetSummary>;

/** A data set as a run used it: the same folder with other images is another one. */
export const SeenDataset = z.object({
  name: z.string(),
  /** Absolute path. */
  folder: z.string(),
  /** Hash of the file list and the contents of the files. */
  fingerprint: z.string(),
  classes: z.array(z.string()),
  samples: PartCounts,
  /** Images listed, the unreadable ones among them. */
  images: z.int().min(0),
  unreadable: z.int().min(0),
  /** ISO 8601. */
  lastUsedAt: z.string(),
});
export type SeenDataset = z.infer<typeof SeenDataset>;

/** Folders in a folder, for choosing one. */
export const FolderListing = z.object({
  /** Absolute. */
  folder: z.string(),
  /** The folder that it lies in; null at the top. */
  parent: z.string().nullable(),
  /** At least two of its folders hold an image. */
  looksLikeDataset: z.boolean(),
  folders: z.array(z.object({ name: z.string(), path: z.string(), looksLikeDataset: z.boolean() })),
  /** There are more than are listed. */
  isCut: z.boolean(),
});
export type FolderListing = z.infer<typeof FolderListing>;

/** An image's place in the split: for findings that name files. */
export const PlacedImage = z.object({ path: z.string(), className: z.string(), part: Part });
export type PlacedImage = z.infer<typeof PlacedImage>;

/** Two or more images that are the same. */
export const DuplicateGroup = z.object({
  /** `exact`: the same bytes or pixels; `near`: perceptual hashes at most a few bits apart. */
  kind: z.enum(['exact', 'near']),
  /** Bits in which the perceptual hashes differ at most; 0 for exact. */
  distance: z.int().min(0),
  images: z.array(PlacedImage).min(2),
  /** The group lies in more than one part: what is learnt in one is asked in the other. */
  leak: z.boolean(),
  /** The group lies in more than one class: one of the labels is wrong. */
  mislabelled: z.boolean(),
});
export type DuplicateGroup = z.infer<typeof DuplicateGroup>;

/** A whole sentence on a data set, and how grave it is. */
export const DatasetFinding = z.object({
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
});
export type DatasetFinding = z.infer<typeof DatasetFinding>;

/** What is seen of a data set at once: how its classes are split, and whether its files begin as images do. */
export const DatasetGlance = z.object({
  images: z.int().min(0),
  /** Images whose files were looked into: all, or as many as are soon done, spread over the set. */
  looked: z.int().min(0),
  /** The gravest first; empty where nothing is wrong as far as it was looked. */
  findings: z.array(DatasetFinding),
});
export type DatasetGlance = z.infer<typeof DatasetGlance>;

/** How healthy a data set is, before anyone trains on it. */
export const DatasetHealth = z.object({
  summary: DatasetSummary,
  unreadable: z.array(UnreadableImage),
  duplicates: z.array(DuplicateGroup),
  /** Width × height in pixels and how many images have it, most frequent first. */
  sizes: z.array(z.object({ width: z.int(), height: z.int(), images: z.int() })),
  /** Images whose size differs from the set's most frequent one, where that one is shared by most. */
  oddSizes: z.array(z.object({ path: z.string(), width: z.int(), height: z.int() })),
  /** Colour modes (`rgb`, `rgba`, `grey`, `grey+alpha`, `cmyk`, `palette`, `16-bit …`) and how many images have each. */
  modes: z.array(z.object({ mode: z.string(), images: z.int() })),
  /** Images in another mode than most. */
  oddModes: z.array(z.object({ path: z.string(), mode: z.string() })),
  /** Images that their EXIF orientation turns or mirrors, with the tag's value (2..8). */
  turned: z.array(z.object({ path: z.string(), orientation: z.int() })),
  /** Images of the largest class over those of the smallest. */
  imbalance: z.number(),
  /**
   * Classes with few dev images, and how far their accuracy swings: the half width of the 95 % Wilson interval at
   * an accuracy of a half, and what one single image is worth.
   */
  fewDevImages: z.array(
    z.object({ className: z.string(), dev: z.int(), halfWidth: z.number(), oneImage: z.number() }),
  ),
  /** The gravest first; empty where nothing is wrong. */
  findings: z.array(DatasetFinding),
});
export type DatasetHealth = z.infer<typeof DatasetHealth>;
