import { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit-code.ts';
import { withWorkbench } from './open-workbench.ts';
import type { Output } from './terminal.ts';
import { trainRuns } from './train-runs.ts';

const Options = z.object({ verify: z.boolean().default(false), json: z.boolean().default(false) });

/**
 * `layerbench rerun RUN`: trains a run again from its row, and with `--verify` says whether the final weights came
 * out the same, bit for bit.
 * @throws UserError where the text means no run, or one that there is nothing to hold against.
 */
export async function rerun(reference: string, given: unknown, context: Context): Promise<void> {
  const { verify, json } = checkedOptions(Options, given);
  const { terminal } = context;
  await withWorkbench(context, async (workbench) => {
    const original = workbench.run(reference);
    if (verify && original.weightsSha256 === null) {
      throw new UserError(
        `Run ${original.id} (${original.status}) has no final weights that another could be held against. Leave out --verify.`,
      );
    }
    const queued = workbench.rerun(original.id);
    const { runs, exitCode } = await trainRuns(workbench, [queued], { context, json, jobs: 1 });
    const [again] = runs;
    const isComplete = exitCode === EXIT.done && again !== undefined;
    context.exit(
      verify && isComplete ? judge(workbench, original, again, json ? terminal.err : terminal.out) : exitCode,
    );
  });
}

/** Says whether two runs' weights are the same, or what explains that they are not. */
function judge(workbench: Workbench, original: RunRecord, again: RunRecord, output: Output): number {
  const { same, differences } = workbench.compareWeights(original, again);
  output.line();
  if (same) {
    output.line(
      output.paint('green', `The weights of ${again.id} are those of ${original.id}, bit for bit.`),
    );
    return EXIT.done;
  }
  output.line(output.paint('yellow', `The weights of ${again.id} are not those of ${original.id}.`));
  if (differences.length === 0) {
    output.line('Configuration, data and versions are the same: nothing that is kept explains it.');
    return EXIT.failed;
  }
  output.line('What is not the same either:');
  for (const { what, before, now } of differences) output.line(`  ${what}: ${before} then, ${now} now`);
  return EXIT.done;
}
