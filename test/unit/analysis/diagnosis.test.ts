import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  configDifferences,
  contradictions,
  defaultConfig,
  type OptionKey,
  type RunConfig,
} from '../../../src-preload/contract/config.ts';
import type { Finding } from '../../../src-preload/contract/diagnosis.ts';
import type { RunEvidence, RunRecord } from '../../../src-preload/contract/run.ts';
import type { ConfusionMatrix } from '../../../src-preload/contract/snapshot.ts';
import { diagnose } from '../../../src-main/analysis/diagnosis.ts';
import { configOf } from '../../support/config-of-options.ts';
import { queuedRun } from '../../support/store/run-records.ts';

const EPOCHS = 50;

interface Made {
  readonly training?: number;
  readonly dev?: number;
  readonly devImages?: number;
  readonly config?: Partial<RunConfig>;
  readonly run?: Partial<RunRecord>;
  readonly trainingLoss?: (epoch: number) => number;
  readonly devLoss?: (epoch: number) => number;
  readonly confusion?: ConfusionMatrix;
}

/** Falls fast, then lies flat. */
function settled(epoch: number): number {
  return 0.05 + 2 * Math.exp(-epoch / 4);
}

function found(made: Made): string[] {
  return findings(made).map(({ id }) => id);
}

function findings(made: Made): Finding[] {
  const { training = 0.99, dev = 0.97, devImages = 200, trainingLoss = settled, devLoss = settled } = made;
  const losses = Array.from({ length: EPOCHS }, (_, index) => trainingLoss(index + 1));
  const run = queuedRun({
    id: 'a',
    status: 'finished',
    config: { ...defaultConfig(), nbrEpochs: EPOCHS, resize: { width: 16, height: 16 }, ...made.config },
    classes: ['cat', 'dog', 'owl'],
    samples: { training: 1000, dev: devImages, test: 0 },
    paramsPerSample: 4,
    epochs: EPOCHS,
    last: {
      epoch: EPOCHS,
      training: { loss: losses.at(-1) ?? NaN, accuracy: training },
      dev: { loss: devLoss(EPOCHS), accuracy: dev },
    },
    best: { epoch: EPOCHS, training: { loss: 0.1, accuracy: training }, dev: { loss: 0.1, accuracy: dev } },
    ...made.run,
  });
  const all = diagnose({
    run,
    trainingLoss: losses,
    devLoss: Array.from({ length: EPOCHS }, (_, index) => devLoss(index + 1)),
    confusion: { training: undefined, dev: made.confusion },
  });
  for (const { sentence } of all) expect(sentence).toMatch(/\d/);
  return all;
}

function matrix(...counts: number[]): ConfusionMatrix {
  const classes = Math.sqrt(counts.length);
  return { kind: 'final-confusion', epoch: EPOCHS, part: 'dev', classes, counts: new Uint32Array(counts) };
}

test('of a run without a fault nothing is said', () => {
  expect(found({ confusion: matrix(66, 1, 0, 1, 65, 1, 0, 1, 65) })).toEqual([]);
});

