/** `npm run bench`: what the product takes against its peers, on this machine, in this run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { textTable } from '../../src-main/cli/text-table.ts';
import { benchAugmentation } from './augmentation.ts';
import type { Comparison, Measured, Report } from './measure.ts';
import { benchLoad } from './load.ts';
import { benchMemory } from './memory.ts';
import { benchPage } from './page.ts';
import { benchPreparation } from './preparation.ts';
import { benchSweep } from './sweep.ts';
import { benchTraining } from './training.ts';

const DEBIAN_PACKAGES = ['python3-torch', 'python3-numpy', 'libopenblas0', 'imagemagick'];

const program = new Command('bench')
  .description(
    'Measures training, preparation, augmentation, a sweep and memory against peers in the same run.',
  )
  .option('--install', "get the peers from Debian's packages first (needs the right to)")
  .option('--json', 'one JSON object on standard output instead of the table')
  .option(
    '--only <text>',
    'what has this text in its name: training, preparation, augmentation, sweep, memory, page, load, 16×16',
  )
  .option('--repetitions <n>', 'times that each is measured, by turns', Number, 5)
  .parse();
const options = program.opts<{ install?: true; json?: true; only?: string; repetitions: number }>();

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function wanted(name: string): boolean {
  return options.only === undefined || name.includes(options.only);
}

if (options.install === true) {
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
const home = mkdtempSync(join(tmpdir(), 'layerbench-bench-'));
const report: Report = { rows: [], leftOut: [], notes: [] };
try {
  say('Training…');
  await benchTraining(report, home, options.repetitions, wanted);
  say('Preparation…');
  await benchPreparation(report, home, options.repetitions, wanted);
  say('Augmentation…');
  await benchAugmentation(report, home, options.repetitions, wanted);
  if (wanted('sweep')) {
    say('Sweep…');
    await benchSweep(report, home, Math.min(3, options.repetitions));
  }
  if (wanted('page')) {
    say('Page…');
    await benchPage(report, home);
  }
  if (wanted('load')) {
    say('Load…');
    await benchLoad(report, home);
  }
  if (wanted('memory')) {
    say('Memory…');
    await benchMemory(report, home);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
const machine = {
  processor: cpus()[0]?.model ?? '',
  cores: cpus().length,
  memoryBytes: totalmem(),
  node: process.version,
};
process.stdout.write(`${options.json === true ? JSON.stringify({ machine, ...report }) : text(report)}\n`);

function text({ rows, leftOut, notes }: Report): string {
  const table = textTable({
    head: ['What', 'Ours', 'Peer', 'Theirs', 'Unit', 'Ratio', 'Target', ''],
    rows: rows.map((row) => [
      row.what,
      range(row.ours),
      row.peer,
      range(row.theirs),
      row.unit,
      row.ratio.toFixed(2),
      row.target === null ? '' : `≤ ${row.target.toFixed(2)}`,
      verdict(row),
    ]),
    align: ['left', 'right', 'left', 'right', 'left', 'right', 'right', 'left'],
  });
  return [
    `${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memoryBytes / 1e9)} GB, Node ${machine.node}. Median (least to most) of repetitions by turns.`,
    '',
    table,
    ...(notes.length === 0 ? [] : ['', ...notes]),
    ...(leftOut.length === 0
      ? []
      : ['', 'Left out:', ...leftOut.map(({ what, why }) => `  ${what}: ${why}`)]),
  ].join('\n');
}

function range({ median, least, most }: Measured): string {
  return `${figure(median)} (${figure(least)}–${figure(most)})`;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function verdict({ ratio, target }: Comparison): string {
  if (target === null) return '';
  return ratio <= target ? 'met' : 'missed';
}
