import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { command, jsonLines } from '../support/command.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a run is asked whether more images would help, what its pieces are worth, and a sweep what its best reaches', async () => {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 40, square: 40 });
  const small = [`--dataset=${set}`, '--resize=8,8', '--layers=4', '--nbr-epochs=3', '--backend=native'];
  await command(['train', ...small, '--grayscale', '--exp-id=base'], { home });

  const curve = await command(['learning-curve', 'base', '--sizes=3', '--seeds=2', '--json'], { home });
  expect(curve.code).toBe(0);
  const sizes = jsonLines(curve.out).map((line) => RunRecord.parse(line));
  // 28 training images of each of two classes: a quarter is 7, a half 14.
  expect(sizes.map(({ samples, config }) => [samples?.training, samples?.dev, config.modelSeed])).toEqual([
    [14, 12, 0],
    [14, 12, 1],
    [28, 12, 0],
    [28, 12, 1],
    [56, 12, 0],
    [56, 12, 1],
  ]);
  expect(curve.err).toMatch(/Seeds alone spread dev accuracy by .*(Yes, if|No: from|It cannot be told)/s);

  const ablation = await command(['ablate', 'base', '--seeds=1', '--json'], { home });
  expect(ablation.code).toBe(0);
  expect(jsonLines(ablation.out).map((line) => RunRecord.parse(line).name)).toEqual([
    'base',
    'base without grayscale',
  ]);

  const few = await command(['best', sizes[0]?.id ?? '', sizes[2]?.id ?? ''], { home });
  expect(few.code).toBe(2);
  expect(few.err).toContain('best takes runs of three experiments or more');
  const best = await command(['best', ...sizes.map(({ id }) => id), '--seeds=2', '--json'], { home });
  expect(best.code).toBe(2);
  await command(
    [
      'train',
      ...small,
      '--exp-id=r1',
      '--learning-rate=0.1',
      '--experiment',
      ...small,
      '--exp-id=r2',
      '--experiment',
      ...small,
      '--exp-id=r3',
      '--optimizer=Constant',
    ],
    { home },
  );
  const again = await command(['best', 'r1', 'r2', 'r3', '--seeds=2', '--json'], { home });
  expect(again.code).toBe(0);
  expect(
    jsonLines(again.out)
      .map((line) => RunRecord.parse(line))
      .map(({ tags, config }) => [tags, config.modelSeed]),
  ).toEqual([
    [['measured again'], 1],
    [['measured again'], 2],
  ]);
  expect(again.err.replaceAll(/\s+/g, ' ')).toMatch(/is the highest of 3 .* with 2 fresh seeds it reaches/);
});
