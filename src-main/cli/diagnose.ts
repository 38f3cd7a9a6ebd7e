import type { ExperimentFindings } from '../../src-preload/contract/analysis.ts';
import type { Finding } from '../../src-preload/contract/diagnosis.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { seedsText } from '../../src-preload/contract/experiment.ts';
import { shellWords } from '../../src-preload/contract/shell-words.ts';
import { repeatsText } from './analysis-text.ts';
import type { Context } from './context.ts';
import { withWorkbench } from './open-workbench.ts';

/**
 * `layerbench diagnose RUN…`: what holds a run back, or each experiment of several runs, and what to try next.
 * @throws UserError where there is no such run.
 */
export async function diagnoseRuns(references: readonly string[], context: Context): Promise<void> {
  const { out } = context.terminal;
  await withWorkbench(context, async (workbench) => {
    const runs = references.map((reference) => workbench.run(reference));
    const [only] = runs;
    if (only === undefined)
      throw new UserError('diagnose takes a run or more. See them with: layerbench runs');
    if (new Set(runs.map(({ id }) => id)).size === 1) {
      const findings = await workbench.diagnosis(only.id);
      if (findings.length > 0) findings.forEach(tell);
      else out.line(only.epochs === 0 ? 'It has no epoch to be judged by.' : NOTHING);
      return;
    }
    const experiments = await workbench.experimentDiagnosis(runs.map(({ id }) => id));
    if (experiments.length === 0) out.line('None of them has an epoch to be judged by.');
    experiments.forEach(tellExperiment);
  });

  function tellExperiment({ name, runs, findings }: ExperimentFindings): void {
    out.line(out.paint('bold', `${name} (${seedsText(runs.length)})`));
    if (findings.length === 0) {
      out.line(NOTHING);
      out.line();
    }
    for (const { runs: having, of, ...finding } of findings) {
      tell({
        ...finding,
        sentence: of > 1 ? `${finding.sentence} ${repeatsText(having, of)}` : finding.sentence,
      });
    }
  }

  function tell({ sentence, advice, options }: Finding): void {
    out.line(sentence);
    if (advice !== null) out.line(`  ${advice}`);
    if (options !== null) out.line(`  ${context.program} train ${shellWords(options)}`);
    out.line();
  }
}

const NOTHING = 'Nothing is seen that holds it back.';
