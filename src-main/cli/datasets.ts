import { z } from 'zod';
import { type OptionKey, RunConfig, optionOf, parseOption } from '../../src-preload/contract/config.ts';
import type { DatasetHealth, DatasetSummary } from '../../src-preload/contract/dataset.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { withCallProgress } from './call-progress.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { bytesText, countText, counted } from '../../src-preload/contract/figure-text.ts';
import { jsonLine } from './json-line.ts';
import { withWorkbench } from './open-workbench.ts';
import { printableName } from './printable.ts';
import { unreadableLines } from './run-messages.ts';
import { shellWords } from '../../src-preload/contract/shell-words.ts';
import { type Column, type Pair, fittingTable, pairs, textTable, wrapped } from './text-table.ts';
import { wholeNumber } from './whole-number.ts';
import { withWholePaths } from './whole-paths.ts';

/** Kinds of data sets that can be drawn. */
export const KINDS = ['numbers', 'colors'] as const;

/** Where the output is no terminal, sentences are broken as if it had so many columns. */
const TEXT_COLUMNS = 100;

/** Files of a kind that are named before the rest is only counted. */
const NAMED_FILES = 20;

const Options = z.object({
  json: z.boolean().default(false),
  datasetsPath: z.string().optional(),
  partitions: z.string().optional(),
  datasetSeed: z.string().optional(),
});

const CreateOptions = z.object({
  json: z.boolean().default(false),
  name: z.string().optional(),
  seed: wholeNumber('seed', 0, 2 ** 31 - 1).optional(),
  perClass: wholeNumber('per-class', 1, 100_000).optional(),
});

/** `layerbench datasets list` */
export async function listDatasets(given: unknown, context: Context): Promise<void> {
  const options = checkedOptions(Options, given);
  const { out } = context.terminal;
  await withWorkbench(context, async (workbench) => {
    const sets = await workbench.datasets(configOf('numbers', options));
    if (options.json) {
      for (const set of sets) out.line(jsonLine(set));
      return;
    }
    out.line(fittingTable(SET_COLUMNS, sets, out.columns));
    const undrawn = sets.filter(({ drawn }) => !drawn).map(({ name }) => name);
    if (undrawn.length > 0) {
      out.line();
      out.line(`Built in, drawn when first used: ${undrawn.join(', ')}`);
    }
  });
}

const SET_COLUMNS: readonly Column<DatasetSummary>[] = [
  { head: 'Data set', text: (set) => set.name },
  { head: 'Classes', text: (set) => (set.drawn ? String(set.classes.length) : ''), align: 'right' },
  { head: 'Images', text: (set) => (set.drawn ? countText(set.images) : ''), align: 'right' },
  { head: 'Training', text: (set) => (set.drawn ? countText(set.parts.training) : ''), align: 'right' },
  { head: 'Dev', text: (set) => (set.drawn ? countText(set.parts.dev) : ''), align: 'right' },
  { head: 'Test', text: (set) => (set.drawn ? countText(set.parts.test) : ''), align: 'right' },
  { head: 'Size', text: (set) => (set.drawn ? bytesText(set.bytes) : ''), align: 'right', leftOut: 1 },
  { head: 'Folder', text: (set) => (set.drawn ? set.folder : ''), leftOut: 2 },
];

/** `layerbench datasets show NAME`: its classes, and how they would be split. @throws UserError */
export async function showDataset(name: string, given: unknown, context: Context): Promise<void> {
  const options = checkedOptions(Options, given);
  const { out, err } = context.terminal;
  await withWorkbench(context, async (workbench) => {
    const set = await withCallProgress(err, (onProgress) =>
      workbench.showDataset(configOf(name, options), onProgress),
    );
    out.line(options.json ? jsonLine(set) : datasetText(set, out.columns));
  });
}

/** `layerbench datasets check NAME`: what is wrong with it, before anyone trains on it. @throws UserError */
export async function checkDataset(name: string, given: unknown, context: Context): Promise<void> {
  const options = checkedOptions(Options, given);
  const { out, err } = context.terminal;
  await withWorkbench(context, async (workbench) => {
    const health = await withCallProgress(err, (onProgress) =>
      workbench.checkDataset(configOf(name, options), onProgress),
    );
    out.line(options.json ? jsonLine(health) : healthText(health, out.columns ?? TEXT_COLUMNS));
  });
}

/** `layerbench datasets create KIND`: draws a set of its own into the data folder. @throws UserError */
export async function createDataset(kind: string, given: unknown, context: Context): Promise<void> {
  const { json, name, seed, perClass } = checkedOptions(CreateOptions, given);
  const { out, err } = context.terminal;
  const known = KINDS.find((one) => one === kind);
  if (known === undefined) {
    throw new UserError(
      `There is no kind of data set ${kind} to create. Those that are: ${KINDS.join(', ')}.`,
    );
  }
  await withWorkbench(context, async (workbench) => {
    const set = await withCallProgress(err, (onProgress) =>
      workbench.createDataset(
        {
          kind: known,
          name: name ?? nameOf(known, seed, perClass),
          seed: seed ?? 0,
          ...(perClass === undefined ? {} : { perClass }),
        },
        onProgress,
      ),
    );
    if (json) {
      out.line(jsonLine(set));
      return;
    }
    out.line(datasetText(set, out.columns));
    out.line();
    out.line(`Train on it with: ${context.program} ${shellWords(['train', `--dataset=${set.name}`])}`);
  });
}

