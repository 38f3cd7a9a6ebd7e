import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compared, type Report } from './measure.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '../../out/main/cli.js');
const RUNS = 20;
const OPTIONS = [
  ...['--dataset=numbers', '--model=NLayers', '--optimizer=Adam', '--backend=native', '--nbr-epochs=20'],
  ...[
    '--trim=true',
    '--grayscale=true',
    '--minmax-normalize=true',
    '--adaptive-invert=true',
    '--resize=16,16',
  ],
  ...['--layers=16', '--json'],
];

/** Runs over one preparation against as many that each prepare for themselves. */
export async function benchSweep(report: Report, home: string, repetitions: number): Promise<void> {
  const [together, apart]: [number[], number[]] = [[], []];
  await train(join(home, 'drawn'), OPTIONS);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    together.push(await train(join(home, `sweep-${repetition}`), [...OPTIONS, `--training-times=${RUNS}`]));
    apart.push(RUNS * (await train(join(home, `alone-${repetition}`), OPTIONS)));
  }
  report.rows.push(
    compared(
      `sweep of ${RUNS} runs, K's network, 20 epochs`,
      `${RUNS} × one by itself, drawing and preparing`,
      'ms',
      together,
      apart,
      null,
    ),
  );
}

async function train(home: string, options: readonly string[]): Promise<number> {
  const begun = performance.now();
  await run(process.execPath, [CLI, 'train', ...options], {
    env: { ...process.env, LAYERBENCH_HOME: home },
    maxBuffer: 1e8,
  });
  return performance.now() - begun;
}
