import { commandLine, defaultConfig, type RunConfig } from '../../src-preload/contract/config.ts';
import type { Finding } from '../../src-preload/contract/diagnosis.ts';
import { countText, counted } from '../../src-preload/contract/figure-text.ts';
import type { RunRecord, UnitStates } from '../../src-preload/contract/run.ts';
import type { Figures } from '../../src-preload/contract/series.ts';
import type { ConfusionMatrix } from '../../src-preload/contract/snapshot.ts';
import { type LossShape, lossShape } from './loss-shape.ts';
import { binomialTail, holm, type Interval, welchOfMoments, wilsonInterval } from './statistics.ts';

/** All that a diagnosis rests on. */
export interface DiagnosedRun {
  readonly run: RunRecord;
  /** By epoch, from the first; empty where nothing was kept. */
  readonly trainingLoss: readonly number[];
  readonly devLoss: readonly number[];
  /** Of the trained network, else of the last epoch that has any; undefined where nothing was kept. */
  readonly confusion: {
    readonly training: ConfusionMatrix | undefined;
    readonly dev: ConfusionMatrix | undefined;
  };
}

/** Dev images below which an accuracy says too little: its 95 % interval (Wilson) is then some 15 points wide on each side. */
const LEAST_DEV = 40;

/** Shares of 1 from which bias and variance are called high. */
const HIGH_BIAS = 0.1;
const HIGH_VARIANCE = 0.1;

/** Share of the training images up to which there is nothing left to learn of them. */
const LEARNT = 0.02;

/** The rule of thumb for parameters for each training image. */
const MANY_PARAMETERS = 10;

/** A difference of means from which on it is called large, in standard deviations (J. Cohen, 1988), and how sure. */
const LARGE_EFFECT = 0.8;
const SURE = 0.001;

/** The share of a layer's units from which on it matters that they do nothing. */
const IDLE_UNITS = 0.2;

/** Over the last fifth of the epochs: the share by which a loss has fallen that twice the epochs would bring on. */
const FALLING = 0.05;

/**
 * A loss bounces that rises in so many of the steps of its second half, by so much of itself in the median and by so
 * much of what guessing costs: a tenth of next to nothing is nothing.
 */
const RISING_STEPS = 0.35;
const RISE = 0.1;
const RISE_OF_GUESSING = 0.01;

/** The share of itself, and of what guessing costs, by which the dev loss has risen before going on is called harm. */
const DEV_LOSS_RISEN = 0.1;
const DEV_LOSS_RISEN_OF_GUESSING = 0.02;

/** Times as many images that the largest class has before classes are called unequal. */
const UNEQUAL = 3;

/** The probability below which a pair of classes is not confused by chance, and images that tell. */
const PAIR_SURE = 0.05;
const LEAST_CONFUSED = 3;

/** The figures that a run is judged by. */
interface Judged {
  readonly training: Figures;
  readonly dev: Figures;
  /** Whether the trained network gave both, without dropout, augmentation and what else training does. */
  readonly isFinal: boolean;
  /** What somebody reaches who knows the classes' shares alone. */
  readonly guessing: Figures;
  /** Wilson's of the accuracies. */
  readonly trainingInterval: Interval;
  readonly devInterval: Interval;
}

/**
 * What holds a run back, the gravest first, each with the figures that it rests on: those of the trained network, or of
 * the last epoch where the run did not come so far. Nothing is said without them: of a run that has no fault nothing at
 * all, and of one whose dev part is too small to tell only that.
 */