describe('what is said is what was measured', () => {
  test('of a loss that falls, by how much, whatever is made of it', () => {
    // From 1 in the middle to 0.953 at the end: 4.7 % over the last fifth.
    const [bias] = findings({
      training: 0.7,
      dev: 0.68,
      trainingLoss: (epoch) => (epoch < 40 ? 3 - epoch / 20 : 1 - (0.047 * (epoch - 40)) / 10),
    });
    expect(bias?.id).toBe('high-bias');
    expect(bias?.sentence).toMatch(/the training loss fell by 4\.7 % over the last 10 of 50 epochs\.$/);
    const rising = findings({ training: 0.7, dev: 0.68, trainingLoss: (epoch) => 1 + epoch / 1000 });
    expect(rising[0]?.sentence).toContain('the training loss rose by 1.0 % over');
    const flat = findings({ training: 0.7, dev: 0.68, trainingLoss: () => 1 });
    expect(flat[0]?.sentence).toContain('the training loss changed by less than 0.1 % over');
  });

  test('the trained network is judged, not what dropout left of it while it was trained', () => {
    const final = { training: { loss: 0.1, accuracy: 0.99 }, dev: { loss: 0.1, accuracy: 0.97 } };
    expect(found({ training: 0.7, dev: 0.97, run: { final } })).toEqual([]);
    const [bias] = findings({ training: 0.7, dev: 0.68 });
    expect(bias?.sentence).toContain('in epoch 50, as they were trained on (with dropout and augmentation');
  });

  test('what a run had come to before it went on and was interrupted does not count', () => {
    const final = { training: { loss: 2, accuracy: 0.2 }, dev: { loss: 2, accuracy: 0.2 } };
    expect(found({ run: { final, status: 'interrupted' } })).toEqual([]);
  });

  test('a loss that is no number, from its first epoch on', () => {
    const [broken] = findings({ trainingLoss: (epoch) => (epoch < 20 ? settled(epoch) : NaN) });
    expect(broken?.sentence).toContain('from epoch 20 on');
  });

  test('a loss that bounces by next to nothing does not matter', () => {
    expect(found({ training: 0.95, dev: 0.93, trainingLoss: (epoch) => 0.5 + 0.2 * (epoch % 2) })).toEqual([
      'bouncing-loss',
    ]);
    expect(found({ training: 0.95, dev: 0.93, trainingLoss: (epoch) => 0.01 + 0.005 * (epoch % 2) })).toEqual(
      [],
    );
  });

  test('nothing carries over where dev is no better than guessing, and not where it is', () => {
    expect(found({ training: 1, dev: 0.35, devLoss: () => 3 })).toEqual([
      'nothing-carries-over',
      'high-variance',
    ]);
    expect(found({ training: 1, dev: 0.55, devLoss: () => 3 })).toEqual(['high-variance']);
  });

  test('a best epoch long ago, where the dev loss has risen since by more than a little', () => {
    const best = { epoch: 8, training: { loss: 0.3, accuracy: 0.9 }, dev: { loss: 0.2, accuracy: 0.95 } };
    const run = { earlyStopEpoch: 18, best };
    expect(found({ run, devLoss: (epoch) => 0.2 + epoch / 100 })).toEqual(['stopped-long-ago']);
    expect(found({ run, devLoss: () => 0.205 })).toEqual([]);
  });

  test('a pair is confused where wrong images go there more than anywhere', () => {
    expect(found({ confusion: matrix(66, 0, 0, 0, 45, 20, 0, 0, 65) })).toEqual(['confused-pair']);
    // Everything is taken for the first class: no pair.
    expect(found({ confusion: matrix(66, 0, 0, 60, 5, 0, 60, 0, 5) })).toEqual([]);
    // As many as go elsewhere.
    expect(found({ confusion: matrix(45, 10, 10, 10, 45, 10, 10, 10, 45) })).toEqual([]);
    // Of two classes there is no other that it could be.
    expect(found({ confusion: matrix(66, 0, 20, 45) })).toEqual([]);
  });
});

describe('what the training process saw at its end', () => {
  function evidence(changes: Partial<RunEvidence>): Pick<RunRecord, 'evidence'> {
    return { evidence: { units: [], looks: null, ...changes } };
  }
  function look(detail: number) {
    const moments = { mean: 0.5, sd: 0.1 };
    return { images: 200, brightness: moments, contrast: moments, detail: { mean: detail, sd: 0.02 } };
  }
  function layer(states: { readonly dead?: number; readonly saturated?: number }) {
    return { layer: 'L3_Relu', units: 10, images: 512, dead: 0, saturated: 0, ...states };
  }

  test('dead units, where they are more than a few', () => {
    const config = { activation: 'relu' } as const;
    expect(found({ config, run: evidence({ units: [layer({ dead: 4 })] }) })).toEqual(['dead-units']);
    expect(found({ config, run: evidence({ units: [layer({ dead: 1 })] }) })).toEqual([]);
    // Where all is learnt they are in nobody's way.
    const [harmless] = findings({ config, training: 0.99, run: evidence({ units: [layer({ dead: 4 })] }) });
    expect(harmless?.severity).toBe('note');
    const harmful = findings({
      config,
      training: 0.95,
      dev: 0.93,
      run: evidence({ units: [layer({ dead: 4 })] }),
    });
    expect(harmful[0]?.severity).toBe('warning');
  });

  test('saturated units', () => {
    const config = { activation: 'tanh', batchNorm: false } as const;
    expect(found({ config, run: evidence({ units: [layer({ saturated: 7 })] }) })).toEqual([
      'saturated-units',
    ]);
  });

  test('dev images that look other than those trained on, where dev is worse; not by a little, and not where it does no harm', () => {
    const apart = evidence({ looks: { training: look(0.12), dev: look(0.05) } });
    expect(found({ training: 1, dev: 0.6, run: apart })).toEqual(['high-variance', 'drawn-differently']);
    expect(found({ run: apart })).toEqual([]);
    const alike = evidence({ looks: { training: look(0.055), dev: look(0.05) } });
    expect(found({ training: 1, dev: 0.6, run: alike })).toEqual(['high-variance']);
  });
});

