import { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit-code.ts';
import { withWorkbench } from './open-workbench.ts';
import { trainRuns } from './train-runs.ts';
import { wholeNumber } from './whole-number.ts';

const Options = z.object({
  all: z.boolean().default(false),
  epochs: wholeNumber('epochs', 1, 1_000_000).optional(),
  jobs: wholeNumber('jobs', 1, 16).default(1),
  json: z.boolean().default(false),
});

/**
 * `layerbench continue RUN`: lets a run that has ended go on; with `--all` every one that was interrupted, and those
 * that wait for a process which has died.
 * @throws UserError where there is nothing to go on with.
 */
export async function continueRun(
  reference: string | undefined,
  given: unknown,
  context: Context,
): Promise<void> {
  const { all, epochs, jobs, json } = checkedOptions(Options, given);
  if (all === (reference !== undefined)) {
    throw new UserError(
      'continue takes either a run or --all. What was interrupted is among: layerbench runs --status=interrupted',
    );
  }
  if (all && epochs !== undefined)
    throw new UserError('--epochs is of one run; with --all each has as many as it was to have.');
  await withWorkbench(context, async (workbench) => {
    const queued =
      reference === undefined
        ? workbench.takeUpAll()
        : [workbench.continueRun(workbench.run(reference).id, epochs)];
    if (queued.length === 0) {
      context.terminal.err.line('Nothing was interrupted, and nothing waits for a process that has died.');
      context.exit(EXIT.done);
      return;
    }
    const { exitCode } = await trainRuns(workbench, queued, { context, json, jobs });
    context.exit(exitCode);
  });
}
