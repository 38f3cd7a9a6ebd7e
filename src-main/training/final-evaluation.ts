import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { Prediction } from '../../src-preload/contract/run.ts';
import type { Figures } from '../../src-preload/contract/series.ts';
import type { Part, Snapshot } from '../../src-preload/contract/snapshot.ts';
import type { Prepared } from '../data/prepared.ts';
import {
  confusionSnapshot,
  type DispatchedEvaluation,
  type EvaluationOptions,
  EvaluationSet,
  figuresOf,
  givenProbabilities,
  joined,
} from './evaluation.ts';
import type { Network } from './network/network.ts';
import { countOf } from './network/parameter.ts';
import { Readings } from './readings.ts';
import { l2Cost, keepL2Terms } from './regularization.ts';

/** What a network is worth at the end. */
export interface FinalEvaluation {
  readonly figures: {
    readonly training: Figures;
    readonly dev: Figures | null;
    readonly test: Figures | null;
  };
  /** A confusion matrix of each part that is not empty. */
  readonly snapshots: Snapshot[];
  readonly devPredictions: Prediction[];
}

/** How a part is evaluated, given how many images may share their batch statistics. */
export function evaluationOptions(config: RunConfig, data: Prepared, batchSize: number): EvaluationOptions {
  const hasBatchStatistics = config.model === 'NLayers' && config.batchNorm;
  return {
    features: countOf(data.inputShape),
    statistics: hasBatchStatistics ? config.batchNormEval : 'moving',
    batchSize,
    resident: false,
  };
}

/**
 * Evaluates all three parts in evaluation mode: the training part without augmentation, in minibatches where batch
 * statistics are used; dev and test in one batch each.
 * @param epoch whose weights the network has
 */
export async function evaluateAll(
  config: RunConfig,
  data: Prepared,
  network: Network,
  epoch: number,
): Promise<FinalEvaluation> {
  const { parts, classes } = data;
  const readings = new Readings(network.compute);
  const dispatched = new Map<Part, DispatchedEvaluation>();
  for (const part of ['training', 'dev', 'test'] as const) {
    const images = parts[part];
    if (images.count === 0) continue;
    const batchSize = part === 'training' ? config.maxMinibatchSize : images.count;
    const set = new EvaluationSet(network.compute, images, evaluationOptions(config, data, batchSize));
    dispatched.set(part, set.dispatch(network, readings, part === 'dev'));
  }
  const l2 = keepL2Terms(network.compute, readings, network.parameters, config.weightDecay);
  await readings.read();

  const snapshots: Snapshot[] = [];
  function figuresOfPart(part: Part): Figures | null {
    const evaluated = dispatched.get(part);
    if (evaluated === undefined) return null;
    const predicted = joined(evaluated.predicted);
    const { labels } = parts[part];
    snapshots.push({
      ...confusionSnapshot(part, epoch, classes.length, labels, predicted),
      kind: 'final-confusion',
    });
    return figuresOf(joined(evaluated.losses), predicted, labels, l2Cost(l2, config.weightDecay));
  }
  const training = figuresOfPart('training');
  if (training === null) throw new Error('There is no training part to evaluate.');
  return {
    figures: { training, dev: figuresOfPart('dev'), test: figuresOfPart('test') },
    snapshots,
    devPredictions: predictions(data, dispatched.get('dev')),
  };
}

function predictions({ classes, parts }: Prepared, dev: DispatchedEvaluation | undefined): Prediction[] {
  if (dev === undefined) return [];
  const predicted = joined(dev.predicted);
  const given = givenProbabilities(joined(dev.probabilities), predicted, classes.length);
  return parts.dev.paths.map((path, index) => ({
    path,
    label: parts.dev.labels[index] ?? 0,
    predicted: predicted[index] ?? 0,
    // A network full of NaN gives no class any probability.
    probability: given[index] || 0,
  }));
}
