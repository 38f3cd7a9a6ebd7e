import type { Workbench } from '../workbench/workbench.ts';
import type { Context } from './context.ts';

/** Opens the workbench of the data folder that the environment names, and closes it whatever happens. */
export async function withWorkbench<Result>(
  context: Context,
  use: (workbench: Workbench) => Result | Promise<Result>,
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
  });
  const notice = workbench.takeNotice();
  if (notice !== null) context.terminal.err.line(notice);
  try {
    return await use(workbench);
  } finally {
    await workbench.close();
  }
}
