import { z } from 'zod';
import { ablationRuns } from '../../src-preload/contract/ablation.ts';
import type { RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import {
  byExperiment,
  experimentName,
  MEASURED_AGAIN,
  measuredAgain,
} from '../../src-preload/contract/experiment.ts';
import { FIGURE_NAMES, type FigureName } from '../../src-preload/contract/figure.ts';
import { learningCurveRuns } from '../../src-preload/contract/learning-curve.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { analysisText } from './analysis-text.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { oneOf } from './one-of.ts';
import { withWorkbench } from './open-workbench.ts';
import { trainRuns } from './train-runs.ts';
import { wholeNumber } from './whole-number.ts';

/** The widest that a sentence is set. */
const SENTENCE_COLUMNS = 100;

const Options = z.object({
  seeds: wholeNumber('seeds', 1, 100).default(3),
  jobs: wholeNumber('jobs', 1, 16).default(2),
  json: z.boolean().default(false),
});
const FigureOptions = Options.extend({ figure: oneOf('figure', FIGURE_NAMES).optional() });
const CurveOptions = Options.extend({ sizes: wholeNumber('sizes', 3, 8).default(5) });

/** `layerbench learning-curve RUN`: would more images help? @throws UserError where there is no such run. */
export async function learnCurve(reference: string, given: unknown, context: Context): Promise<void> {
  const { sizes, ...options } = checkedOptions(CurveOptions, given);
  await withWorkbench(context, async (workbench) => {
    const run = workbench.run(reference);
    const configs = learningCurveRuns(run.config, experimentName(run), { sizes, seeds: options.seeds });
    await trainAndTell(workbench, { configs, tags: [], beside: [], ...options }, context);
  });
}

/** `layerbench ablate RUN`: what does each of its pieces contribute? @throws UserError where it has none. */
export async function ablate(reference: string, given: unknown, context: Context): Promise<void> {
  const options = checkedOptions(FigureOptions, given);
  await withWorkbench(context, async (workbench) => {
    const run = workbench.run(reference);
    const configs = ablationRuns(run.config, experimentName(run), options.seeds);
    if (configs.length === options.seeds) {
      throw new UserError(
        `${run.name} has no preparation step, augmentation or regularization that could be left out.`,
      );
    }
    await trainAndTell(workbench, { configs, tags: [], beside: [], ...options }, context);
  });
}

/** `layerbench best RUN…`: measures the best of them again, with fresh seeds. @throws UserError for fewer than three. */
export async function measureBest(
  references: readonly string[],
  given: unknown,
  context: Context,
): Promise<void> {
  const options = checkedOptions(FigureOptions, given);
  await withWorkbench(context, async (workbench) => {
    const runs = references.map((reference) => workbench.run(reference));
    const { best } = workbench.analysis(
      runs.map(({ id }) => id),
      { figure: options.figure },
    );
    if (best === null) {
      throw new UserError(
        'best takes runs of three experiments or more: among fewer the best was found rather than picked.',
      );
    }
    // Seeds of every repeat that was ever made are not fresh, whether it was named or not.
    const seen = byExperiment(workbench.runs()).find((own) =>
      own.some(({ id }) => best.next.runs.includes(id)),
    );
    const configs = measuredAgain(seen ?? runs, options.seeds);
    await trainAndTell(workbench, { configs, tags: [MEASURED_AGAIN], beside: runs, ...options }, context);
  });
}

interface Wish {
  readonly configs: readonly RunConfig[];
  readonly tags: readonly string[];
  /** Runs that are there already, and belong to the question. */
  readonly beside: readonly RunRecord[];
  readonly jobs: number;
  readonly json: boolean;
  readonly figure?: FigureName | undefined;
}

async function trainAndTell(
  workbench: Workbench,
  { configs, tags, beside, jobs, json, figure }: Wish,
  context: Context,
): Promise<void> {
  const queued = workbench.launch(configs, tags);
  const { runs, exitCode } = await trainRuns(workbench, queued, { context, json, jobs });
  const output = json ? context.terminal.err : context.terminal.out;
  const columns = Math.min(output.columns ?? SENTENCE_COLUMNS, SENTENCE_COLUMNS);
  const [whole] = beside.length > 0 ? [] : runs.filter(({ config }) => config.trainingShare === 1);
  const analysis = workbench.analysis(
    [...beside, ...runs].map(({ id }) => id),
    { baseline: whole?.id, figure },
  );
  output.line();
  for (const line of analysisText(analysis, columns)) output.line(line);
  context.exit(exitCode);
}
