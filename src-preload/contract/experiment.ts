import { optionKeys, optionOf, type RunConfig } from './config.ts';

/** The options that make an experiment, as one text: equal for runs that differ in their seeds and names alone. */
export function experimentKey({ config }: { readonly config: RunConfig }): string {
  return optionKeys
    .filter((key) => key !== 'expId' && key !== 'modelSeed' && key !== 'datasetSeed')
    .map((key) => optionOf(key).print(config[key]))
    .join('\n');
}

/** A name without the number that repeats of one experiment get. */
export function experimentName(name: string): string {
  return name.replace(/_\d+$/, '');
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

/**
 * The same experiment with seeds that it has not been seen with: the best of several was picked for what these seeds
 * gave it, chance included.
 * @param seen runs of the experiment, at least one.
 */
export function measuredAgain(seen: readonly { readonly config: RunConfig }[], seeds: number): RunConfig[] {
  const [first] = seen;
  if (first === undefined) throw new Error('There is no run to measure again.');
  const last = Math.max(...seen.map(({ config }) => config.modelSeed));
  return Array.from({ length: seeds }, (_, index) => ({
    ...first.config,
    expId: experimentName(first.config.expId),
    modelSeed: last + 1 + index,
  }));
}