export function diagnose({ run, trainingLoss, devLoss, confusion }: DiagnosedRun): Finding[] {
  const { last, samples, config } = run;
  // Of a run that went on and was interrupted what there is of an end is that of an earlier one.
  const final = hasEnded(run) ? run.final : null;
  if (last === null || samples === null) return [];
  const broken = trainingLoss.findIndex((loss) => !Number.isFinite(loss));
  if (broken >= 0) {
    const learningRate = rounded(config.learningRate / 10);
    return [
      {
        id: 'broke-down',
        severity: 'warning',
        sentence: `The training loss is no finite number from epoch ${broken + 1} on: steps were too large to come back from.`,
        ...proposal(config, [
          { advice: `Try a tenth of the learning rate: ${learningRate}.`, changes: { learningRate } },
        ]),
      },
    ];
  }
  const dev = final?.dev ?? last.dev;
  if (dev === null || samples.dev < LEAST_DEV) return [tooFewDevImages(run, dev)];
  const training = final?.dev == null ? last.training : final.training;
  const judged: Judged = {
    training,
    dev,
    isFinal: final?.dev != null,
    guessing: guessingOf(run, confusion.training),
    trainingInterval: intervalOf(training, samples.training),
    devInterval: intervalOf(dev, samples.dev),
  };
  const shape = lossShape(trainingLoss);
  const stopped = stoppedFindings(run, judged);
  const steps = shape === null ? [] : stepFindings(run, judged, shape, stopped.length > 0);
  const units = unitFindings(run, judged);
  const findings = [...steps];
  // As long as steps do not fit, or there were too few, nobody knows what the network can learn.
  if (1 - training.accuracy > HIGH_BIAS && steps.length === 0) {
    findings.push(biasFinding(run, judged, shape, units.length > 0));
  }
  const variance = training.accuracy - dev.accuracy;
  // Where the intervals reach each other the difference may be chance.
  if (variance > HIGH_VARIANCE && judged.devInterval.high < judged.trainingInterval.low) {
    findings.push(...varianceFindings(run, judged, devLoss), ...lookFindings(run));
  }
  findings.push(...stopped, ...units, ...imbalanceFindings(run, confusion));
  if (confusion.dev !== undefined) findings.push(...pairFindings(confusion.dev, run.classes));
  const order = { warning: 0, note: 1 };
  return findings.sort((one, other) => order[one.severity] - order[other.severity]);
}

function intervalOf({ accuracy }: Figures, images: number): Interval {
  return wilsonInterval(Math.round(accuracy * images), images);
}

/** Of guessing by the shares of the training images: the largest, and the entropy of all; by equal ones else. */
function guessingOf({ classes }: RunRecord, training: ConfusionMatrix | undefined): Figures {
  const images = training === undefined ? classes.map(() => 1) : rowSums(training);
  const all = images.reduce((sum, one) => sum + one, 0);
  const shares = images.filter((one) => one > 0).map((one) => one / all);
  return {
    accuracy: Math.max(...shares),
    loss: shares.reduce((sum, share) => sum - share * Math.log(share), 0),
  };
}

function tooFewDevImages({ samples, config }: RunRecord, dev: Figures | null): Finding {
  const images = samples?.dev ?? 0;
  if (dev === null && images > 0) {
    return {
      id: 'dev-too-small',
      severity: 'note',
      sentence: `None of the ${counted(images, 'dev image')} has been asked about yet, so nothing is said of how the network does on other images.`,
      ...proposal(config, [
        { advice: 'Evaluate the dev part after every epoch.', changes: { evalDev: true } },
        { advice: 'Let it come to its end.', changes: null },
      ]),
    };
  }
  const all = (samples?.training ?? 0) / config.trainingShare + images + (samples?.test ?? 0);
  // One image a class more, because parts are whole images of each class.
  const share = Math.ceil((100 * (LEAST_DEV + 10)) / Math.max(1, all)) / 100;
  const { partitions } = config;
  const training = Number((1 - share - partitions.test).toFixed(2));
  return {
    id: 'dev-too-small',
    severity: 'note',
    sentence: `The dev part has ${counted(images, 'image')}: what it says of how the network does on other images can be chance, so nothing is said of it here.`,
    ...proposal(config, [
      training >= 0.4 && share > partitions.dev
        ? {
            advice: `Give the dev part a larger share (${share} for ${LEAST_DEV} images and some more), or add images.`,
            changes: { partitions: { training, dev: share, test: partitions.test } },
          }
        : { advice: 'Add images: too few would be left to train on.', changes: null },
    ]),
  };
}

