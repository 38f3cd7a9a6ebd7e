import type { Context } from './context.ts';
import { withWorkbench } from './open-workbench.ts';
import { shellWords } from '../../src-preload/contract/shell-words.ts';

/** `layerbench diagnose RUN`: what holds a run back, and what to try next. @throws UserError where there is no such run. */
export async function diagnoseRun(reference: string, context: Context): Promise<void> {
  const { out } = context.terminal;
  await withWorkbench(context, (workbench) => {
    const run = workbench.run(reference);
    const findings = workbench.diagnosis(run.id);
    if (findings.length === 0) {
      out.line(run.epochs === 0 ? 'It has no epoch to be judged by.' : 'Nothing is seen that holds it back.');
      return;
    }
    for (const { sentence, advice, options } of findings) {
      out.line(sentence);
      if (advice !== null) out.line(`  ${advice}`);
      if (options !== null) out.line(`  ${context.program} train ${shellWords(options)}`);
      out.line();
    }
  });
}
