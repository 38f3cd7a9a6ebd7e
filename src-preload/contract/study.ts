import { z } from 'zod';
import { countText, percentText, ratioText } from './figure-text.ts';
import { BackendInfo, Versions } from './run.ts';

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

/** What every run of a study is computed by and trained on. */
export const StudyBasis = z.object({
  backend: BackendInfo.shape.name,
  versions: Versions,
  dataset: z.object({
    /** Absolute path. */
    folder: z.string(),
    /** Hash of the file list and the contents of the files. */
    fingerprint: z.string(),
    images: z.int().min(0),
  }),
});
export type StudyBasis = z.infer<typeof StudyBasis>;

/** A claim held, did not show, or its contrary showed. */
export const Verdict = z.enum(['confirmed', 'not confirmed', 'opposite']);
export type Verdict = z.infer<typeof Verdict>;

/** Columns of the study's tables, by what they hold. */
export const StudyColumn = z.enum([
  'parameters',
  'ratio',
  'trainingCost',
  'training',
  'devCost',
  'dev',
  'earlyStopEpoch',
  'avoidableBias',
  'variance',
]);
export type StudyColumn = z.infer<typeof StudyColumn>;

/** The columns in the order of the study's tables, with their headings and how a figure of theirs is written. */
export const STUDY_COLUMNS: readonly {
  readonly column: StudyColumn;
  readonly label: string;
  readonly text: (value: number) => string;
}[] = [
  { column: 'parameters', label: '# parameters', text: countText },
  { column: 'ratio', label: 'Params/samples ratio', text: ratioText },
  { column: 'trainingCost', label: 'Training cost', text: costText },
  { column: 'training', label: 'Training accuracy', text: percentText },
  { column: 'devCost', label: 'Dev cost', text: costText },
  { column: 'dev', label: 'Dev accuracy', text: percentText },
  { column: 'earlyStopEpoch', label: 'Early stop epoch', text: (epoch) => String(Math.round(epoch)) },
  { column: 'avoidableBias', label: 'Avoidable bias', text: percentText },
  { column: 'variance', label: 'Variance', text: percentText },
];

function costText(cost: number): string {
  return cost.toFixed(2);
}

/** Mean and sample standard deviation over seeds; the deviation is null of one seed. */
export const SeedSpread = z.object({
  mean: z.number().or(z.nan()),
  sd: z.number().or(z.nan()).nullable(),
  /** Runs that have the figure. */
  seeds: z.int().min(1),
});
export type SeedSpread = z.infer<typeof SeedSpread>;

/** A mean and what it swings by, as a column writes its figures; nothing where there is none. */
export function spreadText(spread: SeedSpread | null, text: (value: number) => string): string {
  if (spread === null || Number.isNaN(spread.mean)) return '';
  return spread.sd === null || spread.sd === 0
    ? text(spread.mean)
    : `${text(spread.mean)} ± ${text(spread.sd)}`;
}

/** One experiment of the study, as far as it has come. */
export const StudyExperiment = z.object({
  id: z.string(),
  label: z.string(),
  /** As on the command line. */
  options: z.string(),
  /** Ids of its finished runs, in the order of the seeds; null where one is still to be trained. */
  runs: z.array(z.string().nullable()),
  /** Ids of those that have begun, finished or not, in that order. */
  begun: z.array(z.string()),
  /** Of the finished runs. */
  figures: z.record(StudyColumn, SeedSpread.nullable()),
  /** As the study prints them: accuracies 0..1. */
  reference: z.record(StudyColumn, z.number().nullable()).nullable(),
  /** It follows units, whose weights can be shown. */
  hasUnits: z.boolean(),
});
export type StudyExperiment = z.infer<typeof StudyExperiment>;

/** One part of the study. Its verdict is null until all of its runs have finished. */
export const StudyPart = z.object({
  id: z.string(),
  title: z.string(),
  section: z.string(),
  finding: z.string(),
  /** The command line that trains it with one seed. */
  command: z.string(),
  /** Where the study's own options, tables and text do not agree. */
  disagreements: z.array(z.string()),
  experiments: z.array(StudyExperiment),
  verdict: Verdict.nullable(),
  /** Two-sided p-values of the verdict, by itself and corrected for all that are known (Holm); null of one seed. */
  chance: z.object({ pValue: z.number(), corrected: z.number() }).nullable(),
  /** One sentence a claim, with the figures that it rests on. */
  claims: z.array(z.object({ sentence: z.string(), verdict: Verdict })),
});
export type StudyPart = z.infer<typeof StudyPart>;

/** The study as it stands in the store. */
export const StudyStanding = z.object({
  parts: z.array(StudyPart),
  /** Runs that it is made of, and what has become of them; the rest has not been queued yet. */
  wanted: z.int().min(0),
  finished: z.int().min(0),
  underWay: z.int().min(0),
  /** Cut off; they go on where they are asked for again. */
  interrupted: z.int().min(0),
  /** What stands behind the figures, in sentences. */
  remarks: z.array(z.string()),
  /** How a verdict is come by, in sentences. */
  rule: z.array(z.string()),
});
export type StudyStanding = z.infer<typeof StudyStanding>;

/** A picture that a report has a place for: curves or weights of a part. */
export const StudyPicture = z.object({
  part: z.string(),
  kind: z.enum(['loss', 'accuracy', 'parameters']),
  /** The name that the report has for it. */
  file: z.string(),
});
export type StudyPicture = z.infer<typeof StudyPicture>;

/** The study as files. */
export const StudyReport = z.object({
  markdown: z.string(),
  /** Names its pictures as the Markdown does, in `src="…"`: whoever draws them puts them in. */
  html: z.string(),
  csv: z.string(),
  pictures: z.array(StudyPicture),
});
export type StudyReport = z.infer<typeof StudyReport>;