function stepFindings(run: RunRecord, judged: Judged, shape: LossShape, isStopped: boolean): Finding[] {
  const { config } = run;
  const accuracy = Math.max(run.last?.training.accuracy ?? 0, judged.training.accuracy);
  // A network that knows its images already has nothing left to learn of them.
  if (1 - accuracy <= LEARNT) return [];
  const { steps, rises, rise, size } = shape.bounce;
  if (rises >= RISING_STEPS * steps && rise >= RISE && size >= RISE_OF_GUESSING * judged.guessing.loss) {
    const learningRate = rounded(config.learningRate / 3);
    return [
      {
        id: 'bouncing-loss',
        severity: 'warning',
        sentence: `The training loss bounces: it rose in ${rises} of the last ${steps} epochs, by ${percent(rise)} of itself in the median.`,
        ...proposal(config, [
          { advice: `Try a third of the learning rate: ${learningRate}.`, changes: { learningRate } },
        ]),
      },
    ];
  }
  const { fall, wholeFall, epochs } = shape;
  const isSlow =
    fall < FALLING && shape.fallsThroughout && shape.keepsPace && wholeFall > 0 && 1 - accuracy > HIGH_BIAS;
  if (!isSlow && (!shape.isFalling || fall < FALLING)) return [];
  // What is learnt since the dev loss was lowest does not carry over: more of it would not either.
  if (isStopped) return [];
  const nbrEpochs = Math.min(1_000_000, 2 * config.nbrEpochs);
  const faster = Math.min(100, rounded(10 * config.learningRate));
  return [
    {
      id: 'still-falling',
      severity: 'warning',
      sentence: isSlow
        ? `The training loss falls, but slowly: by ${percent(fall, 2)} over the last ${epochs} epochs, and by ${percent(wholeFall, 2)} over all ${run.epochs}. What the network can learn is not to be told from that.`
        : `The training loss still falls: by ${percent(fall)} over the last ${epochs} of ${run.epochs} epochs. What the network can learn is not to be told before it does not.`,
      ...proposal(
        config,
        isSlow
          ? [
              { advice: `Try ten times the learning rate: ${faster}.`, changes: { learningRate: faster } },
              { advice: `Try twice the epochs: ${nbrEpochs}.`, changes: { nbrEpochs } },
            ]
          : [
              {
                advice: `Try twice the epochs (${nbrEpochs}), or three times the learning rate.`,
                changes: { nbrEpochs },
              },
              { advice: `Try ten times the learning rate: ${faster}.`, changes: { learningRate: faster } },
            ],
      ),
    },
  ];
}

/** Whether it came to its end, and what is there of one is of it. */
export function hasEnded({ status }: RunRecord): boolean {
  return status === 'finished' || status === 'stopped';
}

function biasFinding(
  run: RunRecord,
  { training, isFinal }: Judged,
  shape: LossShape | null,
  hasIdleUnits: boolean,
): Finding {
  const { config, epochs } = run;
  const how = isFinal
    ? 'by the trained network'
    : `in epoch ${epochs}, as they were trained on (with dropout and augmentation, where there is any)`;
  const loss =
    shape === null
      ? `${counted(epochs, 'epoch')} ${epochs === 1 ? 'is' : 'are'} too few to say whether more would help`
      : `the training loss ${fallWords(shape.fall)} over the last ${shape.epochs} of ${epochs} epochs`;
  const layers = config.layers.map((units) => units * 2);
  const nbrEpochs = Math.max(50, 4 * config.nbrEpochs);
  return {
    id: 'high-bias',
    severity: 'warning',
    sentence: `High bias: ${percent(1 - training.accuracy)} of the training images themselves are classified wrongly ${how}; ${loss}.`,
    ...proposal(config, [
      ...(hasIdleUnits ? [{ advice: 'See first to the units that do nothing.', changes: null }] : []),
      ...(shape === null ? [{ advice: `Try more epochs first: ${nbrEpochs}.`, changes: { nbrEpochs } }] : []),
      ...(isRegularized(config)
        ? [
            {
              advice: 'Try it without dropout and weight decay, or with more units.',
              changes: { dropoutRate: 0, weightDecay: 0 },
            },
          ]
        : []),
      config.model === 'OneLayer'
        ? {
            advice: 'Try a hidden layer, or a preparation that leaves less to be learnt.',
            changes: { model: 'NLayers' },
          }
        : {
            advice: 'Try more units, or a preparation that leaves less to be learnt.',
            changes: {
              layers: layers.length === 0 ? [100] : layers.map((units) => Math.min(100_000, units)),
            },
          },
    ]),
  };
}

function fallWords(fall: number): string {
  if (Math.abs(fall) < 0.0005) return 'changed by less than 0.1 %';
  return fall > 0 ? `fell by ${percent(fall)}` : `rose by ${percent(-fall)}`;
}