describe('no advice without evidence', () => {
  test('of a dev part that is too small only that is said, and a share that is not', () => {
    const [small] = findings({ training: 1, dev: 0.6, devImages: 20 });
    expect(small?.id).toBe('dev-too-small');
    expect(small?.advice).toMatch(/add images/i);
    const samples = { training: 140, dev: 30, test: 30 };
    const [larger] = findings({ training: 1, dev: 0.6, devImages: 30, run: { samples } });
    // 50 of 200.
    expect(larger?.options).toContain('--partitions=training:0.6,dev:0.25,test:0.15');
  });

  test('of a dev part that has not been asked about only that is said', () => {
    const last = { epoch: EPOCHS, training: { loss: 1, accuracy: 0.5 }, dev: null };
    const [unasked] = findings({ config: { evalDev: false }, run: { last, final: null } });
    expect(unasked?.sentence).toContain('None of the 200 dev images has been asked about yet');
    expect(unasked?.options).not.toContain('--eval-dev=false');
  });

  test('a difference within the interval of the dev accuracy is not called variance', () => {
    // 20 of 40 are 50 %, 95 % interval (Wilson) 35.2 to 64.8 %: that of 62 % of 1,000 lies within it, of 75 % not.
    expect(found({ training: 0.62, dev: 0.5, devImages: 40 })).toEqual(['high-bias']);
    expect(found({ training: 0.75, dev: 0.5, devImages: 40 })).toEqual(['high-bias', 'high-variance']);
  });

  test('of a run without an epoch nothing is said', () => {
    expect(
      diagnose({
        run: queuedRun({ id: 'a' }),
        trainingLoss: [],
        devLoss: [],
        confusion: { training: undefined, dev: undefined },
      }),
    ).toEqual([]);
  });
});

test('what is advised is another run, whatever the run was: nothing of it is without effect', () => {
  const faults: Made[] = [
    { training: 0.6, dev: 0.58 },
    { training: 1, dev: 0.5, run: { paramsPerSample: 100, inputShape: [16, 16, 3] } },
    { training: 0.6, dev: 0.58, trainingLoss: (epoch) => 2 - 0.02 * epoch },
    { training: 0.6, dev: 0.58, trainingLoss: (epoch) => 2 - 0.0002 * epoch },
    { training: 0.9, dev: 0.88, trainingLoss: (epoch) => 0.5 + 0.2 * (epoch % 2) },
    { trainingLoss: () => NaN },
    { training: 1, dev: 0.5, devImages: 20 },
  ];
  const ofHiddenLayers: OptionKey[] = ['layers', 'activation', 'batchNorm', 'batchNormEval', 'dropoutRate'];
  let advised = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...faults),
      fc.record({
        model: fc.constantFrom('OneLayer' as const, 'NLayers' as const),
        layers: fc.constantFrom([], [1], [100], [100_000], [1, 1]),
        activation: fc.constantFrom(...(['relu', 'leaky-relu', 'tanh'] as const)),
        dropoutRate: fc.constantFrom(0, 0.5),
        weightDecay: fc.constantFrom(0, 0.001, 100),
        rotAngle: fc.constantFrom(0, 15),
        noiseIntensity: fc.constantFrom(0, 0.5),
        nbrClones: fc.constantFrom(1, 5),
        nbrEpochs: fc.constantFrom(5, 100, 1_000_000),
        learningRate: fc.constantFrom(1e-7, 0.001, 100),
        resize: fc.constantFrom(
          { width: 1, height: 1 },
          { width: 16, height: 16 },
          { width: 110, height: 8 },
        ),
        grayscale: fc.boolean(),
        minmaxNormalize: fc.boolean(),
      }),
      (made, changes) => {
        const config: RunConfig = { ...defaultConfig(), ...changes };
        const plain = defaultConfig();
        for (const { options: given } of findings({ ...made, config: { ...changes } })) {
          if (given === null) continue;
          const next = configOf(given);
          const differing = configDifferences([config, next]).map(({ key }) => key);
          expect(
            differing.filter((key) => next.model === 'NLayers' || !ofHiddenLayers.includes(key)),
          ).not.toEqual([]);
          const set = configDifferences([plain, next]).map(({ key }) => key);
          expect(contradictions(next, new Set(set))).toEqual([]);
          advised++;
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(advised).toBeGreaterThan(1000);
});
