import { z } from 'zod';
import { type ConfigDifference, configDifferences } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import {
  countedRuns,
  experimentKey,
  experimentNames,
  byExperiment,
} from '../../src-preload/contract/experiment.ts';
import { FIGURE_NAMES } from '../../src-preload/contract/figure.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { analysisText, findingsText } from './analysis-text.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';
import { imagesText } from './images-text.ts';
import { jsonLine } from './json-line.ts';
import { oneOf } from './one-of.ts';
import { withWorkbench } from './open-workbench.ts';
import { rowsOfExperiments, rowsOfRuns, type SummaryRow, summaryTable } from './summary-table.ts';
import { cutName, textTable, widthOf } from './text-table.ts';

const Options = z.object({
  json: z.boolean().default(false),
  eachRun: z.boolean().default(false),
  figure: oneOf('figure', FIGURE_NAMES).optional(),
  baseline: z.string().optional(),
});

/** The widest that a sentence is set. */
const SENTENCE_COLUMNS = 100;

/**
 * `layerbench compare RUN…`: figures side by side, repeats of one experiment in one row, what differs between their
 * configurations, what the differences say, and what holds each back. @throws UserError
 */
export async function compareRuns(
  references: readonly string[],
  given: unknown,
  context: Context,
): Promise<void> {
  const { json, eachRun, figure, baseline } = checkedOptions(Options, given);
  const { out } = context.terminal;
  await withWorkbench(context, async (workbench) => {
    const named = references.map((reference) => workbench.run(reference));
    // One run named twice is one run.
    const runs = [...new Map(named.map((run) => [run.id, run])).values()];
    const ids = runs.map(({ id }) => id);
    if (runs.length < 2) {
      throw new UserError(
        'compare takes two runs or more that are not the same. See them with: layerbench runs',
      );
    }
    const differences = configDifferences(runs.map(({ config }) => config));
    const against = baseline === undefined ? undefined : workbench.run(baseline).id;
    if (against !== undefined && !ids.includes(against)) {
      throw new UserError(`--baseline=${baseline ?? ''} is none of the runs that are compared: name it too.`);
    }
    const analysis = workbench.analysis(ids, { baseline: against, figure });
    const findings = await workbench.experimentDiagnosis(ids);
    if (json) {
      out.line(jsonLine({ runs, differences, analysis, findings }));
      return;
    }
    const shown = eachRun ? singly(runs) : byExperiments(runs);
    out.line(summaryTable(shown.rows, out.columns));
    out.line();
    const unfinished = shown.runs.filter(({ run }) => run.status !== 'finished');
    if (unfinished.length > 0) {
      const each = unfinished.map(
        ({ name, run: { status, epochs } }) => `${name} (${status}, ${counted(epochs, 'epoch')})`,
      );
      out.line(`Not finished: ${each.join(', ')}`);
      out.line();
    }
    out.line(out.paint('bold', 'What differs between their configurations'));
    out.line(differencesText(shown.differences, shown.names, out.columns));
    const others = otherDifferences(workbench, shown.runs);
    if (others.length > 0) {
      out.line();
      out.line(out.paint('bold', 'What else is not the same'));
      for (const line of others) out.line(`  ${line}`);
    }
    const columns = Math.min(out.columns ?? SENTENCE_COLUMNS, SENTENCE_COLUMNS);
    const onImages = await imagesLines(workbench, shown.runs, columns - 2);
    if (onImages.length > 0) {
      out.line();
      out.line(out.paint('bold', 'On the same dev images'));
      for (const line of onImages) out.line(`  ${line}`);
    }
    out.line();
    out.line(out.paint('bold', 'What the differences say'));
    for (const line of analysisText(analysis, columns - 2)) out.line(`  ${line}`.trimEnd());
    const holding = findingsText(findings, columns - 2);
    if (holding.length > 0) {
      out.line();
      out.line(out.paint('bold', 'What holds them back'));
      for (const line of holding) out.line(`  ${line}`);
    }
  });
}

/** Runs as they are shown side by side. */
interface SideBySide {
  readonly rows: readonly SummaryRow[];
  /** A column of the configurations that differ, and its name. */
  readonly differences: readonly ConfigDifference[];
  readonly names: readonly string[];
  /** Every run that counts, with the name that tells it from others. */
  readonly runs: readonly NamedRun[];
}

interface NamedRun {
  readonly name: string;
  readonly run: RunRecord;
  /** What it is called beside runs of other experiments. */
  readonly experiment: string;
}

