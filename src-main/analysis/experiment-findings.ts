import type { ExperimentFindings } from '../../src-preload/contract/analysis.ts';
import type { Finding } from '../../src-preload/contract/diagnosis.ts';
import { byExperiment, countedRuns, experimentNames } from '../../src-preload/contract/experiment.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';

/**
 * What holds back each experiment of several runs: what is found in more than half of its repeats, as it is said of the
 * first that has it, warnings first. Runs without an epoch are left out.
 * @param diagnosed what was found in a run that counts, one a seed.
 */
export function experimentFindings(
  runs: readonly RunRecord[],
  diagnosed: (run: RunRecord) => readonly Finding[],
): ExperimentFindings[] {
  const { counted } = countedRuns(runs.filter(({ last }) => last !== null));
  const experiments = byExperiment(counted);
  const names = experimentNames(experiments);
  return experiments.map((own, index) => ({
    name: names[index] ?? '',
    runs: own.map(({ id }) => id),
    findings: commonFindings(own, diagnosed),
  }));
}

function commonFindings(
  own: readonly RunRecord[],
  diagnosed: (run: RunRecord) => readonly Finding[],
): ExperimentFindings['findings'] {
  const counts = new Map<Finding['id'], { readonly finding: Finding; runs: number }>();
  for (const run of own) {
    for (const finding of diagnosed(run)) {
      const before = counts.get(finding.id);
      if (before === undefined) counts.set(finding.id, { finding, runs: 1 });
      else before.runs++;
    }
  }
  return [...counts.values()]
    .filter(({ runs }) => 2 * runs > own.length)
    .map(({ finding, runs }) => ({ ...finding, runs, of: own.length }))
    .sort((one, other) => Number(other.severity === 'warning') - Number(one.severity === 'warning'));
}
