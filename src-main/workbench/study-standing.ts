import type { RunRecord } from '../../src-preload/contract/run.ts';
import type {
  SeedSpread,
  StudyColumn,
  StudyExperiment,
  StudyPicture,
  StudyReport,
  StudyStanding,
  StudyWish,
} from '../../src-preload/contract/study.ts';
import type { StudyRun } from '../study/figures.ts';
import { htmlReport } from '../study/html-report.ts';
import type { Recipe, RecipeExperiment } from '../study/recipes.ts';
import {
  claimSentence,
  commandOf,
  countLines,
  csvReport,
  markdownReport,
  remarks,
  type ReportInput,
  RULE,
  type StudyCost,
} from '../study/report.ts';
import { spreadOf } from '../study/table.ts';
import { judge } from '../study/verdict.ts';
import type { Study } from './study-run.ts';

type Read = (run: RunRecord) => StudyRun;

/** How far a study has come: figures of what has finished, and verdicts on the parts that are whole. */
export function studyStanding(
  study: Study,
  { seeds, epochs = null }: { readonly seeds: number; readonly epochs?: number | null | undefined },
  read: Read,
): StudyStanding {
  const judged = new Map(judgeWhole(study, read).map((one) => [one.recipe.id, one]));
  return {
    wanted: study.wanted,
    finished: study.finished.length,
    underWay: study.underWay.length,
    interrupted: study.toContinue.length,
    parts: study.recipes.map(({ id, title, section, finding, disagreements, experiments }) => {
      const own = judged.get(id);
      return {
        id,
        title,
        section,
        finding,
        command: commandOf({ experiments }),
        disagreements: [...disagreements],
        experiments: experiments.map((one) => experimentOf(study, one, read)),
        verdict: own?.outcome ?? null,
        chance: own?.chance ?? null,
        claims: (own?.claims ?? []).map((claim) => ({
          sentence: claimSentence(claim),
          verdict: claim.outcome,
        })),
      };
    }),
    remarks: [...countLines([...judged.values()]), ...remarks({ seeds, epochs, basis: study.basis })],
    rule: [...RULE],
  };
}

/** What a report is made of: the parts of a study that are whole. */
export function reportInput(
  study: Study,
  { seeds, epochs }: StudyWish,
  read: Read,
  took: Pick<StudyCost, 'wallMs' | 'trained' | 'continued'>,
): ReportInput {
  const judged = judgeWhole(study, read);
  return {
    judged,
    runsOf: readerOf(study, read),
    seeds,
    epochs: epochs ?? null,
    basis: study.basis,
    cost: {
      ...took,
      runsMs: study.finished.reduce((sum, { timings }) => sum + (timings?.total ?? 0), 0),
      reused: study.finished.length - took.trained - took.continued,
    },
    pictures: judged.flatMap(({ recipe }) => picturesOf(recipe, study)),
  };
}

/** The report of the parts that are whole, for whoever draws its pictures. */
export function studyReport(study: Study, wish: StudyWish, read: Read): StudyReport {
  const input = reportInput(study, wish, read, { wallMs: null, trained: 0, continued: 0 });
  const markdown = markdownReport(input);
  return {
    markdown,
    html: htmlReport(markdown, (file) => file),
    csv: csvReport(input),
    pictures: [...input.pictures],
  };
}

function judgeWhole(study: Study, read: Read) {
  const whole = study.recipes.filter(({ experiments }) =>
    experiments.every((one) => study.found(one).every((run) => run !== undefined)),
  );
  return judge(whole, readerOf(study, read));
}

function readerOf(study: Study, read: Read): (options: string) => readonly StudyRun[] {
  const byOptions = new Map(
    study.recipes.flatMap(({ experiments }) => experiments.map((one) => [one.options, one])),
  );
  return (options) => {
    const experiment = byOptions.get(options);
    if (experiment === undefined) throw new Error(`There is no experiment of ${options}.`);
    return study.found(experiment).flatMap((run) => (run === undefined ? [] : [read(run)]));
  };
}

function picturesOf({ id, experiments }: Recipe, study: Study): StudyPicture[] {
  const hasUnits = experiments.some((one) => followsUnits(study, one));
  return (['loss', 'accuracy', ...(hasUnits ? ['parameters' as const] : [])] as const).map((kind) => ({
    part: id,
    kind,
    file: `${id}-${kind}.png`,
  }));
}

function followsUnits(study: Study, experiment: RecipeExperiment): boolean {
  return study.begun(experiment).some(({ config }) => config.trackLayer.length > 0);
}

function experimentOf(study: Study, experiment: RecipeExperiment, read: Read): StudyExperiment {
  const { id, label, options, reference } = experiment;
  const runs = study.found(experiment);
  const there = runs.flatMap((run) => (run === undefined ? [] : [read(run)]));
  function figure(column: StudyColumn): SeedSpread | null {
    return spreadOf(column, there);
  }
  return {
    id,
    label,
    options,
    runs: runs.map((run) => run?.id ?? null),
    begun: study.begun(experiment).map((run) => run.id),
    figures: {
      parameters: figure('parameters'),
      ratio: figure('ratio'),
      trainingCost: figure('trainingCost'),
      training: figure('training'),
      devCost: figure('devCost'),
      dev: figure('dev'),
      earlyStopEpoch: figure('earlyStopEpoch'),
      avoidableBias: figure('avoidableBias'),
      variance: figure('variance'),
    },
    reference: reference === null ? null : { ...reference },
    hasUnits: followsUnits(study, experiment),
  };
}
