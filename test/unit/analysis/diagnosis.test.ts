import { describe, expect, test } from 'vitest';
import { defaultConfig, type RunConfig } from '../../../src-preload/contract/config.ts';
import type { RunEvidence, RunRecord } from '../../../src-preload/contract/run.ts';
import type { ConfusionSnapshot } from '../../../src-preload/contract/snapshot.ts';
import { diagnose } from '../../../src-main/analysis/diagnosis.ts';
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
  readonly confusion?: ConfusionSnapshot;
}

/** Falls fast, then lies flat. */
function settled(epoch: number): number {
  return 0.05 + 2 * Math.exp(-epoch / 4);
}

function found(made: Made): string[] {
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
  const findings = diagnose({
    run,
    trainingLoss: losses,
    devLoss: Array.from({ length: EPOCHS }, (_, index) => devLoss(index + 1)),
    confusion: made.confusion,
  });
  for (const { sentence } of findings) expect(sentence).toMatch(/\d/);
  return findings.map(({ id }) => id);
}

function matrix(...counts: number[]): ConfusionSnapshot {
  return { kind: 'confusion', epoch: EPOCHS, part: 'dev', classes: 3, counts: new Uint32Array(counts) };
}

test('of a run without a fault nothing is said', () => {
  expect(found({ confusion: matrix(66, 1, 0, 1, 65, 1, 0, 1, 65) })).toEqual([]);
});

describe('each fault is found in a run that has it', () => {
  test('a loss that is no number', () => {
    expect(found({ trainingLoss: (epoch) => (epoch < 20 ? settled(epoch) : NaN) })).toEqual(['broke-down']);
  });

  test('steps that are too large: the loss bounces', () => {
    expect(found({ training: 0.95, dev: 0.93, trainingLoss: (epoch) => 0.5 + 0.2 * (epoch % 2) })).toEqual([
      'bouncing-loss',
    ]);
  });

  test('an end that came too early: the loss still falls', () => {
    expect(found({ training: 0.6, dev: 0.58, trainingLoss: (epoch) => 2 - 0.02 * epoch })).toEqual([
      'still-falling',
    ]);
  });

  test('high bias', () => {
    expect(found({ training: 0.7, dev: 0.68 })).toEqual(['high-bias']);
  });

  test('high variance, and more parameters than images can hold in check', () => {
    expect(found({ training: 1, dev: 0.6 })).toEqual(['high-variance']);
    expect(found({ training: 1, dev: 0.6, run: { paramsPerSample: 300 } })).toEqual([
      'high-variance',
      'many-parameters',
    ]);
  });

  test('nothing that carries over', () => {
    expect(found({ training: 1, dev: 0.35, devLoss: () => 3 })).toEqual([
      'nothing-carries-over',
      'high-variance',
    ]);
  });

  test('a best epoch long ago', () => {
    const best = { epoch: 8, training: { loss: 0.3, accuracy: 0.9 }, dev: { loss: 0.2, accuracy: 0.95 } };
    expect(found({ run: { earlyStopEpoch: 18, best } })).toEqual(['stopped-long-ago']);
  });

  test('unequal classes, and a pair that is confused', () => {
    expect(found({ confusion: matrix(120, 0, 0, 1, 39, 0, 0, 0, 40) })).toEqual(['imbalance']);
    expect(found({ confusion: matrix(66, 0, 0, 0, 45, 20, 0, 0, 65) })).toEqual(['confused-pair']);
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
  test('of a dev part that is too small only that is said', () => {
    expect(found({ training: 1, dev: 0.6, devImages: 20 })).toEqual(['dev-too-small']);
  });

  test('a difference within the interval of the dev accuracy is not called variance', () => {
    // 20 of 40 are 50 %, 95 % interval (Wilson) 35.2 to 64.8 %: 62 % lie within it, 75 % do not.
    expect(found({ training: 0.62, dev: 0.5, devImages: 40 })).toEqual(['high-bias']);
    expect(found({ training: 0.75, dev: 0.5, devImages: 40 })).toEqual(['high-bias', 'high-variance']);
  });

  test('of a run without an epoch nothing is said', () => {
    expect(
      diagnose({ run: queuedRun({ id: 'a' }), trainingLoss: [], devLoss: [], confusion: undefined }),
    ).toEqual([]);
  });
});

test('what is advised can be launched as it stands', () => {
  const run = queuedRun({
    id: 'a',
    classes: ['a', 'b'],
    samples: { training: 500, dev: 200, test: 0 },
    epochs: EPOCHS,
    last: { epoch: EPOCHS, training: { loss: 0.01, accuracy: 1 }, dev: { loss: 1, accuracy: 0.6 } },
  });
  const [finding] = diagnose({ run, trainingLoss: [], devLoss: [], confusion: undefined });
  expect(finding?.options).toEqual(['--dropout-rate=0.5']);
});
