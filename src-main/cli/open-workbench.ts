import type { Workbench } from '../workbench/workbench.ts';
import type { Context } from './context.ts';

/**
 * Opens the workbench of the data folder that the environment names, and closes it whatever happens.
 * @param takesUpQueued works through runs that wait for a process which has died.
 */
export async function withWorkbench<Result>(
  context: Context,
  use: (workbench: Workbench) => Result | Promise<Result>,
  { takesUpQueued = false }: { readonly takesUpQueued?: boolean } = {},
): Promise<Result> {
  // Loaded here, so that help and mistakes in the command line come at once.
  const [{ demandAnswer, openHome }, { openWorkbench }, { forkHost }] = await Promise.all([
    import('../workbench/home.ts'),
    import('../workbench/workbench.ts'),
    import('../workbench/fork-host.ts'),
  ]);
  await demandAnswer(context.environment);
  const workbench = openWorkbench({
    home: openHome(context.environment),
    host: forkHost,
    entries: context.entries,
    appVersion: context.appVersion,
    takesUpQueued,
  });
  const notice = workbench.takeNotice();
  if (notice !== null) context.terminal.err.line(notice);
  try {
    return await use(workbench);
  } finally {
    await workbench.close();
  }
}
