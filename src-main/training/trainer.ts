import type { RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { Prediction, RunEvidence } from '../../src-preload/contract/run.ts';
import type { EpochFigures, EpochTimings, Figures } from '../../src-preload/contract/series.ts';
import type { Snapshot } from '../../src-preload/contract/snapshot.ts';
import type { Prepared } from '../data/prepared.ts';
import { BestWeights } from './best-weights.ts';
import { type Checkpoint, weightsSha256 } from './checkpoint.ts';
import type { Compute, Tensor } from './compute/compute.ts';
import { afterEpoch, beforeFirstEpoch, type EarlyStopping } from './early-stopping.ts';
import { EvaluationSet, figuresOf, joined, shownLoss } from './evaluation.ts';
import { evaluateAll, evaluationOptions, type FinalEvaluation } from './final-evaluation.ts';
import { checkGradients, chooseCheckBatch, gradientFault, isCheckDue, whySkipped } from './gradient-check.ts';
import { instability, probe, type Probe, probedSums } from './instability.ts';
import { asFloat32, type NamedValues, Network, networkDefinition, seededValues } from './network/network.ts';
import { spreadImages } from './labelled-images.ts';
import { imageMoments } from './image-moments.ts';
import { countOf } from './network/parameter.ts';
import { unitStates } from './unit-states.ts';
import { createOptimizer } from './optimizers/create-optimizer.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { derivedSeed } from './random.ts';
import { type Reading, Readings } from './readings.ts';
import { keepL2Terms, l2Cost, withL2Gradient } from './regularization.ts';
import { SnapshotTaker } from './snapshot-taker.ts';
import { WeightMovement } from './weight-movement.ts';
import { type EpochBatches, type Minibatch, TrainingSet } from './training-set.ts';

/** Milliseconds between two looks at the messages that came in, and between two messages about minibatches. */
const BREATH_MS = 20;
const PROGRESS_MS = 300;

/** Milliseconds between two times that the state is kept, at least, and how many times as long as keeping took. */
const KEEP_MS = 3000;
const KEEP_FACTOR = 40;

/** Images of either part that are looked at for how they differ, and bytes of them, but for the fewest that say anything. */
const LOOKED_AT = 400;
const LOOKED_AT_BYTES = 2 ** 22;
const FEWEST_LOOKED_AT = 50;

/** Epochs between two looks at all gradients and parameters: what is not a number once stays so. */
const PROBE_INTERVAL = 10;

/** Who hears of a run while it trains. Nothing is waited for. */
export interface TrainingListener {
  epoch(figures: EpochFigures, snapshots: Snapshot[]): void;
  /** Images done in the epoch that is running, of how many. */
  batch(epoch: number, done: number, total: number): void;
  notice(message: string): void;
}

/** How a run ended. */
export interface TrainingOutcome {
  readonly outcome: 'finished' | 'stopped';
  readonly reason: string | null;
  readonly final: FinalEvaluation['figures'];
  readonly snapshots: Snapshot[];
  readonly earlyStopEpoch: number | null;
  readonly devPredictions: Prediction[];
  readonly evidence: RunEvidence;
  readonly weightsSha256: string;
  readonly checkpoint: Checkpoint;
}

export interface TrainerOptions {
  readonly config: RunConfig;
  readonly data: Prepared;
  readonly compute: Compute;
  readonly listener: TrainingListener;
  /** Asked before every minibatch. */
  readonly isStopRequested: () => boolean;
  /** A state to go on from, of the same configuration. */
  readonly resume?: Checkpoint | undefined;
  /** Keeps the state now and then; without it nothing is kept before the end. */
  readonly keep?: ((checkpoint: Checkpoint) => Promise<void>) | undefined;
  /** Asked before each epoch: what is to be waited for before it may begin; nothing where it may at once. */
  readonly mayGoOn?: (epoch: number, first: number) => Promise<void> | undefined;
  /** The program of the threads that augment ahead; without it the training thread augments. */
  readonly augmentationWorker?: string;
}

/** What the steps of an epoch left to be read, one entry a minibatch. */
interface StepReadings {
  readonly losses: Reading[];
  readonly predicted: Reading[];
  /** ½ Σ p² of each parameter before the step. */
  readonly l2: Reading[][];
  /** Of the last minibatch, where they are due. */
  gradients: Probe[];
  /** Milliseconds spent on waiting for augmented images and on sending them. */
  augmenting: number;
}

/** What an epoch gave. */
interface EpochResult {
  readonly figures: Omit<EpochFigures, 'elapsed' | 'timings'>;
  readonly timings: EpochTimings;
  readonly snapshots: Snapshot[];
}

/** Trains one network on one prepared set, from its first step to its final evaluation. */
export class Trainer {
  readonly network: Network;
  private readonly config: RunConfig;
  private readonly data: Prepared;
  private readonly compute: Compute;
  private readonly listener: TrainingListener;
  private readonly isStopRequested: () => boolean;
  private readonly optimizer: Optimizer;
  private readonly training: TrainingSet;
  private readonly dev: EvaluationSet | null;
  private readonly snapshots: SnapshotTaker;
  private readonly best: BestWeights;
  private stopping: EarlyStopping = beforeFirstEpoch;
  private readonly movement: WeightMovement;
  private readonly resume: Checkpoint | undefined;
  private readonly keep: TrainerOptions['keep'];
  private readonly mayGoOn: TrainerOptions['mayGoOn'];
  private keptAt = performance.now();
  private keepingMs = 0;
  private elapsed = 0;
  private isUnstable = false;
  private lastBreath = performance.now();
  private lastProgress = performance.now();

  /**
   * Builds the network and sends the data to the device.
   * @throws UserError where the options do not fit the data
   */
  constructor(options: TrainerOptions) {
    const { config, data, compute } = options;
    const { training, dev } = data.parts;
    if (training.count === 0) {
      throw new UserError(
        'The training part holds no image; give it a larger share with --partitions, or more images to the set.',
      );
    }
    this.config = config;
    this.data = data;
    this.compute = compute;
    this.listener = options.listener;
    this.isStopRequested = options.isStopRequested;
    const definition = networkDefinition(config, data.inputShape, data.classes.length);
    this.network = new Network(compute, definition, seededValues(config.modelSeed));
    this.best = new BestWeights(this.network);
    this.optimizer = createOptimizer(compute, this.network.parameters, config);
    this.training = new TrainingSet(compute, training, {
      inputShape: data.inputShape,
      clones: config.nbrClones,
      rotAngle: config.rotAngle,
      noiseIntensity: config.noiseIntensity,
      maxMinibatchSize: config.maxMinibatchSize,
      seed: config.datasetSeed,
      ...(options.augmentationWorker === undefined
        ? {}
        : {
            ahead: {
              worker: options.augmentationWorker,
              firstEpoch: (options.resume?.epoch ?? 0) + 1,
              lastEpoch: config.nbrEpochs,
            },
          }),
    });
    this.dev =
      config.evalDev && dev.count > 0
        ? new EvaluationSet(compute, dev, {
            ...evaluationOptions(config, data, dev.count),
            resident: true,
          })
        : null;
    this.snapshots = new SnapshotTaker(config, data, this.network, this.training);
    this.movement = new WeightMovement(this.network, {
      batches: this.training.batches,
      nbrEpochs: config.nbrEpochs,
    });
    this.resume = options.resume;
    this.keep = options.keep;
    this.mayGoOn = options.mayGoOn;
  }

  /**
   * Trains until the last epoch, early stopping or a stop request, then evaluates all parts once more.
   * @throws UserError where a check is set to `exception` and finds something
   */
  async train(): Promise<TrainingOutcome> {
    const { config, listener } = this;
    const checksGradients = this.areGradientsChecked();
    // Scales and starts are those of the first weights, whatever the run goes on from.
    await this.snapshots.measureScales();
    await this.movement.measure();
    let done = this.goOn();
    const first = done + 1;
    const started = performance.now() - this.elapsed;
    let reporting = 0;
    let isStopped = false;
    while (done < config.nbrEpochs && !this.isStoppedEarly()) {
      const epoch = done + 1;
      const room = this.mayGoOn?.(epoch, first);
      if (room !== undefined) await room;
      if (checksGradients && isCheckDue(epoch)) await this.holdGradients(epoch);
      const result = await this.epoch(epoch);
      if (result === null) {
        isStopped = true;
        break;
      }
      const { figures, snapshots, timings } = result;
      const reported = performance.now();
      // What sending one epoch took is only known afterwards: it is counted with the next.
      const total = { ...timings, reporting: timings.reporting + reporting };
      this.elapsed = reported - started;
      listener.epoch({ ...figures, elapsed: this.elapsed, timings: total }, snapshots);
      done = epoch;
      await this.keepState(done);
      reporting = performance.now() - reported;
    }
    // A stop in the middle of an epoch leaves the weights between two epochs: what was kept before stays.
    if (!isStopped) await this.keep?.(await this.state(done));
    return await this.finish(done, isStopped);
  }

  /** Takes over the state that it is to go on from. @returns the epochs that are done. */
  private goOn(): number {
    const { resume, network, optimizer, compute } = this;
    if (resume === undefined) return 0;
    network.take(resume.weights);
    const remembered = new Map(resume.optimizer.map((one) => [one.name, one.values]));
    for (const { name, variable } of optimizer.state) {
      const values = remembered.get(name);
      if (values === undefined) throw new Error(`The state lacks ${name}.`);
      compute.assign(variable, values);
    }
    optimizer.resume(resume.steps);
    if (resume.bestEpoch !== null) this.best.resume(resume.bestEpoch, resume.bestWeights);
    this.stopping = resume.stopping;
    this.isUnstable = resume.isUnstable;
    this.elapsed = resume.elapsed;
    return resume.epoch;
  }

  /** Keeps the state where it is time to: not often, and so that it costs little however large it is. */
  private async keepState(done: number): Promise<void> {
    const { keep } = this;
    const now = performance.now();
    if (keep === undefined || now - this.keptAt < Math.max(KEEP_MS, KEEP_FACTOR * this.keepingMs)) return;
    await keep(await this.state(done));
    this.keptAt = performance.now();
    this.keepingMs = this.keptAt - now;
  }

  private async state(done: number): Promise<Checkpoint> {
    const { config, data, network, optimizer, elapsed, isUnstable, stopping } = this;
    const best = await this.best.read();
    return {
      config,
      inputShape: data.inputShape,
      classes: data.classes,
      epoch: done,
      steps: optimizer.steps(),
      weights: await network.weights(),
      optimizer: await this.optimizerState(),
      elapsed,
      isUnstable,
      stopping,
      bestEpoch: best?.epoch ?? null,
      bestWeights: best?.weights ?? [],
    };
  }

  /** Gives back what it holds on the device. */
  dispose(): void {
    this.movement.dispose();
    this.best.dispose();
    void this.training.dispose();
    this.dev?.dispose();
    this.optimizer.dispose();
    this.network.dispose();
  }

  /** One epoch; null where a stop request came before its end. */
  private async epoch(epoch: number): Promise<EpochResult | null> {
    const { config, data, network } = this;
    const clock = stopwatch();
    this.lastProgress = performance.now();
    const batches = this.training.epoch(epoch);
    const ordering = clock();
    const readings = new Readings(this.compute);
    try {
      const steps = await this.steps(epoch, batches, readings);
      if (steps === null) return null;
      const augmenting = ordering + steps.augmenting;
      const stepping = clock() - steps.augmenting;
      const dispatched = this.dev?.dispatch(network, readings) ?? null;
      const l2 = dispatched === null ? [] : this.keepL2(readings);
      const parameters = this.isProbeDue(epoch) ? this.probeParameters(readings) : [];
      this.snapshots.dispatch(epoch, readings);
      this.movement.dispatch(epoch, readings);
      const evaluating = clock();
      await readings.read();
      const reading = clock();

      const training = this.trainingFigures(batches, steps);
      const predicted = dispatched === null ? null : joined(dispatched.predicted);
      const dev =
        dispatched === null || predicted === null
          ? null
          : figuresOf(
              joined(dispatched.losses),
              predicted,
              data.parts.dev.labels,
              l2Cost(l2, config.weightDecay),
            );
      this.judgeStability(epoch, training, dev, steps.gradients, parameters);
      if (dev !== null) this.judgeStopping(epoch, dev.loss);
      const snapshots = this.snapshots.take(epoch, batches, {
        training: joined(steps.predicted),
        dev: predicted,
      });
      const moved = this.movement.take();
      return {
        figures: {
          epoch,
          training,
          dev,
          learningRate: this.optimizer.learningRate(epoch),
          ...(moved === undefined ? {} : { moved }),
        },
        timings: { augmenting, stepping, evaluating, reading, reporting: clock() },
        snapshots,
      };
    } finally {
      readings.release();
    }
  }

  /** All steps of an epoch; null where a stop request came before one of them. */
  private async steps(
    epoch: number,
    batches: EpochBatches,
    readings: Readings,
  ): Promise<StepReadings | null> {
    const steps: StepReadings = { losses: [], predicted: [], l2: [], gradients: [], augmenting: 0 };
    const total = batches.sizes.reduce((sum, size) => sum + size, 0);
    let done = 0;
    for (const [batch, size] of batches.sizes.entries()) {
      if (this.isStopRequested()) return null;
      const isLast = batch === batches.sizes.length - 1;
      const asked = performance.now();
      const minibatch = await batches.send(batch);
      if (this.training.isAugmented) steps.augmenting += performance.now() - asked;
      this.compute.scope(() => {
        const gradients = this.gradients(epoch, batch, size, minibatch, readings, steps);
        if (isLast && this.isProbeDue(epoch)) {
          steps.gradients = probe(this.compute, readings, this.named(gradients));
        }
        this.optimizer.step(gradients, epoch);
      });
      done += size;
      await this.breathe(epoch, done, total);
    }
    return steps;
  }

  /** Sends a minibatch forward and back. */
  private gradients(
    epoch: number,
    batch: number,
    size: number,
    { input, labels }: Minibatch,
    readings: Readings,
    steps: StepReadings,
  ): readonly Tensor[] {
    const { compute, config, network } = this;
    const seed = config.dropoutRate > 0 ? derivedSeed(config.modelSeed, 'dropout', epoch, batch) : 0;
    const pass = network.forward(input, { seed, moveStatistics: true });
    const entropy = network.output.loss(pass.logits, labels);
    steps.losses.push(readings.keep(entropy.losses));
    steps.predicted.push(readings.keep(entropy.predicted));
    steps.l2.push(this.keepL2(readings));
    const gradients = pass.backward(entropy.gradient());
    return withL2Gradient(compute, network.parameters, gradients, config.weightDecay, size);
  }

  /** Lets messages in, a stop request among them, and tells how far a long epoch has come. */
  private async breathe(epoch: number, done: number, total: number): Promise<void> {
    const now = performance.now();
    if (now - this.lastBreath < BREATH_MS) return;
    if (done < total && now - this.lastProgress >= PROGRESS_MS) {
      this.listener.batch(epoch, done, total);
      this.lastProgress = now;
    }
    await new Promise((resolve) => setImmediate(resolve));
    this.lastBreath = performance.now();
  }

  /** Means over the minibatches, each counting the same, as they were trained. */
  private trainingFigures(batches: EpochBatches, steps: StepReadings): Figures {
    const each = steps.losses.map((losses, batch) =>
      figuresOf(
        losses.values(),
        steps.predicted[batch]?.values() ?? [],
        batches.labels(batch),
        l2Cost(steps.l2[batch] ?? [], this.config.weightDecay),
      ),
    );
    const sum = each.reduce((sum, { loss, accuracy }) => ({
      loss: sum.loss + loss,
      accuracy: sum.accuracy + accuracy,
    }));
    return { loss: shownLoss(sum.loss / each.length), accuracy: sum.accuracy / each.length };
  }

  private keepL2(readings: Readings): Reading[] {
    return keepL2Terms(this.compute, readings, this.network.parameters, this.config.weightDecay);
  }

  private isProbeDue(epoch: number): boolean {
    const { instabilityChecks, nbrEpochs } = this.config;
    if (instabilityChecks === 'off' || this.isUnstable) return false;
    return epoch === 1 || epoch % PROBE_INTERVAL === 0 || epoch === nbrEpochs;
  }

  private probeParameters(readings: Readings): Probe[] {
    const { compute, network } = this;
    return probe(
      compute,
      readings,
      this.named(network.parameters.map(({ variable }) => compute.value(variable))),
    );
  }

  private named(tensors: readonly Tensor[]): { readonly name: string; readonly tensor: Tensor }[] {
    return tensors.map((tensor, index) => ({ name: this.network.parameters[index]?.name ?? '', tensor }));
  }

  private judgeStability(
    epoch: number,
    training: Figures,
    dev: Figures | null,
    gradients: readonly Probe[],
    parameters: readonly Probe[],
  ): void {
    const { instabilityChecks } = this.config;
    if (instabilityChecks === 'off' || this.isUnstable) return;
    const found = instability(epoch, {
      trainingLoss: training.loss,
      devLoss: dev?.loss ?? null,
      gradients: probedSums(gradients),
      parameters: probedSums(parameters),
    });
    if (found === null) return;
    if (instabilityChecks === 'exception') throw new UserError(found);
    this.isUnstable = true;
    this.listener.notice(`${found} Later epochs are not looked at.`);
  }

  private judgeStopping(epoch: number, devLoss: number): void {
    const { earlyStopping, earlyStoppingPatience } = this.config;
    this.stopping = afterEpoch(this.stopping, epoch, devLoss, earlyStoppingPatience);
    if (earlyStopping === 'stop' && this.stopping.best?.epoch === epoch) this.best.keep(epoch);
  }

  private isStoppedEarly(): boolean {
    return this.config.earlyStopping === 'stop' && this.stopping.stopEpoch !== null;
  }

  private areGradientsChecked(): boolean {
    if (this.config.gradientChecks === 'off') return false;
    const skipped = whySkipped(this.config);
    if (skipped !== null) this.listener.notice(skipped);
    return skipped === null;
  }

  private async holdGradients(epoch: number): Promise<void> {
    const { config, data, network } = this;
    const batch = chooseCheckBatch(data.parts.training, network.definition.inputs, config.datasetSeed, epoch);
    const fault = gradientFault(epoch, await checkGradients(network, batch, config.modelSeed, epoch));
    if (fault === null) return;
    if (config.gradientChecks === 'exception') throw new UserError(fault);
    this.listener.notice(fault);
  }

  private async finish(done: number, isStopped: boolean): Promise<TrainingOutcome> {
    const { config, data, network, optimizer } = this;
    const kept = this.best.restore() ?? done;
    const looks = this.looks();
    // Its place on the device is needed for the evaluation of the same images.
    await this.training.dispose();
    const { figures, snapshots, devPredictions } = await evaluateAll(
      config,
      data,
      network,
      Math.max(1, kept),
    );
    const units = await unitStates(network, data.parts.training, config.batchNormEval);
    const weights = await network.weights();
    return {
      outcome: isStopped ? 'stopped' : 'finished',
      reason: this.ending(done, isStopped, kept),
      final: figures,
      snapshots,
      earlyStopEpoch: this.stopping.stopEpoch,
      devPredictions,
      evidence: { units, looks },
      weightsSha256: weightsSha256(weights),
      checkpoint: {
        config,
        inputShape: data.inputShape,
        classes: data.classes,
        epoch: kept,
        steps: optimizer.steps(),
        weights,
        optimizer: await this.optimizerState(),
        elapsed: this.elapsed,
        isUnstable: this.isUnstable,
        stopping: this.stopping,
        bestEpoch: null,
        bestWeights: [],
      },
    };
  }

  /** What the images look like that were trained on, and those of the dev part. */
  private looks(): RunEvidence['looks'] {
    const { inputShape, parts } = this.data;
    if (parts.dev.count === 0) return null;
    const bytes = countOf(inputShape);
    const most = Math.min(LOOKED_AT, Math.max(FEWEST_LOOKED_AT, Math.floor(LOOKED_AT_BYTES / bytes)));
    const epoch = this.training.epoch(1);
    const pieces: Uint8Array[] = [];
    let images = 0;
    for (const [batch, size] of epoch.sizes.entries()) {
      if (images >= most) break;
      const wanted = Math.min(size, most - images);
      pieces.push(epoch.pictures(batch, wanted).pixels);
      images += wanted;
    }
    return {
      training: imageMoments(Buffer.concat(pieces), inputShape),
      dev: imageMoments(spreadImages(parts.dev, bytes, most), inputShape),
    };
  }

  /** What is to be known of the end, or null where the run went through all its epochs and kept the last. */
  private ending(done: number, isStopped: boolean, kept: number): string | null {
    const { earlyStoppingPatience, nbrEpochs } = this.config;
    const sentences: string[] = [];
    if (isStopped) sentences.push(`Stopped on request after ${done} of ${nbrEpochs} epochs.`);
    else if (this.isStoppedEarly()) {
      sentences.push(
        `Stopped early after epoch ${done}: the dev loss had not fallen for ${earlyStoppingPatience} epochs.`,
      );
    }
    if (kept !== done) sentences.push(`The weights of epoch ${kept} are kept: its dev loss was the lowest.`);
    return sentences.length === 0 ? null : sentences.join(' ');
  }

  private async optimizerState(): Promise<NamedValues[]> {
    const values: NamedValues[] = [];
    for (const { name, shape, variable } of this.optimizer.state) {
      const [read] = await this.compute.read([this.compute.value(variable)]);
      values.push({ name, shape, values: asFloat32(read ?? new Float32Array(0)) });
    }
    return values;
  }
}

/** Gives the milliseconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const before = last;
    last = performance.now();
    return last - before;
  };
}
