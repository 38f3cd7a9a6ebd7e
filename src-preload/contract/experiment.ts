import { configDifferences, type OptionKey, optionKeys, optionOf, type RunConfig } from './config.ts';
import { counted } from './figure-text.ts';
import type { RunRecord } from './run.ts';

/** Options that change nothing of what is trained: a name, what computes, what is watched meanwhile, and the seeds. */
const NO_EXPERIMENT: ReadonlySet<OptionKey> = new Set([
  ...optionKeys.filter((key) => optionOf(key).group === 'watching'),
  'backend',
  'modelSeed',
  'datasetSeed',
]);

/** The options that make an experiment: runs with the same values of them are repeats of each other. */
export const experimentOptions: readonly OptionKey[] = optionKeys.filter((key) => !NO_EXPERIMENT.has(key));

const keys = new WeakMap<RunConfig, string>();

/** The options that make an experiment, as one text. */
export function experimentKey({ config }: { readonly config: RunConfig }): string {
  const known = keys.get(config);
  if (known !== undefined) return known;
  const key = experimentOptions.map((option) => optionOf(option).print(config[option])).join('\n');
  keys.set(config, key);
  return key;
}

/** Both seeds of a run, as one text: equal for runs that pair. */
export function seedsOf({ config }: { readonly config: RunConfig }): string {
  return `${config.modelSeed} ${config.datasetSeed}`;
}

/** The name of a run's experiment: the one it was launched with, before repeats got their numbers, or a later one. */
export function experimentName({ name, config }: Pick<RunRecord, 'name' | 'config'>): string {
  const { expId } = config;
  return name.startsWith(`${expId}_`) && /^\d+$/.test(name.slice(expId.length + 1)) ? expId : name;
}

/** The most options that tell experiments of one name apart. */
const MOST_TOLD = 3;

/**
 * Names of experiments, by the first run of each. What is called the same is told apart by the options in which it
 * differs: `main (trim=true)`.
 */
export function experimentNames(
  experiments: readonly (readonly Pick<RunRecord, 'name' | 'config'>[])[],
): string[] {
  const places = new Map<string, number[]>();
  const names = experiments.map(([first], place) => {
    const name = first === undefined ? '' : experimentName(first);
    const own = places.get(name);
    if (own === undefined) places.set(name, [place]);
    else own.push(place);
    return name;
  });
  for (const [name, own] of places) {
    if (own.length < 2) continue;
    const differing = configDifferences(own.flatMap((place) => experiments[place]?.[0]?.config ?? [])).filter(
      ({ key }) => experimentOptions.includes(key),
    );
    for (const [at, place] of own.entries()) {
      const told = differing
        .slice(0, MOST_TOLD)
        .map(({ key, values }) => `${optionOf(key).flag}=${values[at] ?? ''}`);
      if (told.length > 0) names[place] = `${name} (${told.join(', ')})`;
    }
  }
  return names;
}

/** Runs of one experiment in the order they came, experiments in the order of their first. */
export function byExperiment<Run extends { readonly config: RunConfig }>(runs: readonly Run[]): Run[][] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = experimentKey(run);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()];
}

/** The tag of runs that measure the best of several once more. */
export const MEASURED_AGAIN = 'measured again';

/** What of a run decides whether it counts. */
export type SeededRun = Pick<RunRecord, 'id' | 'config' | 'tags' | 'status' | 'createdAt' | 'last'>;

/** The runs that figures over seeds are made of, and how many are none of them. */
export interface CountedRuns<Run> {
  /** In the order they came. */
  readonly counted: readonly Run[];
  /** Runs of a seed that was trained again. */
  readonly repeated: number;
  /** Runs that an experiment was picked for, which was measured with fresh seeds since. */
  readonly picked: number;
  /** Keys of the experiments of which fresh seeds alone count. */
  readonly fresh: ReadonlySet<string>;
}

/**
 * Of each configuration and seed one run: the same training gives the same figures bit by bit, so that a second one says
 * nothing more of chance. The newest that has finished counts, else the newest that has figures, else the newest. Where
 * an experiment was measured again, its fresh seeds alone count as soon as one has figures: those that it was picked
 * for are too good by the picking.
 */