function varianceFindings(run: RunRecord, judged: Judged, devLoss: readonly number[]): Finding[] {
  const { config, paramsPerSample, inputShape } = run;
  const { training, dev, devInterval, guessing } = judged;
  const lowest = devLoss.reduce((least, loss) => (loss < least ? loss : least), Infinity);
  const findings: Finding[] = [];
  // With weight decay a loss is more than what the images cost, and cannot be held against that of guessing.
  if (
    devLoss.length > 0 &&
    config.weightDecay === 0 &&
    lowest > guessing.loss &&
    devInterval.low <= guessing.accuracy &&
    training.loss < guessing.loss / 2
  ) {
    findings.push({
      id: 'nothing-carries-over',
      severity: 'warning',
      sentence: `Nothing that was learnt carries over: the dev loss never came below ${guessing.loss.toFixed(2)}, that of guessing, while the training loss is ${training.loss.toFixed(2)}, and guessing's accuracy, ${percent(guessing.accuracy)}, is within the 95 % interval of the dev accuracy or above it.`,
      advice:
        'See whether training and dev images are of one kind, and what a preparation could take out that differs.',
      options: null,
    });
  }
  const hasHidden = config.model === 'NLayers' && config.layers.length > 0;
  const weightDecay = Math.min(100, Math.max(0.001, rounded(10 * config.weightDecay)));
  findings.push({
    id: 'high-variance',
    severity: 'warning',
    sentence: `High variance: ${percent(training.accuracy)} of the training images are classified rightly, but ${percent(dev.accuracy)} of the dev images (95 % interval ${percent(devInterval.low)} to ${percent(devInterval.high)}), ${percent(training.accuracy - dev.accuracy)} fewer.`,
    ...proposal(config, [
      ...(hasHidden && config.dropoutRate === 0
        ? [{ advice: 'Try dropout, augmentation, or more images.', changes: { dropoutRate: 0.5 } }]
        : []),
      ...(config.rotAngle === 0
        ? [
            {
              advice: 'Try augmentation, weight decay, or more images.',
              changes: { rotAngle: 15, nbrClones: Math.max(5, config.nbrClones) },
            },
          ]
        : []),
      { advice: `Try more weight decay (${weightDecay}), or more images.`, changes: { weightDecay } },
      { advice: 'Try more images.', changes: null },
    ]),
  });
  if ((paramsPerSample ?? 0) > MANY_PARAMETERS) {
    findings.push({
      id: 'many-parameters',
      severity: 'note',
      sentence: `${countText(paramsPerSample ?? 0)} parameters stand against each training image; up to ${MANY_PARAMETERS} are a rule of thumb.`,
      ...proposal(config, [
        ...(config.resize.width > 24 || config.resize.height > 24
          ? [
              {
                advice: 'Try smaller images, or one channel.',
                changes: {
                  resize: {
                    width: Math.min(24, config.resize.width),
                    height: Math.min(24, config.resize.height),
                  },
                },
              },
            ]
          : []),
        ...(hasHidden
          ? [
              {
                advice: 'Try fewer units.',
                changes: { layers: config.layers.map((units) => Math.max(1, Math.round(units / 4))) },
              },
            ]
          : []),
        ...(inputShape?.[2] === 3 ? [{ advice: 'Try one channel.', changes: { grayscale: true } }] : []),
        {
          advice: 'Try smaller images.',
          changes: {
            resize: {
              width: Math.max(1, Math.round(config.resize.width / 2)),
              height: Math.max(1, Math.round(config.resize.height / 2)),
            },
          },
        },
      ]),
    });
  }
  return findings;
}

/**
 * Of a run that went on long after its dev loss was lowest, where that has risen by more than a little since. What has
 * not learnt more than guessing knows has had nothing to lose.
 */
