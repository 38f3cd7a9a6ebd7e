import { chanceText } from '../../src-preload/contract/figure.ts';
import { counted, durationText } from '../../src-preload/contract/figure-text.ts';
import {
  spreadText,
  STUDY_COLUMNS,
  type StudyBasis,
  type StudyColumn,
  type StudyPicture,
} from '../../src-preload/contract/study.ts';
import type { Claim, CurveName, Figure } from './claims.ts';
import type { StudyRun } from './figures.ts';
import type { Recipe, RecipeExperiment } from './recipes.ts';
import { cellOf, spreadOf } from './table.ts';
import { type JudgedClaim, type JudgedRecipe, SIGNIFICANT } from './verdict.ts';

/** What a study took. */
export interface StudyCost {
  /** Milliseconds from the command to the report; null where nobody waited for it. */
  readonly wallMs: number | null;
  /** Milliseconds that all of its runs took, one after the other, whenever they were trained. */
  readonly runsMs: number;
  /** Runs that were begun and finished, taken up again and finished, and found finished. */
  readonly trained: number;
  readonly continued: number;
  readonly reused: number;
}

/** What a report is made of. */
export interface ReportInput {
  readonly judged: readonly JudgedRecipe[];
  /** Runs of an experiment's option string, in the order of the seeds. */
  readonly runsOf: (options: string) => readonly StudyRun[];
  readonly seeds: number;
  /** Epochs of each run where they were cut short, else null. */
  readonly epochs: number | null;
  readonly basis: StudyBasis;
  readonly cost: StudyCost;
  readonly pictures: readonly StudyPicture[];
}

/** How a verdict is come by. */
export const RULE: readonly string[] = [
  'A claim is confirmed where the interval of its figure lies wholly on the side that is claimed: a rise by at least 20 points needs an interval above 20 points, a likeness within 10 points one between −10 and 10, a trend or a best one for each step and each rival. It is the opposite where the interval lies wholly beyond the contrary: a change the other way round (of a trend from its first to its last), a figure beyond the bound that stands with the claim, two that were said to be alike more than twice as far apart. Everything else is not confirmed.',
  'A finding is confirmed where all of its claims are, and the opposite where the contrary of one showed.',
  'Intervals and p-values are of Student’s t over seeds, paired where two experiments have the same seeds, and two-sided; of multiples they are of the logarithm. Where no seed changes a figure there is no interval, and the figure itself decides.',
  'Each finding is judged by itself: of findings that do not hold at most one in 40 is confirmed by chance. Corrected (Holm) means that p-values are up to as many times as large as there are findings: what is below 0.05 then is hardly chance even once in the whole report, but with few seeds hardly any effect is large enough for it.',
];

const CURVE_NAMES: Readonly<Record<CurveName, string>> = {
  training: 'training accuracy',
  dev: 'dev accuracy',
  trainingCost: 'training cost',
  devCost: 'dev cost',
};

