import type { Claim, Figure } from './claims.ts';
import type { RecipeExperiment } from './recipes.ts';
import { type ExperimentFigures, type JudgedClaim, type JudgedRecipe, meanAndDeviation } from './verdict.ts';

/** What a report is made of. */
export interface ReportInput {
  readonly judged: readonly JudgedRecipe[];
  readonly figuresOf: (options: string) => ExperimentFigures;
  readonly seeds: number;
  /** Epochs of each run where they were cut short, else null. */
  readonly epochs: number | null;
  /** What the runs were computed by, such as `native, libtensorflow 1.15.0`. */
  readonly computedBy: string;
  /** File name of each recipe's picture, by its id. */
  readonly pictures: ReadonlyMap<string, string>;
}

const FIGURE_NAMES: Readonly<Record<Figure, string>> = {
  training: 'training accuracy',
  dev: 'dev accuracy',
  variance: 'variance',
  cost: 'training cost',
  firstLayerMoves: 'how much farther the first layer moves than the next',
};

/** The report as Markdown, in the study's own order. */
export function markdownReport(input: ReportInput): string {
  const { judged, pictures } = input;
  const lines = ['# The study of an N-layer network on numbers, redone', '', ...summaryLines(input), ''];
  lines.push('| | Finding | Verdict |', '| --- | --- | --- |');
  for (const { recipe, outcome } of judged) {
    lines.push(`| ${recipe.id} | ${cell(`${recipe.title}: ${recipe.finding}`)} | ${outcome} |`);
  }
  let section = '';
  for (const { recipe, claims, outcome } of judged) {
    if (recipe.section !== section) {
      section = recipe.section;
      lines.push('', `## ${section}`);
    }
    lines.push('', `### ${recipe.id}: ${recipe.title}`, '', '```');
    lines.push(recipe.experiments.map(({ options }) => options).join(' \\\n  --experiment '), '```', '');
    if (recipe.disagreement !== undefined) lines.push(`_${recipe.disagreement}_`, '');
    lines.push(...tableLines(recipe.experiments, input), '');
    const picture = pictures.get(recipe.id);
    if (picture !== undefined) lines.push(`![Accuracy of ${recipe.id}](${picture})`, '');
    lines.push(`**${capital(outcome)}**: ${recipe.finding}`, '');
    for (const claim of claims) lines.push(`- ${claimSentence(claim)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Every figure of every experiment, a row a seed, as comma-separated values. */
export function csvReport({ judged, figuresOf }: ReportInput): string {
  const lines = ['recipe,experiment,seed,training,dev,variance,cost'];
  for (const { recipe } of judged) {
    for (const { id, options } of recipe.experiments) {
      const { training, dev, variance, cost } = figuresOf(options);
      training.forEach((value, seed) => {
        lines.push([recipe.id, id, seed, value, dev[seed], variance[seed], cost[seed]].join(','));
      });
    }
  }
  return `${lines.join('\n')}\n`;
}

/** How many findings hold, and what stands behind that. */
export function summaryLines({ judged, seeds, epochs, computedBy }: ReportInput): string[] {
  function count(outcome: JudgedRecipe['outcome']): number {
    return judged.filter((one) => one.outcome === outcome).length;
  }
  return [
    `Findings confirmed: ${count('confirmed')} of ${judged.length}. Not confirmed: ${count('not confirmed')}. The opposite found: ${count('opposite')}.`,
    seeds === 1
      ? 'One seed stands behind every figure: part of any difference is chance, and nothing here says how large a part.'
      : `${seeds} seeds stand behind every figure: mean ± standard deviation; p-values are corrected for being many (Holm).`,
    ...(epochs === null
      ? []
      : [`Every run was cut short after ${epochs} epochs: the verdicts are of that, not of the study.`]),
    `Computed by ${computedBy}.`,
  ];
}

function tableLines(experiments: readonly RecipeExperiment[], { figuresOf }: ReportInput): string[] {
  return [
    '| Experiment | Training cost | Training accuracy | Dev accuracy | Variance | Study: training | Study: dev |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...experiments.map(({ label, options, reference }) => {
      const { cost, training, dev, variance } = figuresOf(options);
      const cells = [
        plusMinus(cost, (value) => value.toFixed(2)),
        plusMinus(training, percent),
        plusMinus(dev, percent),
        plusMinus(variance, percent),
        reference?.training == null ? '' : percent(reference.training),
        reference?.dev == null ? '' : percent(reference.dev),
      ];
      return `| ${cell(label)} | ${cells.join(' | ')} |`;
    }),
  ];
}

/** A claim in words, with what came of it and the figures it rests on. */
export function claimSentence({ claim, outcome, value, interval, pValue }: JudgedClaim): string {
  const shown =
    claim.figure === 'cost' || claim.figure === 'firstLayerMoves' ? (one: number) => one.toFixed(2) : points;
  const doubt = [
    ...(interval === null
      ? []
      : [`${interval.level * 100} % interval ${shown(interval.low)} to ${shown(interval.high)}`]),
    ...(pValue === null ? [] : [`p = ${pValue < 0.001 ? '< 0.001' : pValue.toFixed(3)}`.replace('= <', '<')]),
  ];
  return `${claimText(claim)}: ${shown(value)}${doubt.length === 0 ? '' : ` (${doubt.join(', ')})`}, ${outcome}.`;
}

function claimText(claim: Claim): string {
  const figure = FIGURE_NAMES[claim.figure];
  switch (claim.kind) {
    case 'difference':
      return `The ${figure} ${claim.direction} from ${claim.from} to ${claim.to}${claim.by === 0 ? '' : ` by at least ${points(claim.by)}`}`;
    case 'alike':
      return `The ${figure} of ${claim.from} and ${claim.to} is the same within ${points(claim.by)}`;
    case 'limit':
      return `The ${figure} of ${claim.of} is ${claim.side} ${claim.figure === 'firstLayerMoves' ? `${claim.limit} times` : points(claim.limit)}`;
    case 'trend':
      return `The ${figure} ${claim.direction} along ${claim.along.join(', ')} (least step)`;
    case 'best':
      return `${claim.of} has the ${claim.side} ${figure} (lead over the next)`;
    case 'spread':
      return `The ${figure} lies at least ${points(claim.atLeast)} apart`;
  }
}

function plusMinus(values: readonly number[], text: (value: number) => string): string {
  const [mean, deviation] = meanAndDeviation(values);
  if (Number.isNaN(mean)) return '';
  return deviation === null ? text(mean) : `${text(mean)} ± ${text(deviation)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function points(share: number): string {
  return `${(100 * share).toFixed(1)} points`;
}

/** What would end a cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
