import { describe, expect, test } from 'vitest';
import { defaultConfig, type RunConfig } from '../../../src-preload/contract/config.ts';
import { Float64Compute } from '../../../src-main/training/compute/float64.ts';
import {
  confusionSnapshot,
  EvaluationSet,
  figuresOf,
  givenProbabilities,
  joined,
} from '../../../src-main/training/evaluation.ts';
import { Network, networkDefinition, seededValues } from '../../../src-main/training/network/network.ts';
import { Readings } from '../../../src-main/training/readings.ts';
import { smallSet } from '../../support/training/small-set.ts';

const compute = new Float64Compute();
const images = smallSet().parts.training;

async function losses(batchNormEval: RunConfig['batchNormEval'], batchSize: number): Promise<number[]> {
  const definition = networkDefinition({ ...defaultConfig(), layers: [5] }, [4, 4, 1], 3);
  const network = new Network(compute, definition, seededValues(0));
  const set = new EvaluationSet(compute, images, {
    features: 16,
    statistics: batchNormEval,
    batchSize,
    resident: false,
  });
  const readings = new Readings(compute);
  const dispatched = set.dispatch(network, readings);
  await readings.read();
  return Array.from(joined(dispatched.losses));
}

describe('evaluating', () => {
  test('with running statistics gives every image its own loss, whoever is beside it', async () => {
    const together = await losses('moving', 23);
    expect(together).toHaveLength(23);
    expect(await losses('moving', 5)).toEqual(together);
  });

  test('with batch statistics depends on who is evaluated together', async () => {
    expect(await losses('batch', 5)).not.toEqual(await losses('batch', 23));
  });
});

test('figures are the mean loss, with the L2 term, and the share taken for the right class', () => {
  // (1 + 2 + 6) / 3 + 0.5; two of three are right
  expect(figuresOf([1, 2, 6], [0, 1, 1], [0, 1, 2], 0.5)).toEqual({ loss: 3.5, accuracy: 2 / 3 });
});

test('an infinite loss is kept as NaN', () => {
  expect(figuresOf([1, Infinity], [0, 0], [0, 1], 0)).toEqual({ loss: NaN, accuracy: 0.5 });
});

test('a confusion matrix counts each class by what it was taken for', () => {
  const { counts } = confusionSnapshot('dev', 2, 3, [0, 0, 1, 2, 2, 2], [0, 1, 1, 0, 2, 2]);
  // Rows are the classes themselves, columns what they were taken for.
  expect([...counts]).toEqual([1, 1, 0, 0, 1, 0, 1, 0, 2]);
});

test('a prediction comes with the probability of its class', () => {
  expect(givenProbabilities(Float64Array.of(0.1, 0.9, 0.7, 0.3), [1, 0], 2)).toEqual([0.9, 0.7]);
});
