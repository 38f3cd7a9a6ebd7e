import { z } from 'zod';
import {
  type RunConfig,
  commandLine,
  configDifferences,
  defaultConfig,
} from '../../src-preload/contract/config.ts';
import type { RunRecord, RunTimings } from '../../src-preload/contract/run.ts';
import type { Figures } from '../../src-preload/contract/series.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import {
  bytesText,
  durationText,
  lossText,
  momentText,
  percentText,
  ratioText,
  shapeText,
} from '../../src-preload/contract/figure-text.ts';
import { jsonLine } from './json-line.ts';
import { withWorkbench } from './open-workbench.ts';
import { classesText } from './plan-text.ts';
import { decodedText, endedLine, unreadableLines } from './run-messages.ts';
import { shellWords } from '../../src-preload/contract/shell-words.ts';
import { type Pair, pairs, textTable, wrapped } from './text-table.ts';

const Options = z.object({ json: z.boolean().default(false) });

/** Where the output is no terminal, sentences are broken as if it had so many columns. */
const TEXT_COLUMNS = 100;

/** `layerbench show RUN`: all that is known of a run. @throws UserError where the text means no run. */
export async function showRun(reference: string, given: unknown, context: Context): Promise<void> {
  const { json } = checkedOptions(Options, given);
  const { out } = context.terminal;
  await withWorkbench(context, (workbench) => {
    const run = workbench.run(reference);
    out.line(
      json
        ? jsonLine(run)
        : runText(run, {
            title: (text) => out.paint('bold', text),
            columns: out.columns ?? TEXT_COLUMNS,
            program: context.program,
          }),
    );
  });
}

/** How a run is written. */
export interface RunTextOptions {
  /** Makes a heading of a text. */
  readonly title: (text: string) => string;
  /** Columns that a line of words may fill. */
  readonly columns: number;
  /** What a command line begins with. */
  readonly program: string;
}

/** A run in sections: all that is known of it. */
export function runText(run: RunRecord, { title, columns, program }: RunTextOptions): string {
  const sections: (readonly [string, string | null])[] = [
    [`${run.name}  ${run.id}`, pairs(headPairs(run), columns)],
    ['Configuration', configurationText(run.config, columns, program)],
    ['Figures', run.last === null ? null : figuresText(run)],
    ['Layers', run.layers.length === 0 ? null : layersText(run)],
    ['Time', run.timings === null ? null : timesText(run.timings)],
    ['Computed by', run.backend === null ? null : pairs(computedPairs(run), columns)],
    ['Left out', run.unreadable.length === 0 ? null : indented(unreadableLines(run.unreadable))],
    ['Notices', run.notices.length === 0 ? null : indented(run.notices, columns)],
  ];
  return sections.flatMap(([name, text]) => (text === null ? [] : [`${title(name)}\n${text}`])).join('\n\n');
}

function indented(lines: readonly string[], columns = Infinity): string {
  return lines
    .flatMap((line) => wrapped(line, columns - 2))
    .map((line) => `  ${line}`)
    .join('\n');
}

function headPairs(run: RunRecord): Pair[] {
  const { samples, preparation, inputShape, owner } = run;
  const moments = [
    ['created', run.createdAt],
    ['started', run.startedAt],
    ['ended', run.endedAt],
  ] as const;
  return [
    ['Status', run.endedAt === null ? run.status : endedLine(run)],
    [
      'When',
      moments.flatMap(([what, when]) => (when === null ? [] : [`${what} ${momentText(when)}`])).join(', '),
    ],
    ['Run by', owner && `process ${owner.pid} on ${owner.host}`],
    ['Data set', run.datasetFolder ?? run.config.dataset],
    ['Classes', run.classes.length === 0 ? null : classesText(run.classes)],
    ['Samples', samples && `${samples.training} training, ${samples.dev} dev, ${samples.test} test`],
    ['Images', preparation && decodedText(preparation.decoded, preparation.images)],
    ['Input', inputShape && `${shapeText(inputShape)} (height × width × channels)`],
    [
      'Parameters',
      run.parameters === null
        ? null
        : `${run.parameters}, ${ratioText(run.paramsPerSample)} for each training image`,
    ],
  ];
}

function configurationText(config: RunConfig, columns: number, program: string): string {
  const changed = configDifferences([defaultConfig(), config]).map(({ label, values }): Pair => {
    const [before = '', now = ''] = values.map((value) => (value === '' ? 'none' : value));
    return [label, `${now}  (default: ${before})`];
  });
  return [
    changed.length === 0 ? '  Nothing but defaults.' : pairs(changed, columns),
    '',
    `  ${program} ${shellWords(['train', ...commandLine(config)])}`,
  ].join('\n');
}

interface Evaluation {
  readonly name: string;
  readonly parts: readonly (Figures | null)[];
}

function figuresText({ last, best, final, test, ...run }: RunRecord): string {
  const evaluations: (Evaluation | null)[] = [
    last && { name: `Last epoch, ${last.epoch}`, parts: [last.training, last.dev, null] },
    best && { name: `Lowest dev loss, epoch ${best.epoch}`, parts: [best.training, best.dev, null] },
    final && { name: 'Evaluated at the end', parts: [final.training, final.dev, test] },
  ];
  const table = textTable({
    head: ['', 'Training', '', 'Dev', '', 'Test', ''],
    rows: evaluations.flatMap((one) =>
      one === null
        ? []
        : [[one.name, ...one.parts.flatMap((part) => [lossText(part?.loss), percentText(part?.accuracy)])]],
    ),
    align: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    indent: 2,
  });
  const rest = pairs([
    ['Avoidable bias', percentText(run.avoidableBias)],
    ['Variance', run.variance === null ? null : percentText(run.variance)],
    ['Early stop epoch', String(run.earlyStopEpoch ?? 'none')],
  ]);
  return `${table}\n\n${rest}`;
}

function layersText(run: RunRecord): string {
  return textTable({
    rows: run.layers.map((layer) => [
      layer.name,
      shapeText(layer.outputShape),
      layer.parameters.map(({ name, shape }) => `${name} ${shapeText(shape)}`).join(', '),
    ]),
    indent: 2,
  });
}

function timesText({ total, ...phases }: RunTimings): string {
  const each = Object.entries(phases)
    // A run that failed early never came to most of them.
    .filter(([, ms]) => ms > 0)
    .map(([phase, ms]): [string, string] => [phase, durationText(ms)]);
  return textTable({
    rows: [...each, ['total', durationText(total)]],
    align: ['left', 'right'],
    indent: 2,
  });
}

function computedPairs({ backend, versions, ...run }: RunRecord): Pair[] {
  return [
    ['Backend', backend && `${backend.name}, ${backend.library}`],
    ['Why', backend?.reason],
    [
      'Versions',
      versions &&
        `layerbench ${versions.app}, Node ${versions.node}, tfjs ${versions.tfjs}, sharp ${versions.sharp}, ${versions.platform}`,
    ],
    ['Most memory', run.peakMemoryBytes === null ? null : bytesText(run.peakMemoryBytes)],
    ['Weights', run.weightsSha256 && `SHA-256 ${run.weightsSha256}`],
  ];
}