function singly(runs: readonly RunRecord[]): SideBySide {
  const names = distinctNames(runs);
  const named = runs.map((run, index) => ({ run, name: names[index] ?? run.name }));
  return {
    rows: rowsOfRuns(named.map(({ run, name }) => ({ ...run, name }))),
    differences: configDifferences(runs.map(({ config }) => config)),
    names,
    runs: named.map((one) => ({ ...one, experiment: one.name })),
  };
}

/** Repeats of one experiment as one; two runs, and runs without repeats, as they are. */
function byExperiments(runs: readonly RunRecord[]): SideBySide {
  if (runs.length === 2) return singly(runs);
  const all = countedRuns(runs).counted;
  const experiments = byExperiment(all);
  if (experiments.length === runs.length) return singly(runs);
  const names = experimentNames(experiments);
  const runNames = distinctNames(all);
  const places = new Map(experiments.map((own, place) => [own[0] && experimentKey(own[0]), place]));
  return {
    rows: rowsOfExperiments(runs),
    differences: configDifferences(experiments.flatMap(([first]) => first?.config ?? [])).filter(
      ({ key }) => key !== 'modelSeed' && key !== 'datasetSeed',
    ),
    names,
    runs: all.map((run, index) => ({
      run,
      name: runNames[index] ?? run.name,
      experiment: names[places.get(experimentKey(run)) ?? -1] ?? run.name,
    })),
  };
}

/** Of two runs that were asked about the same images. */
async function imagesLines(
  workbench: Workbench,
  runs: readonly NamedRun[],
  columns: number,
): Promise<string[]> {
  const [first, second, ...more] = runs;
  if (first === undefined || second === undefined || more.length > 0) return [];
  const comparison = await workbench.compareOnImages(first.run.id, second.run.id);
  return comparison.images === 0 ? [] : imagesText(comparison, [first.name, second.name], columns);
}

/** Names that tell runs apart: with their ids where two are called the same. */
function distinctNames(runs: readonly RunRecord[]): string[] {
  return runs.map(({ id, name }) =>
    runs.filter((other) => other.name === name).length > 1 ? `${name} ${id}` : name,
  );
}

/** A row an option and a column a run; where that is too wide, a block an option. */
export function differencesText(
  differences: readonly ConfigDifference[],
  names: readonly string[],
  columns: number | undefined,
): string {
  if (differences.length === 0) return '  Nothing but their names.';
  const shown = differences.map(({ label, values }) => ({
    label,
    values: values.map((value) => (value === '' ? '(none)' : value)),
  }));
  const table = textTable({
    head: ['Option', ...names.map((name) => cutName(name, 24))],
    rows: shown.map(({ label, values }) => [label, ...values]),
    indent: 2,
  });
  if (columns === undefined || widthOf(table) <= columns) return table;
  return shown
    .map(
      ({ label, values }) =>
        `  ${label}\n${textTable({ rows: values.map((value, index) => [names[index] ?? '', value]), indent: 4 })}`,
    )
    .join('\n');
}

/** What is not the same in a run and the first one, beside their configurations; of repeats it is said once. */
function otherDifferences(workbench: Workbench, runs: readonly NamedRun[]): string[] {
  const [first, ...others] = runs;
  // A run that never came to train has no versions that could differ.
  if (first === undefined || first.run.versions === null) return [];
  const lines = others.flatMap((other) => {
    if (other.run.versions === null) return [];
    const isRepeat = first.experiment === other.experiment;
    const [own, name] = isRepeat ? [first.name, other.name] : [first.experiment, other.experiment];
    return workbench.compareWeights(first.run, other.run).differences.flatMap(({ what, before, now }) => {
      if (what === 'data set') return otherImages(first.run, other.run, own, name);
      // Told among the configurations' differences already.
      if (what === 'epochs' && first.run.config.nbrEpochs !== other.run.config.nbrEpochs) return [];
      return [`${what}: ${before} in ${own}, ${now} in ${name}`];
    });
  });
  return [...new Set(lines)];
}

/** Of two sets in two places the configurations tell already. */
function otherImages(first: RunRecord, other: RunRecord, firstName: string, name: string): string[] {
  return first.datasetFolder === other.datasetFolder
    ? [
        `data set: the images in ${first.datasetFolder ?? 'its folder'} changed between ${firstName} and ${name}`,
      ]
    : [];
}