/** The report as Markdown, in the study's own order. */
export function markdownReport(input: ReportInput): string {
  const { judged, pictures } = input;
  const lines = ['# The study of an N-layer network on numbers, redone', ''];
  for (const line of summaryLines(input)) lines.push(line, '');
  const columns = verdictColumns(judged);
  lines.push(
    `| | Finding | ${columns.map(({ head }) => head).join(' | ')} |`,
    `| --- | --- | ${columns.map(({ isNumber }) => (isNumber ? '---:' : '---')).join(' | ')} |`,
  );
  for (const one of judged) {
    const finding = cell(`${one.recipe.title}: ${one.recipe.finding}`);
    lines.push(`| ${one.recipe.id} | ${finding} | ${columns.map(({ text }) => text(one)).join(' | ')} |`);
  }
  lines.push('', '## How a verdict is come by', '');
  for (const line of RULE) lines.push(line, '');
  let section = '';
  for (const { recipe, claims, outcome } of judged) {
    if (recipe.section !== section) {
      section = recipe.section;
      lines.push(`## ${section}`, '');
    }
    lines.push(`### ${recipe.id}: ${recipe.title}`, '', '```', commandOf(recipe), '```', '');
    lines.push(...tableLines(recipe.experiments, input), '');
    for (const { file, kind, part } of pictures) {
      if (part === recipe.id) lines.push(`![${capital(kind)} of ${part}](${file})`, '');
    }
    lines.push(`**${capital(outcome)}**: ${recipe.finding}`, '');
    for (const claim of claims) lines.push(`- ${claimSentence(claim)}`);
    lines.push('');
    if (recipe.disagreements.length > 0) {
      lines.push('Where the study does not agree with itself:', '');
      for (const sentence of recipe.disagreements) lines.push(`- ${sentence}`);
      lines.push('');
    }
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** A column of the table of findings. */
interface VerdictColumn {
  readonly head: string;
  readonly isNumber?: boolean;
  readonly text: (one: JudgedRecipe) => string;
}

/** What came of a finding, of how many of its claims, and how sure that is; of one seed nothing of the latter. */
export function verdictColumns(judged: readonly JudgedRecipe[]): readonly VerdictColumn[] {
  return [
    { head: 'Verdict', text: ({ outcome }) => outcome },
    { head: 'Claims', text: ({ claims }) => `${held(claims)} of ${claims.length}` },
    ...(judged.every(({ chance }) => chance === null)
      ? []
      : [
          {
            head: 'p',
            isNumber: true,
            text: ({ chance }: JudgedRecipe) => chanceText(chance?.pValue ?? null),
          },
          {
            head: 'p (Holm)',
            isNumber: true,
            text: ({ chance }: JudgedRecipe) => chanceText(chance?.corrected ?? null),
          },
        ]),
  ];
}

function held(claims: readonly JudgedClaim[]): number {
  return claims.filter(({ outcome }) => outcome === 'confirmed').length;
}

/** The command for a part: the study's own options, and how the study evaluated. */
export function commandOf({ experiments }: Pick<Recipe, 'experiments'>): string {
  const [first, ...others] = experiments.map(
    ({ id, options }) => `--exp-id=${id} ${options} --batch-norm-eval=batch`,
  );
  return ['layerbench train', first ?? '', ...others.flatMap((one) => ['--experiment', one])].join(' ');
}

/** Every figure of every run beside the study's own, a row a run, as comma-separated values. */
export function csvReport({ judged, runsOf }: Pick<ReportInput, 'judged' | 'runsOf'>): string {
  const columns = STUDY_COLUMNS.map(({ column }) => column);
  const lines = [
    [
      'part,experiment,run,model_seed,dataset_seed',
      ...columns.map(snakeCase),
      ...columns.map((column) => `study_${snakeCase(column)}`),
    ].join(','),
  ];
  for (const { recipe } of judged) {
    for (const { id, options, reference } of recipe.experiments) {
      for (const run of runsOf(options)) {
        const own = columns.map((column) => cellOf(column, run) ?? '');
        const theirs = columns.map((column) => reference?.[column] ?? '');
        lines.push([recipe.id, id, run.id, run.modelSeed, run.datasetSeed, ...own, ...theirs].join(','));
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** How many findings hold, and what stands behind that. */
export function summaryLines(input: Omit<ReportInput, 'pictures' | 'runsOf'>): string[] {
  const { judged } = input;
  function count(outcome: JudgedRecipe['outcome']): number {
    return judged.filter((one) => one.outcome === outcome).length;
  }
  return [
    `Findings confirmed: ${count('confirmed')} of ${judged.length}. Not confirmed: ${count('not confirmed')}. The opposite found: ${count('opposite')}.`,
    ...countLines(judged),
    ...remarks(input),
    costLine(input.cost),
  ];
}

/** How many single claims hold, and how many verdicts are left where findings are corrected for each other. */
export function countLines(judged: readonly JudgedRecipe[]): string[] {
  if (judged.length === 0) return [];
  const claims = judged.flatMap((one) => one.claims);
  const line = `Single claims confirmed: ${held(claims)} of ${claims.length}.`;
  if (judged.length < 2 || judged.every(({ chance }) => chance === null)) return [line];
  const sure = judged.filter(({ chance }) => chance !== null && chance.corrected < SIGNIFICANT);
  const opposite = sure.filter(({ outcome }) => outcome === 'opposite').length;
  return [
    line,
    `Corrected for being ${judged.length} (Holm), ${counted(sure.length - opposite, 'finding')} would still be confirmed, and ${opposite} the opposite.`,
  ];
}

/** What stands behind the figures of a study. */
export function remarks({
  seeds,
  epochs,
  basis: { backend, versions, dataset },
}: Pick<ReportInput, 'seeds' | 'epochs' | 'basis'>): string[] {
  return [
    seeds === 1
      ? 'One seed stands behind every figure: part of any difference is chance, and nothing here says how large a part.'
      : `${seeds} seeds stand behind every figure: mean ± standard deviation.`,
    ...(epochs === null
      ? []
      : [
          `Every run was cut short after ${counted(epochs, 'epoch')}: the verdicts are of that, not of the study.`,
        ]),
    `Data set: numbers, ${counted(dataset.images, 'image')}, fingerprint ${dataset.fingerprint.slice(0, 12)}.`,
    `Computed by ${backend} (${versions.library}), tfjs ${versions.tfjs}, images decoded by sharp ${versions.sharp}, Node ${versions.node.replace(/^v/, '')}, ${versions.platform}, Layerbench ${versions.app}.`,
  ];
}

function costLine({ wallMs, runsMs, trained, continued, reused }: StudyCost): string {
  const took = wallMs === null ? '' : `It took ${durationText(wallMs)}: `;
  const parts = [
    `${counted(trained, 'run')} trained`,
    ...(continued === 0 ? [] : [`${continued} taken up again`]),
    `${reused} found in the store`,
  ].join(', ');
  return `${took}${parts}. All runs together trained for ${durationText(runsMs)}, one after the other.`;
}

/** A row of ours and a row of the study's for each experiment, in the columns of its tables that any of them has. */
function tableLines(experiments: readonly RecipeExperiment[], { runsOf }: ReportInput): string[] {
  return [
    `| Experiment | | ${STUDY_COLUMNS.map(({ label }) => label).join(' | ')} |`,
    `| --- | --- |${STUDY_COLUMNS.map(() => ' ---: |').join('')}`,
    ...experiments.flatMap(({ label, options, reference }) => {
      const runs = runsOf(options);
      const own = STUDY_COLUMNS.map(({ column, text }) => spreadText(spreadOf(column, runs), text));
      return [
        `| ${cell(label)} | here | ${own.join(' | ')} |`,
        ...(reference === null
          ? []
          : [
              `| | _study_ | ${STUDY_COLUMNS.map(({ column, text }) => referenceText(reference[column], text)).join(' | ')} |`,
            ]),
      ];
    }),
  ];
}

function referenceText(value: number | null, text: (value: number) => string): string {
  return value === null ? '' : `_${text(value)}_`;
}

/** A claim in words, with what came of it and the figures it rests on. */
export function claimSentence({
  claim,
  outcome,
  value,
  interval,
  pValue,
  isSameForAll,
}: JudgedClaim): string {
  const { number, unit } = writingOf(claim);
  const doubt = [
    ...(interval === null
      ? []
      : [`${levelText(interval.level)} interval ${number(interval.low)} to ${number(interval.high)}${unit}`]),
    ...(pValue === null ? [] : [pValue < 0.001 ? 'p < 0.001' : `p = ${pValue.toFixed(3)}`]),
    ...(isSameForAll && !Number.isNaN(value) ? ['the same with every seed'] : []),
  ];
  return `${claimText(claim)}: ${Number.isNaN(value) ? 'not known' : `${number(value)}${unit}`}${doubt.length === 0 ? '' : ` (${doubt.join(', ')})`}, ${outcome}.`;
}

/** With as many nines as tell it from 100 %. */
function levelText(level: number): string {
  const digits = Math.max(0, Math.ceil(-Math.log10(1 - level)) - 1);
  return `${Number((100 * level).toFixed(digits))} %`;
}

function claimText(claim: Claim): string {
  const figure = figureText(claim.figure);
  const { number, unit } = writingOf(claim);
  function shown(value: number): string {
    return `${number(value)}${unit}`;
  }
  switch (claim.kind) {
    case 'difference':
      return `${capital(figure)} ${claim.direction} from ${claim.from} to ${claim.to}${claim.by === 0 ? '' : ` by at least ${shown(claim.by)}`}`;
    case 'multiple':
      return `${capital(figure)} of ${claim.to} is ${claim.atLeast === 1 ? 'more than' : `at least ${shown(claim.atLeast)}`} that of ${claim.from}`;
    case 'alike':
      return `${capital(figure)} of ${claim.from} and ${claim.to} is the same within ${shown(claim.by)} (contrary beyond ${shown(2 * claim.by)})`;
    case 'limit':
      return `${capital(figure)} of ${claim.of} is ${claim.side} ${shown(claim.limit)}${claim.contrary === claim.limit ? '' : ` (contrary ${claim.side === 'above' ? 'below' : 'above'} ${shown(claim.contrary)})`}`;
    case 'near':
      return `${capital(figure)} of ${claim.of} is ${shown(claim.value)} within ${shown(claim.within)}`;
    case 'trend':
      return `${capital(figure)} ${claim.direction} along ${claim.along.join(', ')}${claim.slack === 0 ? '' : `, no step the other way by ${shown(claim.slack)}`} (weakest step)`;
    case 'best':
      return `${claim.of} has the ${claim.side} ${figure.replace(/^the /, '')} (difference to the nearest rival)`;
    case 'spread':
      return `${capital(figure)} of single runs lies at least ${shown(claim.atLeast)} apart`;
  }
}

function figureText(figure: Figure): string {
  if (typeof figure === 'string') {
    switch (figure) {
      case 'variance':
        return 'the variance';
      case 'ratio':
        return 'the params/samples ratio';
      case 'firstLayerMoves':
        return 'the move of the first layer, over that of the next,';
      case 'lostByStopping':
        return 'the fall of the dev cost after early stopping';
      default:
        return `the ${CURVE_NAMES[figure]}`;
    }
  }
  switch (figure.kind) {
    case 'epochTo':
      return `the epoch that reaches ${Math.round(100 * figure.accuracy)} % of the training images`;
    case 'noise':
      return `the noise of the ${CURVE_NAMES[figure.of]}${figure.from === undefined && figure.to === undefined ? '' : ` in epochs ${figure.from ?? 1} to ${figure.to ?? 'the last'}`}`;
    case 'noiseGrowth':
      return `the noise of the ${CURVE_NAMES[figure.of]} after epoch ${figure.at}, over that in as many epochs before it,`;
    case 'at':
      return `the ${CURVE_NAMES[figure.of]} at epoch ${figure.epoch}`;
    case 'change':
      return `the change of the ${CURVE_NAMES[figure.of]} from epoch ${figure.from} to ${figure.to}`;
    case 'least':
      return `the lowest ${CURVE_NAMES[figure.of]} from epoch ${figure.from} on`;
  }
}

/** How values of a claim are written. */
interface Writing {
  readonly number: (value: number) => string;
  /** Behind the number, with the space before it. */
  readonly unit: string;
}

const TIMES: Writing = {
  number: (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3)),
  unit: ' times',
};
const COST: Writing = { number: (value) => minus(value.toFixed(2)), unit: '' };
const RATIO: Writing = { number: (value) => minus(String(Number(value.toPrecision(5)))), unit: '' };
const EPOCHS: Writing = { number: (value) => minus(String(Number(value.toFixed(1)))), unit: ' epochs' };
const POINTS: Writing = { number: hundredths, unit: ' points' };
const PERCENT: Writing = { number: hundredths, unit: ' %' };

/** An accuracy is per cent; what lies between two of them, a variance too, is points. */
function writingOf({ kind, figure }: Claim): Writing {
  if (kind === 'multiple') return TIMES;
  const isItself = kind === 'limit' || kind === 'near';
  if (typeof figure === 'string') {
    switch (figure) {
      case 'ratio':
        return RATIO;
      case 'firstLayerMoves':
        return TIMES;
      case 'lostByStopping':
      case 'trainingCost':
      case 'devCost':
        return COST;
      case 'variance':
        return POINTS;
      default:
        return isItself ? PERCENT : POINTS;
    }
  }
  if (figure.kind === 'epochTo') return EPOCHS;
  if (figure.kind === 'noiseGrowth') return TIMES;
  if (figure.of === 'trainingCost' || figure.of === 'devCost') return COST;
  return isItself && (figure.kind === 'at' || figure.kind === 'least') ? PERCENT : POINTS;
}

function hundredths(share: number): string {
  return minus((100 * share).toFixed(1));
}

/** With the sign of a difference, not a hyphen; a small one that is rounded to 0 has none. */
function minus(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

function snakeCase(column: StudyColumn): string {
  return column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What would end a cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
