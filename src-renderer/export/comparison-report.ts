import { type RunConfig, commandLine } from '../../src-preload/contract/config.ts';
import { shellWords } from '../../src-preload/contract/shell-words.ts';
import type { RunRow } from '../../src-preload/contract/api.ts';
import type { TextTable } from './analysis-tables.ts';
import type { ComparedCell, ComparisonTable } from '../table/comparison-table.ts';
import { folderName } from '../table/folder-name.ts';

/** A picture of a report: its name as a file, what it shows, and its bytes. */
export interface ReportPicture {
  readonly file: string;
  readonly title: string;
  readonly png: Blob;
}

/** What a comparison's report is made of. */
export interface ComparisonReport {
  readonly title: string;
  readonly table: ComparisonTable;
  /** What can be said of the figures, in sentences, and in tables. */
  readonly said: readonly string[];
  readonly tables: readonly TextTable[];
  readonly pictures: readonly ReportPicture[];
}

/** Markdown in the study's form: command lines, table, pictures, a place for the analysis. */
export function comparisonMarkdown({
  title,
  table: given,
  said,
  tables,
  pictures,
}: ComparisonReport): string {
  const table = withLastNames(given);
  const header = [
    'Run',
    ...table.options.map(({ label }) => label),
    ...table.figures.map(({ label }) => label),
  ];
  const rows = table.rows.map((row) => [
    row.isBaseline ? `**${markdownText(row.name)}** (baseline)` : markdownText(row.name),
    ...row.options.map(markdownText),
    ...row.cells.map(({ text, difference }) => (difference === undefined ? text : `${text} (${difference})`)),
  ]);
  return [
    `# ${markdownText(title)}`,
    '',
    '```',
    ...commandsOf(table),
    '```',
    '',
    `| ${header.map(markdownText).join(' | ')} |`,
    `|${header.map((_, index) => (index <= table.options.length ? ' --- ' : ' ---: ')).join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    note(table),
    '',
    ...said.flatMap((sentence) => [markdownText(sentence), '']),
    ...tables.flatMap(({ title: name, head, rows: lines }) => [
      `${markdownText(name)}:`,
      '',
      `| ${head.map(markdownText).join(' | ')} |`,
      `|${head.map(() => ' --- ').join('|')}|`,
      ...lines.map((line) => `| ${line.map(markdownText).join(' | ')} |`),
      '',
    ]),
    ...pictures.flatMap(({ file, title: name }) => [`![${markdownText(name)}](${file})`, '']),
    '## Analysis',
    '',
    '',
  ].join('\n');
}

/** The same as one HTML file that needs nothing else. */
export async function comparisonHtml({
  title,
  table: given,
  said,
  tables,
  pictures,
}: ComparisonReport): Promise<string> {
  const table = withLastNames(given);
  const images = await Promise.all(
    pictures.map(
      async ({ title: name, png }) =>
        `<figure><img alt="${htmlText(name)}" src="${await dataAddress(png)}"></figure>`,
    ),
  );
  const header = [
    'Run',
    ...table.options.map(({ label }) => label),
    ...table.figures.map(({ label }) => label),
  ];
  const rows = table.rows.map(
    (row) =>
      `<tr${row.isBaseline ? ' class="baseline"' : ''}><th scope="row">${htmlText(row.name)}</th>${row.options
        .map((text) => `<td>${htmlText(text)}</td>`)
        .join('')}${row.cells
        .map((cell) => `<td class="number">${htmlText(cell.text)}${differenceHtml(cell)}</td>`)
        .join('')}</tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${htmlText(title)}</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; max-width: 1300px; margin: 32px auto; padding: 0 16px; color: #1b1f24; }
table { border-collapse: collapse; margin-bottom: 16px; } caption { text-align: left; font-weight: 600; padding: 4px 0; } th, td { padding: 4px 10px; border-bottom: 1px solid #d8dee4; text-align: left; }
.number { text-align: right; font-variant-numeric: tabular-nums; } .better { color: #1a6b3c; } .worse { color: #b3261e; }
.baseline { font-weight: 600; } pre { background: #f5f7f9; padding: 12px; overflow: auto; } img { max-width: 100%; }
</style>
</head>
<body>
<h1>${htmlText(title)}</h1>
<pre>${htmlText(commandsOf(table).join('\n'))}</pre>
<table><thead><tr>${header.map((text) => `<th scope="col">${htmlText(text)}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
<p>${htmlText(note(table))}</p>
${said.map((sentence) => `<p>${htmlText(sentence)}</p>`).join('\n')}
${tables.map(tableHtml).join('\n')}
${images.join('\n')}
<h2>Analysis</h2>
<p></p>
</body>
</html>
`;
}

function tableHtml({ title, head, rows }: TextTable): string {
  const cells = rows.map(
    ([name = '', ...others]) =>
      `<tr><th scope="row">${htmlText(name)}</th>${others.map((text) => `<td>${htmlText(text)}</td>`).join('')}</tr>`,
  );
  return `<table><caption>${htmlText(title)}</caption><thead><tr>${head.map((text) => `<th scope="col">${htmlText(text)}</th>`).join('')}</tr></thead><tbody>
${cells.join('\n')}
</tbody></table>`;
}

/** Of one seed, and of what seeds alone do, a difference has no colour. */
function differenceHtml({ difference, verdict }: ComparedCell): string {
  if (difference === undefined) return '';
  const isTold = verdict === 'better' || verdict === 'worse';
  return ` <span${isTold ? ` class="${verdict}"` : ''}>${htmlText(difference)}</span>`;
}

/** One command a row, which trains every run that its figures are made of. */
function commandsOf(table: ComparisonTable): string[] {
  return table.rows.flatMap(({ counted }) =>
    counted.length === 0 ? [] : [`layerbench train ${trainWords(counted)}`.trimEnd()],
  );
}

/**
 * The words of a command that trains these runs, and no other: with `--training-times` where their model seeds follow
 * each other, which is what that counts up; else one experiment a seed. Folders stand by their last name alone: a
 * report may leave the machine.
 */
export function trainWords(runs: readonly RunRow[]): string {
  const sorted = runs.toSorted(
    (one, other) =>
      one.config.datasetSeed - other.config.datasetSeed || one.config.modelSeed - other.config.modelSeed,
  );
  const [first] = sorted;
  if (first === undefined) return '';
  const isCountedUp = sorted.every(
    ({ config }, index) =>
      config.datasetSeed === first.config.datasetSeed && config.modelSeed === first.config.modelSeed + index,
  );
  if (isCountedUp) {
    return [wordsOf(first), ...(sorted.length > 1 ? [`--training-times=${sorted.length}`] : [])]
      .filter((words) => words !== '')
      .join(' ');
  }
  // An experiment without a word would count for nothing beside others.
  return sorted.map((run) => wordsOf(run) || `--exp-id=${run.config.expId}`).join(' --experiment ');
}

function wordsOf({ config }: RunRow): string {
  return shellWords(commandLine(withoutPaths(config)));
}

/** The same without the paths of folders. */
function withLastNames(table: ComparisonTable): ComparisonTable {
  const isPath = table.options.map(({ option }) => option === 'dataset' || option === 'datasetsPath');
  return {
    ...table,
    rows: table.rows.map((row) => ({
      ...row,
      options: row.options.map((text, index) => (isPath[index] === true ? folderName(text) : text)),
    })),
  };
}

function withoutPaths(config: RunConfig): RunConfig {
  return { ...config, dataset: folderName(config.dataset), datasetsPath: folderName(config.datasetsPath) };
}

function note({ rows, leftOut }: ComparisonTable): string {
  const most = Math.max(0, ...rows.map(({ counted }) => counted.length));
  const base = rows.find(({ isBaseline }) => isBaseline);
  return [
    most > 1
      ? 'Figures with ± are mean and sample standard deviation over the seeds that stand with the name; one seed says nothing of how others would do.'
      : 'Each row is one run with one seed: nothing is said of how other seeds would do.',
    ...(base === undefined
      ? []
      : [
          `Differences are to ${base.name}${most > 1 ? '; in colour stand those whose 95 % interval leaves out 0' : ''}.`,
        ]),
    ...leftOut,
  ].join(' ');
}

/** Text that Markdown shows as it stands. */
function markdownText(text: string): string {
  return htmlText(text)
    .replaceAll(/[\\`*_[\]|#~]/g, (letter) => `\\${letter}`)
    .replaceAll(/\s+/g, ' ');
}

function htmlText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

async function dataAddress(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += 8192)
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return `data:${blob.type};base64,${btoa(binary)}`;
}
