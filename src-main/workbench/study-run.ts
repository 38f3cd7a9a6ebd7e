import { commandLine, type RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { Progress } from '../../src-preload/contract/data-process.ts';
import type { RunRecord, Versions } from '../../src-preload/contract/run.ts';
import type { Metric } from '../../src-preload/contract/series.ts';
import { movedParameter } from '../../src-preload/contract/series.ts';
import type { StudyBasis } from '../../src-preload/contract/study.ts';
import type { StudyRun } from '../study/figures.ts';
import { configOfString } from '../study/option-string.ts';
import { type Recipe, type RecipeExperiment, RECIPES } from '../study/recipes.ts';
import { turn } from './slices.ts';
import type { Workbench } from './workbench.ts';

/** What of the study is redone, and how. */
export interface StudyOptions {
  /** Ids of recipes; undefined: all. */
  readonly only?: readonly string[] | undefined;
  /** Runs of each experiment that differ in their model seed alone. */
  readonly seeds: number;
  /** Epochs of every run instead of the study's. */
  readonly epochs?: number | undefined;
  /** Runs that ended before this moment (ISO 8601) are passed over: everything is trained anew. */
  readonly since?: string | undefined;
}

/** The runs of a study, as the store has them. */
export interface Study {
  readonly recipes: readonly Recipe[];
  readonly basis: StudyBasis;
  /** Runs that it is made of, each once. */
  readonly wanted: number;
  /** Those that have finished. */
  readonly finished: readonly RunRecord[];
  /** Those that are queued or running, here or in another process. */
  readonly underWay: readonly RunRecord[];
  /** Those that ended before they were whole, and go on from what was kept of them. */
  readonly toContinue: readonly RunRecord[];
  /** Configurations that no run is there of. */
  readonly missing: readonly RunConfig[];
  /** The finished runs of an experiment in the order of the seeds, undefined where one is not there. */
  readonly found: (experiment: RecipeExperiment) => (RunRecord | undefined)[];
  /** Runs of an experiment that have begun, in the order of the seeds. */
  readonly begun: (experiment: RecipeExperiment) => RunRecord[];
  /** The finished runs of an experiment. @throws UserError where one did not finish. */
  readonly runsOf: (experiment: RecipeExperiment) => RunRecord[];
}

/** Runs of the study are told by this tag: only these are taken up again where they were stopped. */
export const STUDY_TAG = 'study';

/** Model seeds of an experiment lie this far apart, so that experiments about seeds do not share them. */
const SEED_STEP = 100;

const VERSIONS = ['app', 'node', 'tfjs', 'library', 'sharp', 'platform'] satisfies (keyof Versions)[];

/** Runs that are read at once; other work comes in between. */
const RUNS_AT_ONCE = 100;

/**
 * What every run of a study is to be computed by and trained on: one backend for all, since figures of two differ in
 * their last digits, and what is fastest while others run beside it is chance. Draws the data set where it is not there.
 */
export async function studyBasis(
  workbench: Workbench,
  onProgress?: (progress: Progress) => void,
): Promise<StudyBasis> {
  const [{ rungs, tfjsVersion }, { folder, fingerprint, images, sharpVersion }] = await Promise.all([
    workbench.ladder(),
    workbench.datasetIdentity(configOfString(''), onProgress),
  ]);
  const best = rungs.find(({ available, notForAuto }) => available && notForAuto === null);
  if (best?.library == null)
    throw new UserError('Nothing here can train: see what is missing with layerbench doctor.');
  return {
    backend: best.name,
    versions: {
      app: workbench.appVersion,
      node: process.version,
      tfjs: tfjsVersion,
      library: best.library,
      sharp: sharpVersion,
      platform: `${process.platform}-${process.arch}`,
    },
    dataset: { folder, fingerprint, images },
  };
}

/**
 * Looks up what of a study is there. A run counts where all of its options, every version that shapes its figures and
 * the data set are what those of a new one would be.
 * @throws UserError for a recipe that there is none of.
 */
export async function openStudy(
  workbench: Pick<Workbench, 'runs' | 'abandoned'>,
  basis: StudyBasis,
  options: StudyOptions,
): Promise<Study> {
  const recipes = chosen(options.only);
  function configsOf({ id, options: string }: RecipeExperiment): RunConfig[] {
    // The study evaluated with the statistics of the evaluated batch.
    const config: RunConfig = {
      ...configOfString(string),
      batchNormEval: 'batch',
      backend: basis.backend,
      expId: id,
    };
    return Array.from({ length: options.seeds }, (_, seed) => ({
      ...config,
      modelSeed: config.modelSeed + SEED_STEP * seed,
      ...(options.epochs === undefined ? {} : { nbrEpochs: options.epochs }),
    }));
  }
  const wanted = new Map(
    recipes
      .flatMap(({ experiments }) => experiments.flatMap(configsOf))
      .map((config) => [runKey(config), config]),
  );
  // Newest first: of equals the newest stays.
  const finished = new Map<string, RunRecord>();
  const underWay = new Map<string, RunRecord>();
  const toContinue = new Map<string, RunRecord>();
  const abandoned = workbench.abandoned();
  for await (const run of runsOn(workbench, 'numbers')) {
    const key = runKey(run.config);
    if (!wanted.has(key)) continue;
    const isUnderWay = run.status === 'running' || (run.status === 'queued' && !abandoned.has(run.id));
    if (!isOfBasis(run, basis)) continue;
    if (isUnderWay) put(underWay, key, run);
    else if (options.since !== undefined && run.createdAt < options.since) continue;
    else if (run.status === 'finished') put(finished, key, run);
    else if (canGoOn(run) && run.epochs >= (toContinue.get(key)?.epochs ?? 0)) toContinue.set(key, run);
  }
  for (const key of finished.keys()) underWay.delete(key);
  for (const key of [...finished.keys(), ...underWay.keys()]) toContinue.delete(key);

  function found(experiment: RecipeExperiment): (RunRecord | undefined)[] {
    return configsOf(experiment).map((config) => finished.get(runKey(config)));
  }
  function inOrder(runs: ReadonlyMap<string, RunRecord>): RunRecord[] {
    return [...wanted.keys()].flatMap((key) => runs.get(key) ?? []);
  }
  return {
    recipes,
    basis,
    wanted: wanted.size,
    finished: inOrder(finished),
    underWay: inOrder(underWay),
    toContinue: inOrder(toContinue),
    missing: [...wanted].flatMap(([key, config]) =>
      finished.has(key) || underWay.has(key) || toContinue.has(key) ? [] : [config],
    ),
    found,
    begun: (experiment) =>
      configsOf(experiment).flatMap((config) => {
        const key = runKey(config);
        return finished.get(key) ?? underWay.get(key) ?? toContinue.get(key) ?? [];
      }),
    runsOf: (experiment) =>
      found(experiment).map((run) => {
        if (run !== undefined) return run;
        throw new UserError(`A run of experiment ${experiment.id} did not finish: see layerbench runs.`);
      }),
  };
}

/**
 * Queues what a study still needs: runs that were cut off go on from what was kept of them, the others are new.
 * @returns their rows, in the order of the study. What another process took up meanwhile is not among them.
 */
export function launchStudy(workbench: Workbench, { toContinue, missing }: Study): RunRecord[] {
  const continued = toContinue.flatMap((run) => {
    try {
      return [workbench.continueRun(run.id)];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  });
  return [...continued, ...(missing.length === 0 ? [] : workbench.launch(missing, [STUDY_TAG]))];
}

function chosen(only: readonly string[] | undefined): readonly Recipe[] {
  if (only === undefined) return RECIPES;
  const wanted = new Map(only.map((id) => [id.toLowerCase(), id]));
  // In the study's own order.
  const found = RECIPES.filter(({ id }) => wanted.delete(id.toLowerCase()));
  for (const id of wanted.values()) {
    throw new UserError(
      `The study has no part ${id}. Those that it has: ${RECIPES.map((one) => one.id).join(', ')}.`,
    );
  }
  return found;
}

/** What makes two runs the same: all of their configuration but the name. */
function runKey(config: RunConfig): string {
  return commandLine({ ...config, expId: 'main' }).join('\n');
}

/** Whether a run's figures are those that a new run would come to; of one that has not begun nothing speaks against it. */
function isOfBasis({ versions, preparation }: RunRecord, basis: StudyBasis): boolean {
  return (
    (versions === null || VERSIONS.every((key) => versions[key] === basis.versions[key])) &&
    (preparation === null || preparation.datasetFingerprint === basis.dataset.fingerprint)
  );
}

/** One that was stopped at its very end has nothing left to do, and is no finished one either. */
function canGoOn({ tags, epochs, config, weightsSha256 }: RunRecord): boolean {
  return tags.includes(STUDY_TAG) && (epochs < config.nbrEpochs || weightsSha256 === null);
}

function put(map: Map<string, RunRecord>, key: string, run: RunRecord): void {
  if (!map.has(key)) map.set(key, run);
}

/** Runs on a data set, newest first, a piece at a time. */
async function* runsOn(workbench: Pick<Workbench, 'runs'>, dataset: string): AsyncGenerator<RunRecord> {
  let olderThan: string | undefined;
  for (;;) {
    const piece = workbench.runs({
      dataset,
      limit: RUNS_AT_ONCE,
      ...(olderThan === undefined ? {} : { olderThan }),
    });
    yield* piece;
    olderThan = piece.at(-1)?.id;
    if (piece.length < RUNS_AT_ONCE) return;
    await turn();
  }
}

const CURVES = {
  training: 'training.accuracy',
  dev: 'dev.accuracy',
  trainingCost: 'training.loss',
  devCost: 'dev.loss',
} as const satisfies Record<keyof StudyRun['curves'], Metric>;

/** Reads what figures are made from of the finished runs of a study; what was read once is not read again. */
export function studyRunReader(
  workbench: Workbench,
): (study: Study) => Promise<(run: RunRecord) => StudyRun> {
  const known = new Map<string, StudyRun>();
  return async ({ finished }) => {
    for (const run of finished) {
      const key = keyOf(run);
      if (!known.has(key)) known.set(key, await readRun(workbench, run));
    }
    return (run) => {
      const read = known.get(keyOf(run));
      if (read === undefined) throw new Error(`Run ${run.id} is none of the study.`);
      return read;
    };
  };
}

function keyOf({ id, endedAt }: RunRecord): string {
  return `${id} ${endedAt ?? ''}`;
}

async function readRun(workbench: Workbench, run: RunRecord): Promise<StudyRun> {
  const denseWeights = workbench
    .metrics(run.id)
    .filter((metric) => movedParameter(metric)?.endsWith('_Dense_W') === true)
    .sort((one, other) => layerOf(one) - layerOf(other));
  const curves = await workbench.series([run.id], [...Object.values(CURVES), ...denseWeights]);
  function values(wanted: Metric): number[] {
    return [...(curves.find(({ metric }) => metric === wanted)?.values ?? [])];
  }
  return {
    id: run.id,
    modelSeed: run.config.modelSeed,
    datasetSeed: run.config.datasetSeed,
    curves: {
      training: values(CURVES.training),
      dev: values(CURVES.dev),
      trainingCost: values(CURVES.trainingCost),
      devCost: values(CURVES.devCost),
    },
    earlyStopEpoch: run.earlyStopEpoch,
    parameters: run.parameters ?? NaN,
    ratio: run.paramsPerSample ?? NaN,
    moved: denseWeights.map((metric) => values(metric).at(-1) ?? NaN),
  };
}

/** `L4_Dense_W` is of layer 4. */
function layerOf(metric: Metric): number {
  return Number(/L(\d+)_/.exec(metric)?.[1] ?? NaN);
}
