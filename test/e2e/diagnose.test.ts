import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../support/command.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a run is diagnosed by what its images were and what the trained network made of them', async () => {
  const home = temporaryFolder();
  const set = join(home, 'shapes');
  await writeImageFolder(set, { round: 90, square: 30 });
  const small = [`--dataset=${set}`, '--resize=8,8', '--layers=4', '--nbr-epochs=3', '--backend=wasm'];
  const trained = await command(
    [
      'train',
      ...small,
      '--partitions=0.6,0.4,0',
      '--nbr-clones=2',
      '--exp-id=unequal',
      '--experiment',
      ...small,
      '--exp-id=few',
    ],
    { home },
  );
  expect(trained.code).toBe(0);

  const unequal = await command(['diagnose', 'unequal'], { home });
  // 60 % of 90 and of 30, each once, however many clones were trained on; 36 and 12 are asked about.
  expect(unequal.out).toMatch(
    /^The classes are unequal: round has 54 training images, square has 18\. Of their dev images \d+ of 36 and \d+ of 12 are classified rightly\. Accuracy says more of the large ones\.$/m,
  );

  const few = await command(['diagnose', 'few'], { home });
  // 15 % of 90 and of 30, rounded.
  expect(few.out).toMatch(/^The dev part has 1[89] images: .* nothing is said of it here\.$/m);
  expect(few.out).not.toContain('unequal');
});
