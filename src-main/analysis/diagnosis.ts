import { commandLine, type RunConfig } from '../../src-preload/contract/config.ts';
import type { Finding } from '../../src-preload/contract/diagnosis.ts';
import type { RunRecord, UnitStates } from '../../src-preload/contract/run.ts';
import type { ConfusionMatrix } from '../../src-preload/contract/snapshot.ts';
import { median } from './median.ts';
import { holm, welchOfMoments, wilsonInterval } from './statistics.ts';

/** All that a diagnosis rests on. */
export interface DiagnosedRun {
  readonly run: RunRecord;
  /** By epoch, from the first; empty where nothing was kept. */
  readonly trainingLoss: readonly number[];
  readonly devLoss: readonly number[];
  /** Of the dev part, of the last epoch. */
  readonly confusion: ConfusionMatrix | undefined;
}

/** Dev images below which an accuracy says too little: its 95 % interval (Wilson) is then some 15 points wide on each side. */
const LEAST_DEV = 40;

/** Shares of 1 from which bias and variance are called high. */
const HIGH_BIAS = 0.1;
const HIGH_VARIANCE = 0.1;

/** The rule of thumb for parameters for each training image. */
const MANY_PARAMETERS = 10;

/** Epochs that the shape of a curve can be told from. */
const LEAST_EPOCHS = 10;

/** A difference of means from which on it is called large, in standard deviations (J. Cohen, 1988), and how sure. */
const LARGE_EFFECT = 0.8;
const SURE = 0.001;

/** The share of a layer's units from which on it matters that they do nothing. */
const IDLE_UNITS = 0.2;

/** Over the last fifth of the epochs: the share by which a loss that still falls steadily has fallen. */
const FALLING = 0.05;
const STEADY = 0.8;

/** A loss bounces that rises in so many of the steps of its second half, by so much of itself in the median. */
const RISING_STEPS = 0.35;
const RISE = 0.05;

/**
 * What holds a run back, the gravest first, each with the figures that it rests on. Nothing is said without them: of a
 * run that has no fault nothing at all, and of one whose dev part is too small to tell only that.
 */
export function diagnose({ run, trainingLoss, devLoss, confusion }: DiagnosedRun): Finding[] {
  const { last, samples, config } = run;
  if (last === null || samples === null) return [];
  const broken = trainingLoss.findIndex((loss) => !Number.isFinite(loss));
  if (broken >= 0) {
    return [
      {
        id: 'broke-down',
        severity: 'warning',
        sentence: `The training loss is no finite number from epoch ${broken + 1} on: steps were too large to come back from.`,
        advice: `Try a tenth of the learning rate: ${rounded(config.learningRate / 10)}.`,
        options: changed(config, { learningRate: rounded(config.learningRate / 10) }),
      },
    ];
  }
  const shape = shapeFindings(run, trainingLoss);
  if (last.dev === null || samples.dev < LEAST_DEV) {
    return [
      {
        id: 'dev-too-small',
        severity: 'note',
        sentence: `The dev part has ${samples.dev} images: what it says of how the network does on other images can be chance, so nothing is said of it here.`,
        advice: 'Give the dev part a larger share, or add images.',
        options: null,
      },
    ];
  }
  const dev = wilsonInterval(Math.round(last.dev.accuracy * samples.dev), samples.dev);
  const training = last.training.accuracy;
  const variance = training - last.dev.accuracy;
  const findings: Finding[] = [...shape];
  const learnsStill = shape.some(({ id }) => id === 'still-falling');
  if (1 - training > HIGH_BIAS && !learnsStill) {
    const layers = config.layers.map((units) => units * 2);
    findings.push({
      id: 'high-bias',
      severity: 'warning',
      sentence: `High bias: ${percent(1 - training)} of the training images themselves are classified wrongly after ${run.epochs} epochs, and the loss no longer falls.`,
      advice: regularized(config)
        ? 'Try it without dropout and weight decay, or with more units.'
        : 'Try more units, or a preparation that leaves less to be learnt.',
      options: regularized(config)
        ? changed(config, { dropoutRate: 0, weightDecay: 0 })
        : config.model === 'NLayers'
          ? changed(config, { layers: layers.length === 0 ? [100] : layers })
          : changed(config, { model: 'NLayers' }),
    });
  }
  // Where the interval reaches up to the training accuracy the difference may be chance.
  if (variance > HIGH_VARIANCE && dev.high < training) {
    findings.push(...varianceFindings(run, variance, dev, devLoss), ...lookFindings(run));
  }
  if (
    run.earlyStopEpoch !== null &&
    run.epochs - run.earlyStopEpoch >= 20 &&
    run.earlyStopEpoch * 2 <= run.epochs
  ) {
    const best = run.best?.epoch ?? run.earlyStopEpoch;
    if (best * 2 <= run.epochs) {
      findings.push({
        id: 'stopped-long-ago',
        severity: 'note',
        sentence: `The dev loss was lowest at epoch ${best} of ${run.epochs}; early stopping would have ended the run at epoch ${run.earlyStopEpoch}.`,
        advice: 'Stop early, and keep the best weights.',
        options: changed(config, { earlyStopping: 'stop' }),
      });
    }
  }
  findings.push(...unitFindings(run));
  if (confusion !== undefined) findings.push(...classFindings(confusion, run.classes));
  const order = { warning: 0, note: 1 };
  return findings.sort((one, other) => order[one.severity] - order[other.severity]);
}

