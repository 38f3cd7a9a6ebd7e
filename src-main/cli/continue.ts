import { z } from 'zod';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { withWorkbench } from './open-workbench.ts';
import { trainRuns } from './train-runs.ts';
import { wholeNumber } from './whole-number.ts';

const Options = z.object({
  epochs: wholeNumber('epochs', 1, 1_000_000).optional(),
  json: z.boolean().default(false),
});

/** `layerbench continue RUN`: lets a run that has ended go on. @throws UserError where there is nothing to go on with. */
export async function continueRun(reference: string, given: unknown, context: Context): Promise<void> {
  const { epochs, json } = checkedOptions(Options, given);
  await withWorkbench(context, async (workbench) => {
    const queued = workbench.continueRun(workbench.run(reference).id, epochs);
    const { exitCode } = await trainRuns(workbench, [queued], { context, json, jobs: 1 });
    context.exit(exitCode);
  });
}