/** A name that says what was asked for, so that no set passes for the built-in one of its kind. */
export function nameOf(kind: string, seed: number | undefined, perClass: number | undefined): string {
  return [
    kind,
    ...(seed === undefined ? [] : [`seed-${seed}`]),
    ...(perClass === undefined ? [] : [`${perClass}-per-class`]),
  ].join('-');
}

/** @throws UserError for an option that is not possible. */
function configOf(
  dataset: string,
  { datasetsPath, partitions, datasetSeed }: z.infer<typeof Options>,
): RunConfig {
  const given: Partial<Record<OptionKey, string | undefined>> = {
    dataset,
    datasetsPath,
    partitions,
    datasetSeed,
  };
  const values = Object.entries(given).flatMap(([key, text]) =>
    text === undefined ? [] : [[key, parseOption(optionOf(key as OptionKey), text)]],
  );
  return withWholePaths(RunConfig.parse(Object.fromEntries(values)));
}

function datasetText(set: DatasetSummary, columns: number | undefined): string {
  const total = ['Together', set.images, set.parts.training, set.parts.dev, set.parts.test] as const;
  return [
    pairs(
      [
        ['Data set', `${set.name}${set.builtIn ? ' (built in)' : ''}`],
        ['Folder', set.folder],
        [
          'Images',
          `${countText(set.images)} in ${counted(set.classes.length, 'class', 'classes')}, ${bytesText(set.bytes)}`,
        ],
      ],
      columns,
    ),
    '',
    textTable({
      head: ['Class', 'Images', 'Training', 'Dev', 'Test'],
      rows: [
        ...set.classes.map(({ name, images, parts }) =>
          [printableName(name), images, parts.training, parts.dev, parts.test].map((cell) => String(cell)),
        ),
        total.map((cell) => String(cell)),
      ],
      align: ['left', 'right', 'right', 'right', 'right'],
      indent: 2,
    }),
  ].join('\n');
}

/** How many lines each severity of findings may have before the rest is only counted. */
const NAMED_FINDINGS = 12;

const SEVERITIES = [
  ['error', 'Error', 'errors'],
  ['warning', 'Warning', 'warnings'],
  ['note', 'Note', 'notes'],
] as const;

/** What was found, the gravest first, and then every file of those kinds of which a finding names one as an example. */
export function healthText(health: DatasetHealth, columns: number): string {
  const sections: (readonly [string, readonly string[]])[] = [
    ['Findings', findingLines(health, columns - 2)],
    ['Left out', unreadableLines(health.unreadable, NAMED_FILES)],
    [
      'The same, or nearly, within one part',
      named(
        // Each of the others is a finding of its own.
        health.duplicates.filter(({ leak, mislabelled }) => !leak && !mislabelled),
        ({ kind, images }) =>
          `${kind === 'exact' ? 'same' : 'near'}  ${images.map(({ path }) => path).join(', ')} (${images[0]?.part ?? ''})`,
      ),
    ],
    ['Odd sizes', named(health.oddSizes, ({ path, width, height }) => `${path}: ${width}×${height}`)],
    ['Odd colour modes', named(health.oddModes, ({ path, mode }) => `${path}: ${mode}`)],
    [
      'Turned by EXIF',
      named(health.turned, ({ path, orientation }) => `${path}: orientation ${orientation}`),
    ],
  ];
  const facts: Pair[] = [
    [
      'Sizes',
      health.sizes
        .slice(0, 5)
        .map(({ width, height, images }) => `${width}×${height} (${images})`)
        .join(', '),
    ],
    ['Colour modes', health.modes.map(({ mode, images }) => `${mode} (${images})`).join(', ')],
    ['Largest class', `${health.imbalance.toFixed(2)} × the smallest`],
  ];
  return [
    datasetText(health.summary, columns),
    '',
    pairs(facts, columns),
    ...sections.flatMap(([title, lines]) =>
      lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)],
    ),
  ].join('\n');
}

function findingLines({ findings }: DatasetHealth, columns: number): string[] {
  if (findings.length === 0) return ['Nothing is wrong with it.'];
  return SEVERITIES.flatMap(([severity, mark, plural]) => {
    const messages = findings.filter((finding) => finding.severity === severity);
    const rest = messages.length - NAMED_FINDINGS;
    return [
      ...messages
        .slice(0, NAMED_FINDINGS)
        .flatMap(({ message }) => hanging(`${mark}: ${printableName(message)}`, columns)),
      ...(rest > 0 ? [`and ${countText(rest)} more ${plural}; all of them: --json`] : []),
    ];
  });
}

/** Lines of a text, those after the first set in a little, so that each text is seen to begin. */
function hanging(text: string, columns: number): string[] {
  return wrapped(text, columns - 2).map((line, index) => (index === 0 ? line : `  ${line}`));
}

function named<Item>(items: readonly Item[], text: (item: Item) => string): string[] {
  const rest = items.length - NAMED_FILES;
  return [
    ...items.slice(0, NAMED_FILES).map(text),
    ...(rest > 0 ? [`and ${countText(rest)} more; all of them: --json`] : []),
  ];
}