function shapeFindings(run: RunRecord, losses: readonly number[]): Finding[] {
  if (losses.length < LEAST_EPOCHS) return [];
  const { config } = run;
  const second = losses.slice(Math.floor(losses.length / 2));
  const steps = second
    .slice(1)
    .map((loss, index) => ({ from: second[index] ?? NaN, by: loss - (second[index] ?? NaN) }));
  const rises = steps.filter(({ by }) => by > 0);
  const rise = median(rises.map(({ from, by }) => by / from));
  if (rises.length >= RISING_STEPS * steps.length && rise >= RISE) {
    return [
      {
        id: 'bouncing-loss',
        severity: 'warning',
        sentence: `The training loss bounces: in the second half it rose in ${rises.length} of ${steps.length} epochs, by ${percent(rise)} of itself in the median.`,
        advice: `Try a third of the learning rate: ${rounded(config.learningRate / 3)}.`,
        options: changed(config, { learningRate: rounded(config.learningRate / 3) }),
      },
    ];
  }
  const tail = losses.slice(Math.floor(0.8 * losses.length));
  const [first, end] = [tail[0] ?? NaN, tail.at(-1) ?? NaN];
  const falls = tail.slice(1).filter((loss, index) => loss < (tail[index] ?? NaN)).length;
  const fall = (first - end) / first;
  // A network that knows its images already has nothing left to learn of them.
  if (
    fall >= FALLING &&
    falls >= STEADY * (tail.length - 1) &&
    1 - (run.last?.training.accuracy ?? 1) > 0.02
  ) {
    return [
      {
        id: 'still-falling',
        severity: 'warning',
        sentence: `The training loss still falls steadily: by ${percent(fall)} over the last ${tail.length} epochs. It has not learnt what it can.`,
        advice: `Try twice the epochs (${2 * config.nbrEpochs}), or three times the learning rate.`,
        options: changed(config, { nbrEpochs: 2 * config.nbrEpochs }),
      },
    ];
  }
  return [];
}