export function countedRuns<Run extends SeededRun>(runs: readonly Run[]): CountedRuns<Run> {
  const best = new Map<string, Run>();
  const freshSeeds = new Set<string>();
  const fresh = new Set<string>();
  for (const run of runs) {
    const seed = seedOfExperiment(run);
    const before = best.get(seed);
    if (before === undefined || countsBefore(run, before)) best.set(seed, run);
    if (!run.tags.includes(MEASURED_AGAIN)) continue;
    freshSeeds.add(seed);
    if (run.last !== null) fresh.add(experimentKey(run));
  }
  const onePerSeed = runs.filter((run) => best.get(seedOfExperiment(run)) === run);
  function isFresh(run: Run): boolean {
    return freshSeeds.has(seedOfExperiment(run));
  }
  const seen = new Set(onePerSeed.filter((run) => !isFresh(run)).map(experimentKey));
  const taken = onePerSeed.filter((run) => {
    const key = experimentKey(run);
    return fresh.has(key) === isFresh(run) || !seen.has(key);
  });
  return {
    counted: taken,
    repeated: runs.length - onePerSeed.length,
    picked: onePerSeed.filter((run) => !isFresh(run) && fresh.has(experimentKey(run))).length,
    fresh,
  };
}

/** The same before anything was measured again: of each configuration and seed one run, without fresh seeds. */
export function pickedRuns<Run extends SeededRun>(runs: readonly Run[]): Run[] {
  const again = new Set(runs.filter(({ tags }) => tags.includes(MEASURED_AGAIN)).map(seedOfExperiment));
  return [...countedRuns(runs.filter((run) => !again.has(seedOfExperiment(run)))).counted];
}

const seedKeys = new WeakMap<RunConfig, string>();

function seedOfExperiment(run: { readonly config: RunConfig }): string {
  const known = seedKeys.get(run.config);
  if (known !== undefined) return known;
  const key = `${experimentKey(run)}\n${seedsOf(run)}`;
  seedKeys.set(run.config, key);
  return key;
}

function countsBefore(one: SeededRun, other: SeededRun): boolean {
  const order =
    completeness(one) - completeness(other) ||
    compared(one.createdAt, other.createdAt) ||
    compared(one.id, other.id);
  return order > 0;
}

function completeness({ status, last }: SeededRun): number {
  return status === 'finished' ? 2 : last === null ? 0 : 1;
}

function compared(one: string, other: string): number {
  return one > other ? 1 : one < other ? -1 : 0;
}

/** The least share of the seeds of either side that pairs have to hold. */
const LEAST_PAIRED = 0.5;

/**
 * Runs of two experiments with the same seeds, each run of a seed of its own: what a seed does to both cancels out
 * between them. Null where fewer than two seeds are common, or less than half of either side's: then all seeds say more
 * than the common ones.
 */
export function pairsOfSeeds<Run extends { readonly config: RunConfig }>(
  first: readonly Run[],
  second: readonly Run[],
): [first: Run, second: Run][] | null {
  const bySeed = new Map(first.map((run) => [seedsOf(run), run]));
  const pairs = second.flatMap((run): [Run, Run][] => {
    const other = bySeed.get(seedsOf(run));
    return other === undefined ? [] : [[other, run]];
  });
  const most = Math.max(first.length, second.length);
  return pairs.length >= 2 && pairs.length >= LEAST_PAIRED * most ? pairs : null;
}

/** What is to be said of runs that do not count; nothing where all do. */
export function leftOutSentences({
  repeated,
  picked,
}: Pick<CountedRuns<unknown>, 'repeated' | 'picked'>): string[] {
  return [
    ...(repeated === 0
      ? []
      : [
          `A seed counts once, with its newest run: ${counted(repeated, 'run')} of the same configuration and seed ${repeated === 1 ? 'is' : 'are'} left out.`,
        ]),
    ...(picked === 0
      ? []
      : [
          `Of what was measured again its fresh seeds alone count: ${counted(picked, 'run')} that it was picked for ${picked === 1 ? 'is' : 'are'} left out.`,
        ]),
  ];
}

/** How many seeds stand behind a figure: `one seed`, `3 seeds`, `2 fresh seeds`. */
export function seedsText(seeds: number, isFresh = false): string {
  const noun = isFresh ? 'fresh seed' : 'seed';
  return seeds === 1 ? `one ${noun}` : counted(seeds, noun);
}

/**
 * The same experiment with seeds that it has not been seen with: the best of several was picked for what these seeds
 * gave it, chance included.
 * @param seen runs of the experiment, at least one.
 */
export function measuredAgain(
  seen: readonly Pick<RunRecord, 'name' | 'config'>[],
  seeds: number,
): RunConfig[] {
  const [first] = seen;
  if (first === undefined) throw new Error('There is no run to measure again.');
  const last = Math.max(...seen.map(({ config }) => config.modelSeed));
  return Array.from({ length: seeds }, (_, index) => ({
    ...first.config,
    expId: experimentName(first),
    modelSeed: last + 1 + index,
  }));
}
