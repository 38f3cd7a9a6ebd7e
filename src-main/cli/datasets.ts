import { z } from 'zod';
import { type OptionKey, RunConfig, optionOf, parseOption } from '../../src-preload/contract/config.ts';
import type { DatasetHealth, DatasetSummary } from '../../src-preload/contract/dataset.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { withCallProgress } from './call-progress.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { bytesText, countText, counted, percentText } from './figure-text.ts';
import { jsonLine } from './json-line.ts';
import { withWorkbench } from './open-workbench.ts';
import { unreadableLines } from './run-messages.ts';
import { type Pair, pairs, textTable } from './text-table.ts';
import { wholeNumber } from './whole-number.ts';

/** Kinds of data sets that can be drawn. */
export const KINDS = ['numbers', 'colors'] as const;

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
    out.line(
      textTable({
        head: ['Data set', 'Classes', 'Images', 'Training', 'Dev', 'Test', 'Size', 'Folder'],
        rows: sets.map((set) =>
          set.drawn
            ? [
                set.name,
                String(set.classes.length),
                countText(set.images),
                countText(set.parts.training),
                countText(set.parts.dev),
                countText(set.parts.test),
                bytesText(set.bytes),
                set.folder,
              ]
            : [set.name, '', '', '', '', '', '', 'built in, drawn when it is first used'],
        ),
        align: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
      }),
    );
  });
}

/** `layerbench datasets show NAME`: its classes, and how they would be split. @throws UserError */
export async function showDataset(name: string, given: unknown, context: Context): Promise<void> {
  const options = checkedOptions(Options, given);
  const { out, err } = context.terminal;
  await withWorkbench(context, async (workbench) => {
    const set = await withCallProgress(err, (onProgress) =>
      workbench.showDataset(configOf(name, options), onProgress),
    );
    out.line(options.json ? jsonLine(set) : datasetText(set));
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
    out.line(options.json ? jsonLine(health) : healthText(health));
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
    out.line(datasetText(set));
    out.line();
    out.line(`Train on it with: layerbench train --dataset=${set.name}`);
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
  return RunConfig.parse(Object.fromEntries(values));
}

function datasetText(set: DatasetSummary): string {
  const total = ['Together', set.images, set.parts.training, set.parts.dev, set.parts.test] as const;
  return [
    pairs([
      ['Data set', `${set.name}${set.builtIn ? ' (built in)' : ''}`],
      ['Folder', set.folder],
      [
        'Images',
        `${countText(set.images)} in ${counted(set.classes.length, 'class', 'classes')}, ${bytesText(set.bytes)}`,
      ],
    ]),
    '',
    textTable({
      head: ['Class', 'Images', 'Training', 'Dev', 'Test'],
      rows: [
        ...set.classes.map(({ name, images, parts }) =>
          [name, images, parts.training, parts.dev, parts.test].map((cell) => String(cell)),
        ),
        total.map((cell) => String(cell)),
      ],
      align: ['left', 'right', 'right', 'right', 'right'],
      indent: 2,
    }),
  ].join('\n');
}

const MARKS = { error: 'Error', warning: 'Warning', note: 'Note' } as const;

function healthText(health: DatasetHealth): string {
  const sections: (readonly [string, readonly string[]])[] = [
    ['Unreadable', unreadableLines(health.unreadable, NAMED_FILES)],
    [
      'Duplicates',
      named(health.duplicates, ({ kind, images, leak, mislabelled }) => {
        const marks = [
          kind,
          ...(leak ? ['in several parts'] : []),
          ...(mislabelled ? ['in several classes'] : []),
        ];
        return `${marks.join(', ')}: ${images.map(({ path, part }) => `${path} (${part})`).join(', ')}`;
      }),
    ],
    ['Odd sizes', named(health.oddSizes, ({ path, width, height }) => `${path}: ${width}×${height}`)],
    ['Odd colour modes', named(health.oddModes, ({ path, mode }) => `${path}: ${mode}`)],
    [
      'Turned by EXIF',
      named(health.turned, ({ path, orientation }) => `${path}: orientation ${orientation}`),
    ],
    [
      'Few dev images',
      named(
        health.fewDevImages,
        ({ className, dev, halfWidth, oneImage }) =>
          `${className}: ${counted(dev, 'image')}, so its dev accuracy swings by ±${percentText(halfWidth)}; one image is ${percentText(oneImage)}`,
      ),
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
  const findings = health.findings.map(({ severity, message }) => `  ${MARKS[severity]}: ${message}`);
  return [
    datasetText(health.summary),
    '',
    pairs(facts),
    ...sections.flatMap(([title, lines]) =>
      lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)],
    ),
    '',
    'Findings',
    ...(findings.length === 0 ? ['  Nothing is wrong with it.'] : findings),
  ].join('\n');
}

function named<Item>(items: readonly Item[], text: (item: Item) => string): string[] {
  const rest = items.length - NAMED_FILES;
  return [
    ...items.slice(0, NAMED_FILES).map(text),
    ...(rest > 0 ? [`and ${countText(rest)} more; all of them: --json`] : []),
  ];
}
