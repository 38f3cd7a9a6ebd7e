import { type OptionGroup, type RunConfig, optionKeys, optionOf } from '../../src-preload/contract/config.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { withCallProgress } from './call-progress.ts';
import type { Context } from './context.ts';
import { jsonLine } from './json-line.ts';
import { parseLaunch } from './launch.ts';
import { withWorkbench } from './open-workbench.ts';
import { planText } from './plan-text.ts';
import type { Terminal } from './terminal.ts';
import { trainRuns } from './train-runs.ts';

/**
 * `layerbench train`.
 * @param args all arguments after the command's name.
 * @throws UserError for arguments and data that nothing can be trained with.
 */
export async function train(args: readonly string[], context: Context): Promise<void> {
  const launch = parseLaunch(args);
  const { terminal } = context;
  for (const notice of launch.notices) terminal.err.line(terminal.err.paint('dim', notice));
  await withWorkbench(context, async (workbench) => {
    if (launch.plan) {
      await showPlans(workbench, launch.configs, terminal, launch.json);
      return;
    }
    await checkData(workbench, launch.configs, terminal);
    const { exitCode } = await trainRuns(workbench, workbench.launch(launch.configs), {
      context,
      json: launch.json,
      jobs: launch.jobs,
    });
    context.exit(exitCode);
  });
}

async function showPlans(
  workbench: Workbench,
  configs: readonly RunConfig[],
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  const plans = await withCallProgress(terminal.err, (onProgress) => workbench.plan(configs, onProgress));
  for (const plan of plans) {
    if (json) {
      terminal.out.line(jsonLine(plan));
      continue;
    }
    terminal.out.line(terminal.out.paint('bold', plan.name));
    terminal.out.line(planText(plan, terminal.out.columns));
    terminal.out.line();
  }
  terminal.err.line(`${plans.length === 1 ? 'This' : 'These'} would run; nothing was trained.`);
}

/**
 * Refuses, before any run is queued, data that is not there and units that no layer has.
 * @throws UserError
 */
async function checkData(
  workbench: Workbench,
  configs: readonly RunConfig[],
  terminal: Terminal,
): Promise<void> {
  const tracking = distinct(
    configs.filter(({ trackLayer }) => trackLayer.length > 0),
    ['data', 'preparation', 'model', 'watching'],
  );
  const others = distinct(
    configs.filter(({ trackLayer }) => trackLayer.length === 0),
    ['data'],
  );
  await withCallProgress(terminal.err, async (onProgress) => {
    for (const config of others) await workbench.showDataset(config, onProgress);
    // Only a network knows the names of its parameters.
    if (tracking.length > 0) await workbench.plan(tracking, onProgress);
  });
}

/** One configuration of those that differ in options of these groups; seeds of the model and names do not count. */
function distinct(configs: readonly RunConfig[], groups: readonly OptionGroup[]): RunConfig[] {
  const keys = optionKeys.filter(
    (key) => groups.includes(optionOf(key).group) && key !== 'modelSeed' && key !== 'expId',
  );
  const found = new Map<string, RunConfig>();
  for (const config of configs) {
    found.set(keys.map((key) => optionOf(key).print(config[key])).join('\n'), config);
  }
  return [...found.values()];
}
