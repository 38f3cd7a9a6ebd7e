import { z } from 'zod';

/** What of the study is redone, and how. */
export const StudyWish = z.object({
  /** Ids of parts; absent: all. */
  only: z.array(z.string()).optional(),
  /** Runs of each experiment that differ in their model seed alone. */
  seeds: z.int().min(1).max(100),
  /** Epochs of every run instead of the study's. */
  epochs: z.int().min(1).max(1_000_000).optional(),
});
export type StudyWish = z.infer<typeof StudyWish>;

/** A claim held, did not show, or showed the other way round. */
export const Verdict = z.enum(['confirmed', 'not confirmed', 'opposite']);
export type Verdict = z.infer<typeof Verdict>;

/** Mean and sample standard deviation over seeds; the deviation is null of one seed. */
const SeedSpread = z.object({
  mean: z.number().or(z.nan()),
  sd: z.number().or(z.nan()).nullable(),
  seeds: z.int().min(1),
});

/** One experiment of the study, as far as it has come. */
export const StudyExperiment = z.object({
  id: z.string(),
  label: z.string(),
  /** As on the command line. */
  options: z.string(),
  /** Ids of its finished runs, in the order of the seeds; null where one is still to be trained. */
  runs: z.array(z.string().nullable()),
  training: SeedSpread.nullable(),
  dev: SeedSpread.nullable(),
  variance: SeedSpread.nullable(),
  /** Accuracies that the study gives, 0..1. */
  reference: z.object({ training: z.number().nullable(), dev: z.number().nullable() }).nullable(),
});
export type StudyExperiment = z.infer<typeof StudyExperiment>;

/** One part of the study. Its verdict is null until all of its runs have finished. */
export const StudyPart = z.object({
  id: z.string(),
  title: z.string(),
  section: z.string(),
  finding: z.string(),
  /** Where the study's own options and text do not agree. */
  disagreement: z.string().nullable(),
  experiments: z.array(StudyExperiment),
  verdict: Verdict.nullable(),
  /** One sentence a claim, with the figures that it rests on. */
  claims: z.array(z.object({ sentence: z.string(), verdict: Verdict })),
});
export type StudyPart = z.infer<typeof StudyPart>;

/** The study as it stands in the store. */
export const StudyStanding = z.object({
  parts: z.array(StudyPart),
  /** Runs that it is made of, and those of them that have finished. */
  wanted: z.int().min(0),
  finished: z.int().min(0),
});
export type StudyStanding = z.infer<typeof StudyStanding>;
