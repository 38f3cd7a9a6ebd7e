import type { Importance } from '../../src-preload/contract/analysis.ts';
import { mean, noncentralityInterval, fTail, LEVEL } from './statistics.ts';

/** One run of a sweep: a value for each option, as text, its seed, and its figure. */
export interface SweepRun {
  readonly values: readonly string[];
  readonly seed: string;
  readonly figure: number;
}

/** A full grid with as many seeds in each cell, or why it is none. */
type Grid =
  | {
      readonly cells: ReadonlyMap<string, readonly number[]>;
      readonly levels: readonly (readonly string[])[];
      /** Runs of seeds that not every cell has. */
      readonly leftOut: number;
    }
  | { readonly fault: string };

/**
 * How much of the variance of a figure goes with each option of a sweep: the sums of squares of a balanced full grid
 * (R. A. Fisher, Statistical methods for research workers, 1925). Shares are ε², without what chance alone would give
 * an option (T. L. Kelley, An unbiased correlation ratio measure, 1935); their intervals come from the noncentral F
 * distribution (J. H. Steiger, Beyond the F test, 2004). With one seed shares are η², and have no interval. Where some
 * combinations have more seeds than others, those that all have are taken.
 * @param runs each of another combination and seed.
 * @param options labels of the options that differ, one for each value of a run.
 * @returns a sentence where the runs are no such grid.
 */
export function importance(options: readonly string[], runs: readonly SweepRun[]): Importance | string {
  const grid = gridOf(options, runs);
  if ('fault' in grid) return grid.fault;
  const { cells, levels, leftOut } = grid;
  const seeds = cells.values().next().value?.length ?? 0;
  const figures = [...cells.values()].flat();
  const whole = mean(figures);
  const total = squares(figures, whole);
  if (total === 0) return 'All of these runs have the same figure: there is nothing to be explained.';
  const within = [...cells.values()].reduce((sum, cell) => sum + squares(cell, mean(cell)), 0);
  const freedomWithin = cells.size * (seeds - 1);
  const mains = options.map((label, option) => {
    const sum = (levels[option] ?? []).reduce((squared, level) => {
      const own = [...cells].flatMap(([key, cell]) => (key.split('\n')[option] === level ? cell : []));
      return squared + own.length * (mean(own) - whole) ** 2;
    }, 0);
    return { label, sum, freedom: (levels[option]?.length ?? 1) - 1 };
  });
  const between = total - within;
  const rest = {
    label: seeds > 1 ? 'options together' : 'options together, and chance',
    sum: Math.max(0, between - mains.reduce((sum, one) => sum + one.sum, 0)),
    freedom: cells.size - 1 - mains.reduce((sum, one) => sum + one.freedom, 0),
  };
  const effects = rest.freedom > 0 ? [...mains, rest] : mains;
  if (freedomWithin === 0 || within === 0) {
    return {
      experiments: cells.size,
      seeds,
      leftOut,
      parts: effects
        .map(({ label, sum }) => ({ label, share: sum / total, interval: null, pValue: null }))
        .sort((one, other) => other.share - one.share),
      chance: seeds > 1 ? 0 : null,
    };
  }
  const error = within / freedomWithin;
  // Of each effect its strength against the error, λ / N; together with the error's own 1 they make the whole.
  const strengths = effects.map(({ sum, freedom }) => Math.max(0, sum / error - freedom) / figures.length);
  const all = strengths.reduce((sum, one) => sum + one, 1);
  const parts = effects
    .map(({ label, sum, freedom }, index) => {
      const f = sum / freedom / error;
      const others = all - (strengths[index] ?? 0);
      const { low, high } = noncentralityInterval(f, freedom, freedomWithin, LEVEL);
      return {
        label,
        share: Math.max(0, (sum - freedom * error) / total),
        interval: {
          low: shareOf(low / figures.length, others),
          high: shareOf(high / figures.length, others),
          level: LEVEL,
        },
        pValue: fTail(f, freedom, freedomWithin),
      };
    })
    .sort((one, other) => other.share - one.share);
  return {
    experiments: cells.size,
    seeds,
    leftOut,
    parts,
    chance: Math.max(0, 1 - parts.reduce((sum, { share }) => sum + share, 0)),
  };
}

/** The share of a whole that a strength has beside all others. */
function shareOf(strength: number, others: number): number {
  return strength / (strength + others);
}

function gridOf(options: readonly string[], runs: readonly SweepRun[]): Grid {
  const all = new Map<string, SweepRun[]>();
  for (const run of runs) {
    const key = run.values.join('\n');
    const cell = all.get(key);
    if (cell === undefined) all.set(key, [run]);
    else cell.push(run);
  }
  const levels = options.map((_, option) => [...new Set(runs.map(({ values }) => values[option] ?? ''))]);
  const wanted = levels.reduce((product, one) => product * one.length, 1);
  if (all.size < wanted) {
    return {
      fault: `How much each option explains can be told of a full grid only: of ${wanted} combinations of values ${all.size} were trained.`,
    };
  }
  const [first = [], ...others] = [...all.values()].map((cell) => cell.map(({ seed }) => seed));
  const isBalanced = others.every(({ length }) => length === first.length);
  const common = new Set(first.filter((seed) => others.every((seeds) => seeds.includes(seed))));
  if (!isBalanced && common.size === 0) {
    const counts = [first, ...others].map(({ length }) => length);
    return {
      fault: `How much each option explains can be told where each combination has as many seeds, or all have one in common; here they have from ${Math.min(...counts)} to ${Math.max(...counts)}.`,
    };
  }
  const cells = new Map(
    [...all].map(([key, cell]) => [
      key,
      cell.filter(({ seed }) => isBalanced || common.has(seed)).map(({ figure }) => figure),
    ]),
  );
  const taken = [...cells.values()].reduce((sum, { length }) => sum + length, 0);
  return { cells, levels, leftOut: runs.length - taken };
}

function squares(values: readonly number[], centre: number): number {
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}
