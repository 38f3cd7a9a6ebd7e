import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ExperimentFindings, RunSetAnalysis } from '../../src-preload/contract/analysis.ts';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a configuration with its seeds is listed, compared, judged, drawn and ablated as one thing', async () => {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 20, square: 20 });
  const small = [`--dataset=${set}`, '--resize=8,8', '--nbr-epochs=2', '--backend=native'];
  async function told(...args: string[]): Promise<string> {
    const { code, out, err } = await command(args, { home });
    expect(code, err).toBe(0);
    return out;
  }
  // The names end in numbers that their user gave.
  const trained = await told(
    ...['train', ...small, '--layers=4', '--grayscale', '--exp-id=size_4', '--training-times=2'],
    ...['--experiment', ...small, '--layers=8', '--exp-id=size_8'],
  );
  expect(trained).toMatch(/^size_4_0 .*\nsize_4_1 .*\nsize_8 .*\nsize_4 \(2 seeds\) /m);
  await told('rerun', 'size_4_0');
  const runs = jsonLines(await told('runs', '--json')).map((line) => RunRecord.parse(line));
  const ids = runs.map(({ id }) => id);
  expect(ids).toHaveLength(4);

  const listed = await command(['runs', '--by-experiment'], { home });
  expect(listed.out).toMatch(/^size_4 +2 seeds .*%.*\nsize_8 +one seed /m);
  expect(listed.err).toContain('1 run of the same configuration and seed is left out');

  const compared = await told('compare', ...ids);
  expect(compared).toMatch(/^size_4 \(2 seeds\) .*\nsize_8 \(one seed\) /m);
  expect(compared).toMatch(/Dev accuracy, held against size_\d:/);
  const each = await told('compare', ...ids, '--each-run');
  for (const { id, name } of runs) expect(each).toContain(name === 'size_4_0' ? `size_4_0 ${id}` : name);
  const json = JSON.parse(await told('compare', ...ids, '--json', '--figure=dev.loss')) as Record<
    string,
    unknown
  >;
  const analysis = RunSetAnalysis.parse(json.analysis);
  expect([analysis.figure, analysis.experiments.map((one) => one.runs.length).toSorted()]).toEqual([
    'dev.loss',
    [1, 2],
  ]);
  expect(ExperimentFindings.array().parse(json.findings)).toHaveLength(2);

  expect(await told('diagnose', ...ids)).toMatch(/^size_4 \(2 seeds\)\n[\s\S]*^size_8 \(one seed\)\n/m);

  const csv = join(home, 'loss.csv');
  await told('export', ...ids, '--chart=loss', `--out=${csv}`);
  const rows = (await readFile(csv, 'utf8')).trim().split('\n');
  expect(rows[0]).toBe(
    'experiment,epoch,training.loss mean,training.loss sd,training.loss seeds,dev.loss mean,dev.loss sd,dev.loss seeds',
  );
  expect(rows.slice(1).map((row) => row.split(',').slice(0, 2))).toEqual([
    ['size_4 (2 seeds)', '1'],
    ['size_4 (2 seeds)', '2'],
    ['size_8 (one seed)', '1'],
    ['size_8 (one seed)', '2'],
  ]);
  await told('export', ...ids, '--chart=loss', `--out=${csv}`, '--each-run');
  expect((await readFile(csv, 'utf8')).trim().split('\n')).toHaveLength(1 + 4 * 2);
  const svg = join(home, 'accuracy.svg');
  await told('export', ...ids, '--chart=accuracy', `--out=${svg}`);
  const drawn = await readFile(svg, 'utf8');
  expect(drawn).toContain('size_4 (2 seeds)');
  expect(drawn).toContain('over seeds the mean with its 95 % interval');

  const ablation = await told('ablate', 'size_4_0', '--seeds=2', '--figure=dev.loss');
  expect(ablation.replaceAll(/\s+/g, ' ')).toMatch(
    /What each piece contributes to the dev loss of size_4, .* \(2 seeds\): without − whole; above 0 is for the better\. .*Contribution.* Grayscale (true → false )?2 /,
  );
});
