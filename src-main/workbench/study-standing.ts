import type { StudyExperiment, StudyStanding } from '../../src-preload/contract/study.ts';
import { claimSentence } from '../study/report.ts';
import type { RecipeExperiment } from '../study/recipes.ts';
import { judge, meanAndDeviation } from '../study/verdict.ts';
import type { Study } from './study-run.ts';

/** How far a study has come: figures of what has finished, and verdicts on the parts that are whole. */
export function studyStanding(study: Study): StudyStanding {
  const { recipes, wanted, missing, found, figuresOf } = study;
  const experimentsOf = new Map(
    recipes.map(({ id, experiments }) => [id, experiments.map((one) => experimentOf(study, one))]),
  );
  const whole = recipes.filter(({ id }) =>
    experimentsOf.get(id)?.every(({ runs }) => runs.every((run) => run !== null)),
  );
  const figures = new Map(
    whole.flatMap(({ experiments }) =>
      experiments.map(({ options, ...experiment }) => [
        options,
        figuresOf(found({ options, ...experiment }).filter((run) => run !== undefined)),
      ]),
    ),
  );
  const judged = new Map(
    judge(whole, (options) => {
      const known = figures.get(options);
      if (known === undefined) throw new Error(`There are no figures of ${options}.`);
      return known;
    }).map((one) => [one.recipe.id, one]),
  );
  return {
    wanted,
    finished: wanted - missing.length,
    parts: recipes.map(({ id, title, section, finding, disagreement }) => {
      const own = judged.get(id);
      return {
        id,
        title,
        section,
        finding,
        disagreement: disagreement ?? null,
        experiments: experimentsOf.get(id) ?? [],
        verdict: own?.outcome ?? null,
        claims: (own?.claims ?? []).map((claim) => ({
          sentence: claimSentence(claim),
          verdict: claim.outcome,
        })),
      };
    }),
  };
}

function experimentOf({ found }: Study, experiment: RecipeExperiment): StudyExperiment {
  const { id, label, options, reference } = experiment;
  const runs = found(experiment);
  const there = runs.filter((run) => run !== undefined);
  function spread(value: (run: (typeof there)[number]) => number | null | undefined) {
    const values = there.map((run) => value(run) ?? NaN);
    if (values.length === 0) return null;
    const [mean, sd] = meanAndDeviation(values);
    return { mean, sd, seeds: values.length };
  }
  return {
    id,
    label,
    options,
    runs: runs.map((run) => run?.id ?? null),
    training: spread(({ last }) => last?.training.accuracy),
    dev: spread(({ last }) => last?.dev?.accuracy),
    variance: spread(({ variance }) => variance),
    reference: reference === null ? null : { training: reference.training, dev: reference.dev },
  };
}