function stoppedFindings(
  { config, epochs, earlyStopEpoch, best, last }: RunRecord,
  { guessing, trainingInterval }: Judged,
): Finding[] {
  if (earlyStopEpoch === null || best?.dev == null || last?.dev == null || config.earlyStopping === 'stop')
    return [];
  const isLongAgo = epochs - earlyStopEpoch >= 20 && 2 * earlyStopEpoch <= epochs && 2 * best.epoch <= epochs;
  const risen = last.dev.loss - best.dev.loss;
  const least = Math.max(DEV_LOSS_RISEN * best.dev.loss, DEV_LOSS_RISEN_OF_GUESSING * guessing.loss);
  if (!isLongAgo || risen < least || trainingInterval.low <= guessing.accuracy) return [];
  return [
    {
      id: 'stopped-long-ago',
      severity: 'note',
      sentence: `The dev loss was lowest at epoch ${best.epoch} of ${epochs}: ${best.dev.loss.toFixed(2)} with ${percent(best.dev.accuracy)} rightly classified, against ${last.dev.loss.toFixed(2)} with ${percent(last.dev.accuracy)} at the end. Early stopping would have ended the run at epoch ${earlyStopEpoch}.`,
      ...proposal(config, [
        {
          advice:
            last.dev.accuracy > best.dev.accuracy
              ? 'Stop early, and keep the best weights, where probabilities matter: the accuracy has risen since.'
              : 'Stop early, and keep the best weights.',
          changes: { earlyStopping: 'stop' },
        },
      ]),
    },
  ];
}

function imbalanceFindings(
  { classes, config }: RunRecord,
  { training, dev }: DiagnosedRun['confusion'],
): Finding[] {
  if (training === undefined) return [];
  const trained = rowSums(training);
  const [least, most] = [Math.min(...trained), Math.max(...trained)];
  if (least === 0 || most < UNEQUAL * least) return [];
  const [small, large] = [trained.indexOf(least), trained.indexOf(most)];
  // What is counted in an epoch are clones.
  const clones = training.kind === 'confusion' ? config.nbrClones : 1;
  return [
    {
      id: 'imbalance',
      severity: 'note',
      sentence: `The classes are unequal: ${classes[large] ?? ''} has ${counted(most / clones, 'training image')}, ${classes[small] ?? ''} has ${countText(least / clones)}. ${dev === undefined ? '' : `Of their dev images ${rightOf(dev, large)} and ${rightOf(dev, small)} are classified rightly. `}Accuracy says more of the large ones.`,
      advice: `Look at the confusion matrix by shares of each class, and add images of ${classes[small] ?? ''}.`,
      options: null,
    },
  ];
}

function rowSums({ classes: count, counts }: ConfusionMatrix): number[] {
  return Array.from({ length: count }, (_, row) =>
    counts.subarray(row * count, (row + 1) * count).reduce((sum, one) => sum + one, 0),
  );
}

function rightOf(matrix: ConfusionMatrix, row: number): string {
  return `${matrix.counts[row * matrix.classes + row] ?? 0} of ${rowSums(matrix)[row] ?? 0}`;
}

/**
 * The class that is most often taken for another one, where that is not chance: where of its images that are classified
 * wrongly more go there than wrong ones of all other classes do (a binomial test, corrected for the number of pairs).
 * Of two classes there is no other one that it could be.
 */
function pairFindings(matrix: ConfusionMatrix, classes: readonly string[]): Finding[] {
  const { classes: count, counts } = matrix;
  const totals = rowSums(matrix);
  const pairs = totals.flatMap((total, actual) =>
    totals.flatMap((_, predicted) => {
      const images = counts[actual * count + predicted] ?? 0;
      if (actual === predicted || images < LEAST_CONFUSED) return [];
      const wrong = total - (counts[actual * count + actual] ?? 0);
      const pValue = binomialTail(images, wrong, wrongShare(matrix, actual, predicted));
      const share = wilsonInterval(images, total);
      // More than one image in ten, whatever chance has done.
      return pValue * count * (count - 1) < PAIR_SURE && share.low > 0.1
        ? [{ actual, predicted, images, total, share }]
        : [];
    }),
  );
  const worst = pairs.sort((one, other) => other.images - one.images)[0];
  if (worst === undefined) return [];
  const { actual, predicted, images, total, share } = worst;
  return [
    {
      id: 'confused-pair',
      severity: 'note',
      sentence: `${classes[actual] ?? ''} is taken for ${classes[predicted] ?? ''}: ${images} of its ${total} dev images (95 % interval ${percent(share.low)} to ${percent(share.high)}).`,
      advice: 'Look at those images: click the cell in the confusion matrix.',
      options: null,
    },
  ];
}

