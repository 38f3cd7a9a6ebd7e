import { z } from 'zod';
import { type ConfigDifference, configDifferences } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { analysisText } from './analysis-text.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';
import { imagesText } from './images-text.ts';
import { jsonLine } from './json-line.ts';
import { withWorkbench } from './open-workbench.ts';
import { summaryTable } from './summary-table.ts';
import { cutName, textTable, widthOf } from './text-table.ts';

const Options = z.object({ json: z.boolean().default(false) });

/** The widest that a sentence is set. */
const SENTENCE_COLUMNS = 100;

/** `layerbench compare RUN…`: figures side by side, and what differs between the runs. @throws UserError */
export async function compareRuns(
  references: readonly string[],
  given: unknown,
  context: Context,
): Promise<void> {
  const { json } = checkedOptions(Options, given);
  const { out } = context.terminal;
  await withWorkbench(context, async (workbench) => {
    const runs = references.map((reference) => workbench.run(reference));
    if (new Set(runs.map(({ id }) => id)).size < 2) {
      throw new UserError(
        'compare takes two runs or more that are not the same. See them with: layerbench runs',
      );
    }
    const differences = configDifferences(runs.map(({ config }) => config));
    const analysis = workbench.analysis(runs.map(({ id }) => id));
    if (json) {
      out.line(jsonLine({ runs, differences, analysis }));
      return;
    }
    const names = distinctNames(runs);
    const named = runs.map((run, index) => ({ ...run, name: names[index] ?? run.name }));
    out.line(summaryTable(named, out.columns));
    out.line();
    const unfinished = named.filter(({ status }) => status !== 'finished');
    if (unfinished.length > 0) {
      const each = unfinished.map(
        ({ name, status, epochs }) => `${name} (${status}, ${counted(epochs, 'epoch')})`,
      );
      out.line(`Not finished: ${each.join(', ')}`);
      out.line();
    }
    out.line(out.paint('bold', 'What differs between their configurations'));
    out.line(differencesText(differences, names, out.columns));
    const others = otherDifferences(workbench, runs, names);
    if (others.length > 0) {
      out.line();
      out.line(out.paint('bold', 'What else is not the same'));
      for (const line of others) out.line(`  ${line}`);
    }
    const columns = Math.min(out.columns ?? SENTENCE_COLUMNS, SENTENCE_COLUMNS);
    const onImages = await imagesLines(workbench, named, columns - 2);
    if (onImages.length > 0) {
      out.line();
      out.line(out.paint('bold', 'On the same dev images'));
      for (const line of onImages) out.line(`  ${line}`);
    }
    out.line();
    out.line(out.paint('bold', 'What the differences say'));
    for (const line of analysisText(analysis, columns - 2)) out.line(`  ${line}`);
  });
}

/** Of two runs that were asked about the same images. */
async function imagesLines(
  workbench: Workbench,
  runs: readonly RunRecord[],
  columns: number,
): Promise<string[]> {
  const [first, second, ...more] = runs;
  if (first === undefined || second === undefined || more.length > 0) return [];
  const comparison = await workbench.compareOnImages(first.id, second.id);
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

/** What is not the same in a run and the first one, beside their configurations. */
function otherDifferences(
  workbench: Workbench,
  runs: readonly RunRecord[],
  names: readonly string[],
): string[] {
  const [first, ...others] = runs;
  // A run that never came to train has no versions that could differ.
  if (first === undefined || first.versions === null) return [];
  const firstName = names[0] ?? '';
  return others.flatMap((other, index) => {
    if (other.versions === null) return [];
    const name = names[index + 1] ?? '';
    return workbench.compareWeights(first, other).differences.flatMap(({ what, before, now }) => {
      if (what === 'data set') return otherImages(first, other, firstName, name);
      // Told among the configurations' differences already.
      if (what === 'epochs' && first.config.nbrEpochs !== other.config.nbrEpochs) return [];
      return [`${what}: ${before} in ${firstName}, ${now} in ${name}`];
    });
  });
}

/** Of two sets in two places the configurations tell already. */
function otherImages(first: RunRecord, other: RunRecord, firstName: string, name: string): string[] {
  return first.datasetFolder === other.datasetFolder
    ? [
        `data set: the images in ${first.datasetFolder ?? 'its folder'} changed between ${firstName} and ${name}`,
      ]
    : [];
}