function varianceFindings(
  run: RunRecord,
  variance: number,
  dev: { readonly low: number; readonly high: number },
  devLoss: readonly number[],
): Finding[] {
  const { config, classes, last, paramsPerSample } = run;
  const guessing = Math.log(classes.length);
  const findings: Finding[] = [];
  if (
    devLoss.length >= LEAST_EPOCHS &&
    Math.min(...devLoss) > guessing &&
    (last?.training.loss ?? Infinity) < guessing / 2
  ) {
    findings.push({
      id: 'nothing-carries-over',
      severity: 'warning',
      sentence: `Nothing that was learnt carries over: the dev loss never came below ${guessing.toFixed(2)}, that of guessing, while the training loss is ${(last?.training.loss ?? NaN).toFixed(2)}.`,
      advice:
        'See whether training and dev images are of one kind, and what a preparation could take out that differs.',
      options: null,
    });
  }
  const next: Partial<RunConfig> =
    config.dropoutRate === 0 && config.model === 'NLayers' && config.layers.length > 0
      ? { dropoutRate: 0.5 }
      : config.rotAngle === 0
        ? { rotAngle: 15, nbrClones: Math.max(5, config.nbrClones) }
        : { weightDecay: Math.max(0.001, 10 * config.weightDecay) };
  findings.push({
    id: 'high-variance',
    severity: 'warning',
    sentence: `High variance: ${percent(last?.training.accuracy ?? NaN)} of the training images are classified rightly, but ${percent(last?.dev?.accuracy ?? NaN)} of the dev images (95 % interval ${percent(dev.low)} to ${percent(dev.high)}), ${percent(variance)} fewer.`,
    advice:
      next.dropoutRate === undefined
        ? 'Try augmentation, weight decay, or more images.'
        : 'Try dropout, augmentation, or more images.',
    options: changed(config, next),
  });
  if ((paramsPerSample ?? 0) > MANY_PARAMETERS) {
    const smaller = config.resize.width > 24 || config.resize.height > 24;
    findings.push({
      id: 'many-parameters',
      severity: 'note',
      sentence: `${Math.round(paramsPerSample ?? 0)} parameters stand against each training image; up to ${MANY_PARAMETERS} are a rule of thumb.`,
      advice: smaller ? 'Try smaller images, or one channel.' : 'Try fewer units.',
      options: smaller
        ? changed(config, { resize: { width: 24, height: 24 } })
        : changed(config, { layers: config.layers.map((units) => Math.max(1, Math.round(units / 4))) }),
    });
  }
  return findings;
}

function classFindings({ classes: count, counts }: ConfusionMatrix, classes: readonly string[]): Finding[] {
  const totals = Array.from({ length: count }, (_, row) =>
    counts.subarray(row * count, (row + 1) * count).reduce((sum, one) => sum + one, 0),
  );
  const findings: Finding[] = [];
  const [least, most] = [Math.min(...totals), Math.max(...totals)];
  if (least > 0 && most >= 3 * least) {
    findings.push({
      id: 'imbalance',
      severity: 'note',
      sentence: `The classes are unequal: ${classes[totals.indexOf(most)] ?? ''} has ${most} dev images, ${classes[totals.indexOf(least)] ?? ''} has ${least}. Accuracy says more of the large ones.`,
      advice: 'Look at the confusion matrix by shares of each class.',
      options: null,
    });
  }
  let worst = { actual: 0, predicted: 0, images: 0 };
  counts.forEach((images, at) => {
    const [actual, predicted] = [Math.floor(at / count), at % count];
    if (actual !== predicted && images > worst.images) worst = { actual, predicted, images };
  });
  const total = totals[worst.actual] ?? 0;
  const share = wilsonInterval(worst.images, Math.max(1, total));
  // More than one image in ten, whatever chance has done.
  if (worst.images >= 3 && share.low > 0.1) {
    findings.push({
      id: 'confused-pair',
      severity: 'note',
      sentence: `${classes[worst.actual] ?? ''} is taken for ${classes[worst.predicted] ?? ''}: ${worst.images} of its ${total} dev images (95 % interval ${percent(share.low)} to ${percent(share.high)}).`,
      advice: 'Look at those images: click the cell in the confusion matrix.',
      options: null,
    });
  }
  return findings;
}

