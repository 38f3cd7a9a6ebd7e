import { z } from 'zod';
import { Finding } from './diagnosis.ts';
import { FigureName } from './figure.ts';

/** Where a figure lies, with the confidence given. */
const Interval = z.object({ low: z.number(), high: z.number(), level: z.number() });

/** Two runs on the images that both were asked about. */
export const ImageComparison = z.object({
  images: z.int(),
  /** Share classified rightly, 0..1, of the first run and of the second; NaN of no image. */
  accuracies: z.tuple([z.number().or(z.nan()), z.number().or(z.nan())]),
  /** Wilson intervals of both. */
  intervals: z.tuple([Interval, Interval]),
  /** Accuracy of the second minus that of the first. */
  difference: z.number().or(z.nan()),
  /** Of the difference, by drawing images again in pairs; null for fewer than two images. */
  interval: Interval.nullable(),
  /** Of both being equally good (McNemar's exact test). */
  pValue: z.number(),
  /** Paths of images that one of them alone gets right. */
  onlyFirst: z.array(z.string()),
  onlySecond: z.array(z.string()),
});
export type ImageComparison = z.infer<typeof ImageComparison>;

/** One experiment of several, and what is known of its figure. */
export const ComparedExperiment = z.object({
  name: z.string(),
  /** Ids of the runs that count, one a seed. */
  runs: z.array(z.string()),
  /** Whether they are those that measured it again, and none that it was picked for. */
  isFresh: z.boolean(),
  mean: z.number(),
  /** Sample standard deviation; null for one seed. */
  sd: z.number().nullable(),
  /** Against the one that the others are held against; null of that one itself. */
  difference: z
    .object({
      /** This one minus the other: of the means, or the mean over the seeds that both have. */
      value: z.number(),
      interval: Interval.nullable(),
      /** Corrected for the number of experiments (Holm); null where one seed stands behind either. */
      pValue: z.number().nullable(),
      /** In standard deviations. */
      effectSize: z.number().nullable(),
      method: z.enum(['paired', 'welch', 'one seed']),
      /** Seeds that both have, where it was held over those; null else. */
      pairs: z.int().nullable(),
      verdict: z.enum(['higher', 'lower', 'within the noise', 'one seed']),
    })
    .nullable(),
});
export type ComparedExperiment = z.infer<typeof ComparedExperiment>;

/** How much of the variance of a figure goes with each option of a sweep. */
export const Importance = z.object({
  /** Combinations of values, each trained. */
  experiments: z.int(),
  /** Seeds of each. */
  seeds: z.int(),
  /** Runs of seeds that not every combination has, and that were left out for it. */
  leftOut: z.int(),
  /** What each option explains by itself, and all their interactions together, the largest first. */
  parts: z.array(
    z.object({
      label: z.string(),
      /** Share of the variance beyond what chance alone would give it, 0..1. */
      share: z.number(),
      interval: Interval.nullable(),
      pValue: z.number().nullable(),
    }),
  ),
  /** What seeds alone do, 0..1; null with one seed, where chance cannot be told from interactions. */
  chance: z.number().nullable(),
});
export type Importance = z.infer<typeof Importance>;

/** What each piece of a configuration is worth: the same trained without it. */
export const Contributions = z.object({
  /** Name of the experiment that has all pieces, and its figure. */
  whole: z.string(),
  mean: z.number(),
  sd: z.number().nullable(),
  seeds: z.int(),
  /** The most useful first. */
  pieces: z.array(
    z.object({
      /** The option that is switched off. */
      label: z.string(),
      /** Its value in the whole, and without it. */
      on: z.string(),
      off: z.string(),
      /** Ids of the runs without it. */
      runs: z.array(z.string()),
      /** The figure without it. */
      mean: z.number(),
      sd: z.number().nullable(),
      /** What it adds to the whole, above 0 where the figure is better with it: whole − without, of losses without − whole. */
      contribution: z.number(),
      interval: Interval.nullable(),
      /** Corrected for the number of pieces (Holm); null where one seed stands behind either. */
      pValue: z.number().nullable(),
      /** Seeds that both have, where it was held over those; null else. */
      pairs: z.int().nullable(),
      verdict: z.enum(['helps', 'harms', 'within the noise', 'one seed']),
    }),
  ),
});
export type Contributions = z.infer<typeof Contributions>;

/** The best of several experiments. */
export const BestOf = z.object({
  name: z.string(),
  /** Ids of the runs that it was picked for. */
  runs: z.array(z.string()),
  experiments: z.int(),
  mean: z.number(),
  /** With seeds that it was not picked for; null where it has not been measured again. */
  again: z
    .object({ mean: z.number(), sd: z.number().nullable(), seeds: z.int(), interval: Interval.nullable() })
    .nullable(),
  /** What is to be measured next: itself, or another that was picked for a better figure than its fresh seeds gave. */
  next: z.object({ name: z.string(), runs: z.array(z.string()) }),
  sentence: z.string(),
});
export type BestOf = z.infer<typeof BestOf>;

/** A figure over the number of training images, and where it may lead. */
export const LearningCurve = z.object({
  points: z.array(
    z.object({ images: z.int(), mean: z.number(), seeds: z.int(), interval: Interval.nullable() }),
  ),
  /** error = floor + factor × images^−exponent; null where no such curve falls. */
  law: z.object({ floor: z.number(), factor: z.number(), exponent: z.number() }).nullable(),
  /** Accuracies with more images than there are. */
  expected: z.array(z.object({ images: z.int(), accuracy: z.number(), interval: Interval.nullable() })),
  sentence: z.string(),
});
export type LearningCurve = z.infer<typeof LearningCurve>;

/** What can be said of runs as one set, by one figure. */
export const RunSetAnalysis = z.object({
  figure: FigureName,
  experiments: z.array(ComparedExperiment),
  /** Name of the experiment that the others are held against; null of a single one. */
  against: z.string().nullable(),
  /** How far seeds alone lie apart: standard deviation within experiments; null where each has one seed. */
  noise: z.number().nullable(),
  sentences: z.array(z.string()),
  importance: Importance.nullable(),
  /** Why there is no importance; null where there is, or where it was not to be expected. */
  noImportance: z.string().nullable(),
  /** Of an ablation; null of all else. */
  contributions: Contributions.nullable(),
  best: BestOf.nullable(),
  /** By the dev accuracy, whatever the figure. */
  learningCurve: LearningCurve.nullable(),
});
export type RunSetAnalysis = z.infer<typeof RunSetAnalysis>;

/** What holds back one experiment of several: what is found in more than half of its repeats, and in how many. */
export const ExperimentFindings = z.object({
  name: z.string(),
  /** Ids of the runs that were judged, one a seed. */
  runs: z.array(z.string()),
  findings: z.array(Finding.extend({ runs: z.int(), of: z.int() })),
});
export type ExperimentFindings = z.infer<typeof ExperimentFindings>;