/** Of what other classes' images were wrongly taken for, as if each had been once more: the share of one class. */
function wrongShare({ classes: count, counts }: ConfusionMatrix, actual: number, predicted: number): number {
  let [there, all] = [1, count - 1];
  counts.forEach((images, at) => {
    const [row, column] = [Math.floor(at / count), at % count];
    if (row === actual || row === column || column === actual) return;
    all += images;
    if (column === predicted) there += images;
  });
  return there / all;
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
      ...proposal(config, [
        ...(isAugmented
          ? [
              {
                advice: 'Augmentation may do that: try less of it.',
                changes: {
                  noiseIntensity: rounded(config.noiseIntensity / 2),
                  rotAngle: rounded(config.rotAngle / 2),
                },
              },
            ]
          : []),
        {
          advice:
            'See whether both are of one kind; a preparation such as min-max normalization may take out what differs.',
          changes: { minmaxNormalize: true },
        },
        { advice: 'See whether both are of one kind.', changes: null },
      ]),
    },
  ];
}

function unitFindings({ evidence, config }: RunRecord, { training }: Judged): Finding[] {
  const layers = evidence?.units ?? [];
  // Where all is learnt they are in nobody's way.
  const severity = 1 - training.accuracy > LEARNT ? 'warning' : 'note';
  const findings: Finding[] = [];
  const dead = layers.filter(({ dead: count, units }) => count >= IDLE_UNITS * units && count > 0);
  const saturated = layers.filter(({ saturated: count, units }) => count >= IDLE_UNITS * units && count > 0);
  const learningRate = rounded(config.learningRate / 3);
  if (dead.length > 0) {
    const leaks = config.activation === 'leaky-relu';
    findings.push({
      id: 'dead-units',
      severity,
      sentence: `Units that do nothing: ${counts(dead, ({ dead: count }) => count)} ${leaks ? 'never come above 0, where only a hundredth of their gradient passes' : 'never come above 0, and learn no more'}.`,
      ...proposal(config, [
        leaks
          ? {
              advice: `Try a third of the learning rate (${learningRate}), or fewer units.`,
              changes: { learningRate },
            }
          : {
              advice: 'Try leaky ReLU, or a lower learning rate.',
              changes: { activation: 'leaky-relu' },
            },
      ]),
    });
  }
  if (saturated.length > 0) {
    findings.push({
      id: 'saturated-units',
      severity,
      sentence: `Saturated units: ${counts(saturated, ({ saturated: count }) => count)} lie at the end of their range for nearly every image, where their gradient is next to nothing.`,
      ...proposal(config, [
        { advice: 'Try batch normalization.', changes: { batchNorm: true } },
        { advice: 'Try leaky ReLU, or a lower learning rate.', changes: { activation: 'leaky-relu' } },
      ]),
    });
  }
  return findings;
}

function counts(layers: readonly UnitStates[], countOf: (layer: UnitStates) => number): string {
  return layers.map((layer) => `${countOf(layer)} of ${layer.units} in ${layer.layer}`).join(', ');
}

function isRegularized({ model, dropoutRate, weightDecay }: RunConfig): boolean {
  return (model === 'NLayers' && dropoutRate > 0) || weightDecay > 0;
}

/** Something to try: what is said, and what it sets; null where there is nothing to be set. */
interface Trial {
  readonly advice: string;
  readonly changes: Partial<RunConfig> | null;
}

/** The first that is another run than this one: an advice that changes nothing is none. */
function proposal(config: RunConfig, trials: readonly Trial[]): Pick<Finding, 'advice' | 'options'> {
  const own = commandLine(launchable(config)).join('\n');
  for (const { advice, changes } of trials) {
    if (changes === null) return { advice, options: null };
    const options = commandLine(launchable({ ...config, ...changes }));
    if (options.join('\n') !== own) return { advice, options };
  }
  return { advice: null, options: null };
}

/** A configuration without what its model has no use for, which a launch would refuse. */
function launchable(config: RunConfig): RunConfig {
  const { layers, activation, batchNorm, batchNormEval, dropoutRate } = defaultConfig();
  if (config.model === 'OneLayer') {
    return { ...config, layers, activation, batchNorm, batchNormEval, dropoutRate };
  }
  return config.layers.length === 0 ? { ...config, activation } : config;
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}

function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}
