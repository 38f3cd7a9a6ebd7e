import { commandLine, type RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { configOfString } from '../study/option-string.ts';
import { type Recipe, type RecipeExperiment, RECIPES } from '../study/recipes.ts';
import { type ExperimentFigures, judge, type JudgedRecipe } from '../study/verdict.ts';
import type { Workbench } from './workbench.ts';

/** What of the study is redone, and how. */
export interface StudyOptions {
  /** Ids of recipes; undefined: all. */
  readonly only?: readonly string[];
  /** Runs of each experiment that differ in their model seed alone. */
  readonly seeds: number;
  /** Epochs of every run instead of the study's. */
  readonly epochs?: number;
  /** Runs at once. */
  readonly jobs: number;
  /** Takes finished runs of the store that are what a new one would be. */
  readonly reuse: boolean;
  /**
   * What computes every run: one backend for all, since figures of two differ in their last digits, and what is fastest
   * while others run beside it is chance.
   */
  readonly backend: RunConfig['backend'];
  /** Version of the product: runs of another one are not reused. */
  readonly appVersion: string;
}

/** The runs of a study: found in the store, or still to be trained. */
export interface Study {
  readonly recipes: readonly Recipe[];
  /** Configurations that no run is there of yet, each once. */
  readonly missing: readonly RunConfig[];
  /** Runs that it is made of, each once. */
  readonly wanted: number;
  /** Runs that are there already. */
  readonly reused: number;
  /** Once everything has been trained: what came of it. @throws UserError where a run did not finish. */
  readonly judged: () => {
    readonly judged: JudgedRecipe[];
    readonly figuresOf: (options: string) => ExperimentFigures;
  };
  /** The finished runs of an experiment, in the order of the seeds. */
  readonly runsOf: (experiment: RecipeExperiment) => RunRecord[];
  /** The same as far as they are there, as the store was when the study was opened. */
  readonly found: (experiment: RecipeExperiment) => (RunRecord | undefined)[];
  /** What claims ask of finished runs of one experiment. */
  readonly figuresOf: (runs: readonly RunRecord[]) => ExperimentFigures;
}

/** Model seeds of an experiment lie this far apart, so that experiments about seeds do not share them. */
const SEED_STEP = 100;

/**
 * Looks up what a study needs.
 * @throws UserError for a recipe that there is none of.
 */
export function openStudy(workbench: Workbench, options: StudyOptions): Study {
  const recipes = chosen(options.only);
  const found = new Map<string, RunRecord>();
  function lookUp(): void {
    found.clear();
    // The newest of equals comes first, and stays.
    for (const run of workbench.runs({ status: ['finished'] })) {
      const { versions } = run;
      if (versions?.app !== options.appVersion || versions.node !== process.version) continue;
      const key = runKey(run.config);
      if (!found.has(key)) found.set(key, run);
    }
  }
  function configsOf({ id, options: string }: RecipeExperiment): RunConfig[] {
    // The study evaluated with the statistics of the evaluated batch.
    const config = {
      ...configOfString(string),
      ...{ batchNormEval: 'batch' as const, backend: options.backend, expId: id },
    };
    return Array.from({ length: options.seeds }, (_, seed) => ({
      ...config,
      modelSeed: config.modelSeed + SEED_STEP * seed,
      ...(options.epochs === undefined ? {} : { nbrEpochs: options.epochs }),
    }));
  }
  function runsOf(experiment: RecipeExperiment): RunRecord[] {
    return configsOf(experiment).map((config) => {
      const run = found.get(runKey(config));
      if (run === undefined)
        throw new UserError(`A run of experiment ${experiment.id} did not finish: see layerbench runs.`);
      return run;
    });
  }
  if (options.reuse) lookUp();
  const wanted = new Map(
    recipes
      .flatMap(({ experiments }) => experiments.flatMap(configsOf))
      .map((config) => [runKey(config), config]),
  );
  const missing = [...wanted].flatMap(([key, config]) => (found.has(key) ? [] : [config]));
  return {
    recipes,
    missing,
    wanted: wanted.size,
    reused: wanted.size - missing.length,
    runsOf,
    found: (experiment) => configsOf(experiment).map((config) => found.get(runKey(config))),
    figuresOf: (runs) => figuresOfRuns(workbench, runs),
    judged() {
      lookUp();
      const figures = new Map<string, ExperimentFigures>();
      for (const experiment of recipes.flatMap(({ experiments }) => experiments)) {
        figures.set(experiment.options, figuresOfRuns(workbench, runsOf(experiment)));
      }
      function figuresOf(string: string): ExperimentFigures {
        const known = figures.get(string);
        if (known === undefined) throw new Error(`There are no figures of ${string}.`);
        return known;
      }
      return { judged: judge(recipes, figuresOf), figuresOf };
    },
  };
}

function chosen(only: readonly string[] | undefined): readonly Recipe[] {
  if (only === undefined) return RECIPES;
  const wanted = new Set(only.map((id) => id.toLowerCase()));
  const found = RECIPES.filter(({ id }) => wanted.delete(id.toLowerCase()));
  for (const id of wanted) {
    throw new UserError(
      `The study has no part ${id}. Those that it has: ${RECIPES.map((one) => one.id).join(', ')}.`,
    );
  }
  // In the study's own order.
  return found;
}

/** What makes two runs the same: all of their configuration but the name. */
export function runKey(config: RunConfig): string {
  return commandLine({ ...config, expId: 'main' }).join('\n');
}

function figuresOfRuns(workbench: Workbench, runs: readonly RunRecord[]): ExperimentFigures {
  return {
    training: runs.map(({ last }) => last?.training.accuracy ?? NaN),
    dev: runs.map(({ last }) => last?.dev?.accuracy ?? NaN),
    variance: runs.map(({ variance }) => variance ?? NaN),
    cost: runs.map(({ last }) => last?.training.loss ?? NaN),
    firstLayerMoves: runs.map((run) => firstLayerMoves(workbench, run)),
  };
}

/**
 * How much farther the tracked units of the first layer have moved than those of the next, each as a share of what
 * they were at first: ‖last − first‖ / ‖first‖ of the pictures that were kept. NaN where not two layers were followed.
 */
function firstLayerMoves(workbench: Workbench, run: RunRecord): number {
  const epochs = run.config.trackLayer.length < 2 ? [] : workbench.snapshotEpochs(run.id, 'units');
  const [first, last] = [epochs[0], epochs.at(-1)];
  if (first === undefined || last === undefined) return NaN;
  const moves = run.config.trackLayer.map(({ parameter }) => {
    const [before, after] = [first, last].map((epoch) => {
      const units = workbench
        .snapshots(run.id, 'units', epoch)
        .find((one) => one.kind === 'units' && one.parameter === parameter);
      return units?.kind === 'units'
        ? Array.from(units.pixels, (level) => ((level - 127.5) / 127.5) * units.scale)
        : [];
    });
    return norm((after ?? []).map((value, index) => value - (before?.[index] ?? NaN))) / norm(before ?? []);
  });
  return (moves[0] ?? NaN) / (moves[1] ?? NaN);
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
