import { availableParallelism } from 'node:os';
import { RunConfig } from '../../src-preload/contract/config.ts';
import { prepareSet } from '../../src-main/data/prepare-set.ts';
import { join } from 'node:path';
import { augmentationThreads } from '../../src-main/training/augmentation-ahead.ts';
import { compared, type Report } from './measure.ts';
import { trainOurs } from './training-run.ts';

/** Cores of the library of native, for the processes that are started. */
const CORES = 'TF_NUM_INTRAOP_THREADS';

/** A second of epochs or so: at first the engine still compiles the code that it runs, on the core that is free. */
const CASES = [
  { clones: 10, epochs: 80 },
  { clones: 100, epochs: 12 },
];

/**
 * An epoch with turned and noisy clones against the same number of clones as they are. Augmentation has a core of its
 * own and training all others: so it is held against an epoch on as many cores, one of two being free, and against one
 * on all of them.
 */
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
    const spared = String(Math.max(1, availableParallelism() - augmentationThreads()));
    const [ours, besideFreeCore, onAllCores]: [number[], number[], number[]] = [[], [], []];
    for (let repetition = 0; repetition < repetitions; repetition++) {
      ours.push(await epochTime(augmented, file));
      besideFreeCore.push(await epochTime(plain, file, spared));
      onAllCores.push(await epochTime(plain, file));
    }
    report.rows.push(
      compared(what, 'the same epoch without, a core free', 'ms/epoch', ours, besideFreeCore, 1.15),
      compared(what, 'the same epoch without, on all cores', 'ms/epoch', ours, onAllCores, null),
    );
  }
}

async function epochTime(config: RunConfig, file: string, cores?: string): Promise<number> {
  if (cores !== undefined) process.env[CORES] = cores;
  try {
    const { milliseconds } = await trainOurs(config, file);
    const timed = milliseconds.slice(2).toSorted((one, other) => one - other);
    return timed[Math.floor(timed.length / 2)] ?? NaN;
  } finally {
    if (cores !== undefined) Reflect.deleteProperty(process.env, CORES);
  }
}