/** Whether the images that were trained on look other than the dev images, by more than chance would have it. */
function lookFindings({ evidence, config }: RunRecord): Finding[] {
  const looks = evidence?.looks;
  if (looks == null || looks.training.images < 2 || looks.dev.images < 2) return [];
  const { training, dev } = looks;
  const compared = (['brightness', 'contrast', 'detail'] as const).map((what) => ({
    what,
    ...welchOfMoments({ count: training.images, ...training[what] }, { count: dev.images, ...dev[what] }),
  }));
  const corrected = holm(compared.map(({ pValue }) => pValue ?? 1));
  const large = compared
    .filter(
      ({ effectSize }, index) => Math.abs(effectSize ?? 0) >= LARGE_EFFECT && (corrected[index] ?? 1) < SURE,
    )
    .sort((one, other) => Math.abs(other.effectSize ?? 0) - Math.abs(one.effectSize ?? 0))[0];
  if (large === undefined) return [];
  const { what, effectSize } = large;
  const isAugmented = config.noiseIntensity > 0 || config.rotAngle > 0;
  return [
    {
      id: 'drawn-differently',
      severity: 'note',
      sentence: `Dev images look other than those that were trained on: their ${what} is ${dev[what].mean.toFixed(3)} in the mean, that of training images ${training[what].mean.toFixed(3)}, ${Math.abs(effectSize ?? 0).toFixed(1)} standard deviations apart.`,
      advice: isAugmented
        ? 'Augmentation does that: try less of it.'
        : 'See whether both are of one kind; a preparation such as min-max normalization may take out what differs.',
      options: isAugmented
        ? changed(config, {
            noiseIntensity: rounded(config.noiseIntensity / 2),
            rotAngle: rounded(config.rotAngle / 2),
          })
        : config.minmaxNormalize
          ? null
          : changed(config, { minmaxNormalize: true }),
    },
  ];
}

function unitFindings({ evidence, config }: RunRecord): Finding[] {
  const layers = evidence?.units ?? [];
  const findings: Finding[] = [];
  const dead = layers.filter(({ dead: count, units }) => count >= IDLE_UNITS * units && count > 0);
  const saturated = layers.filter(({ saturated: count, units }) => count >= IDLE_UNITS * units && count > 0);
  if (dead.length > 0) {
    const leaks = config.activation === 'leaky-relu';
    findings.push({
      id: 'dead-units',
      severity: 'warning',
      sentence: `Units that do nothing: ${counts(dead, ({ dead: count }) => count)} ${leaks ? 'never come above 0, where only a hundredth of their gradient passes' : 'never come above 0, and learn no more'}.`,
      advice: leaks
        ? `Try a third of the learning rate (${rounded(config.learningRate / 3)}), or fewer units.`
        : 'Try leaky ReLU, or a lower learning rate.',
      options: leaks
        ? changed(config, { learningRate: rounded(config.learningRate / 3) })
        : changed(config, { activation: 'leaky-relu' }),
    });
  }
  if (saturated.length > 0) {
    const tamed = config.batchNorm;
    findings.push({
      id: 'saturated-units',
      severity: 'warning',
      sentence: `Saturated units: ${counts(saturated, ({ saturated: count }) => count)} lie at the end of their range for nearly every image, where their gradient is next to nothing.`,
      advice: tamed ? 'Try leaky ReLU, or a lower learning rate.' : 'Try batch normalization.',
      options: tamed ? changed(config, { activation: 'leaky-relu' }) : changed(config, { batchNorm: true }),
    });
  }
  return findings;
}

function counts(layers: readonly UnitStates[], countOf: (layer: UnitStates) => number): string {
  return layers.map((layer) => `${countOf(layer)} of ${layer.units} in ${layer.layer}`).join(', ');
}

function regularized({ dropoutRate, weightDecay }: RunConfig): boolean {
  return dropoutRate > 0 || weightDecay > 0;
}

function changed(config: RunConfig, changes: Partial<RunConfig>): string[] {
  return commandLine({ ...config, ...changes });
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
