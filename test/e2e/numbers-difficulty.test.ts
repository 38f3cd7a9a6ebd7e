import { expect, test } from 'vitest';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { RECIPES } from '../../src-main/study/recipes.ts';
import { command, jsonLines } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Seeds of each network. With several the wide one is trained to its end as well, which takes a minute each. */
const SEEDS = Number(process.env['LAYERBENCH_NUMBERS_SEEDS'] ?? 1);

/** How far accuracies may lie from those of the study, in shares of 1. */
const WITHIN = 0.15;

const experiments = RECIPES.flatMap((recipe) => recipe.experiments);

function experiment(id: string) {
  const found = experiments.find((one) => one.id === id);
  if (found === undefined) throw new Error(`The study has no ${id}.`);
  return found;
}

/** After 50 epochs the study's wide network, F, is at 95 % and 15 %; at its end at 100 % and 15 %. */
const wide = SEEDS > 1 ? { epochs: 100, training: 1, dev: 0.15 } : { epochs: 50, training: 0.95, dev: 0.15 };

test(
  'the drawn numbers are as hard as those of the study for three networks without regularization',
  { timeout: 1_800_000 * SEEDS },
  async () => {
    const seeds = `--training-times=${SEEDS}`;
    const trained = await command(
      [
        'train',
        ...`${experiment('C').options} --exp-id=C --backend=native ${seeds}`.split(' '),
        '--experiment',
        ...`${experiment('F').options} --exp-id=F --backend=native --nbr-epochs=${wide.epochs} ${seeds}`.split(
          ' ',
        ),
        '--experiment',
        ...`${experiment('K').options} --exp-id=K --backend=native ${seeds}`.split(' '),
        '--json',
      ],
      { home: temporaryFolder() },
    );
    expect(trained.code).toBe(0);
    const runs = jsonLines(trained.out).map((line) => RunRecord.parse(line));
    expect(runs).toHaveLength(3 * SEEDS);
    // The study's own counts.
    expect(runs[0]?.samples).toMatchObject({ training: 593, dev: 132 });

    const [c, f, k] = ['C', 'F', 'K'].map((id) => {
      const own = runs.filter(({ name }) => name.startsWith(id));
      return {
        training: own.reduce((sum, { last }) => sum + (last?.training.accuracy ?? NaN), 0) / own.length,
        dev: own.reduce((sum, { last }) => sum + (last?.dev?.accuracy ?? NaN), 0) / own.length,
      };
    });
    // 73 % and 31 %.
    expect(Math.abs((c?.training ?? NaN) - (experiment('C').reference?.training ?? NaN))).toBeLessThan(
      WITHIN,
    );
    expect(Math.abs((c?.dev ?? NaN) - (experiment('C').reference?.dev ?? NaN))).toBeLessThan(WITHIN);
    expect(Math.abs((f?.training ?? NaN) - wide.training)).toBeLessThan(WITHIN);
    expect(Math.abs((f?.dev ?? NaN) - wide.dev)).toBeLessThan(WITHIN);
    // Both above 95 %, less than 5 points apart.
    expect(k?.training).toBeGreaterThan(0.95);
    expect(k?.dev).toBeGreaterThan(0.95);
    expect((k?.training ?? NaN) - (k?.dev ?? NaN)).toBeLessThan(0.05);
  },
);
