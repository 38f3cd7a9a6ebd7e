import { compared, type Report } from './measure.ts';
import { PYTHON, trainPeer } from './peer-run.ts';
import { runs } from './measure.ts';
import { stageCase, TRAINING_CASES, WARM_EPOCHS } from './training-case.ts';
import { trainOurs, type TrainingFigures } from './training-run.ts';

/** Epochs after which the losses have to be the same. */
const CHECKED_EPOCHS = 10;

/** Losses may differ by this share: float32 sums in another order, carried on over the epochs. */
const LOSS_TOLERANCE = 0.02;

/** What the ratios should be at most, by side and peer. */
const TARGETS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  16: { pytorch: 1, numpy: 1.5 },
  32: { pytorch: 0.9, numpy: 1.2 },
  110: { pytorch: 0.8, numpy: 0.9 },
};

const PEERS = [
  {
    key: 'pytorch',
    script: 'pytorch.py',
    module: 'torch',
    why: 'python3-torch is not there: npm run bench -- --install gets it.',
  },
  {
    key: 'numpy',
    script: 'numpy_network.py',
    module: 'numpy',
    why: 'python3-numpy is not there: npm run bench -- --install gets it.',
  },
  { key: 'model.fit', script: 'model-fit.ts', module: null, why: '' },
] as const;

/** Epochs of ours against those of the peers: the same network, images, first weights and optimizer. */
export async function benchTraining(
  report: Report,
  home: string,
  repetitions: number,
  wanted: (name: string) => boolean,
): Promise<void> {
  const peers = PEERS.filter(({ module, key, why }) => {
    const there = module === null || runs(PYTHON, '-c', `import ${module}`);
    if (!there) report.leftOut.push({ what: `training against ${key}`, why });
    return there;
  });
  for (const one of TRAINING_CASES.filter(({ name }) => wanted(`training ${name}`))) {
    const staged = await stageCase(one, home);
    const ours: TrainingFigures[] = [];
    const theirs = new Map<string, TrainingFigures[]>();
    for (let repetition = 0; repetition < repetitions; repetition++) {
      ours.push(await trainOurs(staged.config, staged.preparedFile));
      for (const { key, script } of peers) {
        const figures = await trainPeer(script, staged.folder);
        theirs.set(key, [...(theirs.get(key) ?? []), figures]);
      }
    }
    for (const { key } of peers) {
      const figures = theirs.get(key) ?? [];
      report.rows.push(
        compared(
          `training ${one.name}`,
          figures[0]?.library ?? key,
          'ms/epoch',
          ours.map((run) => epochTime(run)),
          figures.map((run) => epochTime(run)),
          TARGETS[one.side]?.[key] ?? null,
        ),
      );
      // model.fit draws the order of its minibatches itself.
      if (key === 'model.fit' && one.batch !== Infinity) continue;
      const apart = lossesApart(ours[0], figures[0]);
      if (apart > LOSS_TOLERANCE) {
        report.notes.push(
          `${one.name}: the loss of ${key} is ${(100 * apart).toFixed(1)} % from ours within ${CHECKED_EPOCHS} epochs: it does not do the same work.`,
        );
      }
    }
    const peak = Math.max(...ours.map(({ peakBytes }) => peakBytes));
    report.notes.push(
      `${one.name}: peak memory ${[['ours', peak] as const, ...peers.map(({ key }) => [key, Math.max(...(theirs.get(key) ?? []).map(({ peakBytes }) => peakBytes))] as const)].map(([name, bytes]) => `${name} ${Math.round(bytes / 1e6)} MB`).join(', ')}`,
    );
  }
}

function epochTime({ milliseconds }: TrainingFigures): number {
  const timed = milliseconds.slice(WARM_EPOCHS).toSorted((one, other) => one - other);
  return timed[Math.floor(timed.length / 2)] ?? NaN;
}

function lossesApart(ours: TrainingFigures | undefined, theirs: TrainingFigures | undefined): number {
  const shares = Array.from({ length: CHECKED_EPOCHS }, (_, epoch) => {
    const [own, other] = [ours?.losses[epoch] ?? NaN, theirs?.losses[epoch] ?? NaN];
    return Math.abs(own - other) / other;
  });
  return Math.max(...shares);
}
