import { RunConfig } from '../../src-preload/contract/config.ts';
import { prepareSet } from '../../src-main/data/prepare-set.ts';
import { join } from 'node:path';
import { compared, type Report } from './measure.ts';
import { trainOurs } from './training-run.ts';

const CASES = [
  { clones: 10, epochs: 15 },
  { clones: 100, epochs: 5 },
];

/** An epoch with turned and noisy clones against the same number of clones as they are. */
export async function benchAugmentation(
  report: Report,
  home: string,
  repetitions: number,
  wanted: (name: string) => boolean,
): Promise<void> {
  for (const { clones, epochs } of CASES) {
    const what = `augmentation of ${clones} clones, 24×24×3`;
    if (!wanted(what)) continue;
    const plain = RunConfig.parse({
      dataset: 'numbers',
      backend: 'native',
      resize: { width: 24, height: 24 },
      layers: [16],
      maxMinibatchSize: 100_000,
      nbrClones: clones,
      nbrEpochs: epochs,
      displaySamples: 0,
      gradientChecks: 'off',
    });
    const augmented: RunConfig = { ...plain, rotAngle: 20, noiseIntensity: 0.1 };
    const folders = { datasets: join(home, 'datasets'), cache: join(home, 'cache'), cacheMaxBytes: 1e10 };
    const { file } = await prepareSet(plain, folders, process.pid);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let repetition = 0; repetition < repetitions; repetition++) {
      ours.push(await epochTime(augmented, file));
      theirs.push(await epochTime(plain, file));
    }
    report.rows.push(compared(what, 'the same epoch without', 'ms/epoch', ours, theirs, 1.15));
  }
}

async function epochTime(config: RunConfig, file: string): Promise<number> {
  const { milliseconds } = await trainOurs(config, file);
  const timed = milliseconds.slice(2).toSorted((one, other) => one - other);
  return timed[Math.floor(timed.length / 2)] ?? NaN;
}
