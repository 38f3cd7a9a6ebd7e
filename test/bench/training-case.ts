import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunConfig } from '../../src-preload/contract/config.ts';
import { prepareSet } from '../../src-main/data/prepare-set.ts';
import { readPrepared } from '../../src-main/data/prepared.ts';
import { networkDefinition, seededValues } from '../../src-main/training/network/network.ts';
import { randomStream, shuffledIndexes } from '../../src-main/training/random.ts';

/** A network and the images it is trained on. */
export interface TrainingCase {
  readonly name: string;
  /** Width and height in pixels. */
  readonly side: number;
  readonly grayscale: boolean;
  readonly units: number;
  /** Images of a minibatch; `Infinity` for all in one. */
  readonly batch: number;
  /** Epochs that are timed, after those that warm up. */
  readonly epochs: number;
}

/** Epochs before the clock counts. */
export const WARM_EPOCHS = 5;

/** As many epochs as take well over the 200 ms or so for which an engine still compiles the code that it runs. */
const SIZES = [
  { side: 16, grayscale: true, units: 16, epochs: 1000 },
  { side: 32, grayscale: false, units: 100, epochs: 150 },
  { side: 110, grayscale: false, units: 100, epochs: 15 },
];

export const TRAINING_CASES: readonly TrainingCase[] = SIZES.flatMap((size) =>
  [Infinity, 100].map((batch) => ({
    ...size,
    batch,
    name: `${size.side}×${size.side}×${size.grayscale ? 1 : 3}, units ${size.units}, ${batch === Infinity ? 'full batch' : `batch ${batch}`}`,
  })),
);

/** The case as a run of ours. */
export function configOf(one: TrainingCase): RunConfig {
  return RunConfig.parse({
    dataset: 'numbers',
    model: 'NLayers',
    optimizer: 'Adam',
    backend: 'native',
    resize: { width: one.side, height: one.side },
    grayscale: one.grayscale,
    trim: true,
    minmaxNormalize: true,
    adaptiveInvert: true,
    layers: [one.units],
    learningRate: 0.001,
    maxMinibatchSize: Math.min(one.batch, 100_000),
    nbrEpochs: WARM_EPOCHS + one.epochs,
    displaySamples: 0,
    gradientChecks: 'off',
  });
}

/** A case on disk: what our training process reads, and the same numbers as files that a peer can read. */
export interface StagedCase {
  readonly config: RunConfig;
  readonly preparedFile: string;
  readonly folder: string;
}

/** Prepares the built-in numbers for a case and writes data, first weights and batch order for the peers. */
export async function stageCase(one: TrainingCase, home: string): Promise<StagedCase> {
  const config = configOf(one);
  const folders = {
    datasets: join(home, 'datasets'),
    cache: join(home, 'cache'),
    cacheMaxBytes: 1e10,
  };
  const { file } = await prepareSet(config, folders, process.pid);
  const { parts, inputShape, classes } = await readPrepared(file);
  const folder = join(home, `${one.side}-${one.batch}`);
  await mkdir(folder, { recursive: true });
  const definition = networkDefinition(config, inputShape, classes.length);
  const initial = seededValues(config.modelSeed);
  const weights: number[][] = [];
  for (const [index, layer] of definition.layers.entries()) {
    for (const parameter of layer.parameters.filter(({ shape }) => shape.length === 2)) {
      const values = initial(`L${index}_${layer.kind}_${parameter.suffix}`, parameter);
      await writeFile(join(folder, `weights-${weights.length}.f32`), values);
      weights.push([...parameter.shape]);
    }
  }
  for (const part of ['training', 'dev'] as const) {
    const { pixels, labels } = parts[part];
    await writeFile(
      join(folder, `${part}.f32`),
      Float32Array.from(pixels, (value) => value / 255),
    );
    await writeFile(join(folder, `${part}.i32`), labels);
  }
  const { count } = parts.training;
  const order = new Int32Array(config.nbrEpochs * count);
  for (let epoch = 0; epoch < config.nbrEpochs; epoch++) {
    const rows =
      one.batch >= count
        ? Int32Array.from({ length: count }, (_, row) => row)
        : shuffledIndexes(count, randomStream(config.datasetSeed, 'order', epoch + 1));
    order.set(rows, epoch * count);
  }
  await writeFile(join(folder, 'order.i32'), order);
  await writeFile(
    join(folder, 'case.json'),
    JSON.stringify({
      features: inputShape.reduce((product, side) => product * side, 1),
      classes: classes.length,
      weights,
      batch: Math.min(one.batch, count),
      learningRate: config.learningRate,
    }),
  );
  return { config, preparedFile: file, folder };
}
