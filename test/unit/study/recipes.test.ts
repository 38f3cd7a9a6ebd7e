import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configOfString } from '../../../src-main/study/option-string.ts';
import { RECIPES } from '../../../src-main/study/recipes.ts';

test('every option string stands for a configuration, and every claim speaks of experiments of its recipe', () => {
  for (const { id, experiments, claims } of RECIPES) {
    const ids = new Set(experiments.map((one) => one.id));
    expect(ids.size, id).toBe(experiments.length);
    for (const { options } of experiments)
      expect(() => configOfString(options), `${id}: ${options}`).not.toThrow();
    expect(claims.length, id).toBeGreaterThan(0);
    for (const claim of claims) {
      const named =
        'along' in claim
          ? claim.along
          : 'of' in claim
            ? [claim.of]
            : 'from' in claim
              ? [claim.from, claim.to]
              : [];
      for (const name of named) expect(ids, `${id} names ${name}`).toContain(name);
    }
  }
  expect(new Set(RECIPES.map(({ id }) => id)).size).toBe(RECIPES.length);
});

test('all of the study is there: observations A to K, 17 tables, and the picture of parameters', () => {
  const ids = RECIPES.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...'A B C D E F G H I J K tracked'.split(' ')]));
  const tables = RECIPES.filter(({ experiments }) =>
    experiments.every(({ reference }) => reference?.devCost != null),
  );
  expect(tables).toHaveLength(17);
});

test("the experiments of the tables have the configurations of the study's own option strings", () => {
  const strings = readFileSync(
    join(import.meta.dirname, '../../fixtures/reference-option-strings.txt'),
    'utf8',
  );
  const ours = new Set(
    RECIPES.flatMap(({ experiments }) =>
      experiments.map(({ options }) => JSON.stringify(configOfString(options))),
    ),
  );
  const study = strings
    .trim()
    .split('\n')
    .filter((line) => line.includes('--exp-id'))
    .flatMap((line) => line.split('--experiment'))
    .map((one) => ({ ...configOfString(one.replace(/--exp-id=\S+/, '')), expId: 'main' }));
  expect(study.length).toBeGreaterThan(50);
  for (const config of study) expect(ours, JSON.stringify(config)).toContain(JSON.stringify(config));
});

test('figures of the tables agree with each other, but where the recipe says that they do not', () => {
  const odd = RECIPES.flatMap(({ id, experiments, disagreements }) =>
    experiments.flatMap(({ id: experiment, reference }) => {
      if (reference?.training == null || reference.dev == null) return [];
      const { training, dev, avoidableBias, variance, parameters, ratio } = reference;
      // Printed figures are rounded: a per cent of difference is none.
      const faults = [
        ...(avoidableBias !== null && Math.abs(1 - training - avoidableBias) > 0.0101 ? ['bias'] : []),
        ...(variance !== null && Math.abs(training - dev - variance) > 0.0101 ? ['variance'] : []),
        ...(parameters !== null && id !== 'clones' && Math.abs(parameters / 593 - (ratio ?? NaN)) > 0.7
          ? ['ratio']
          : []),
      ];
      if (faults.length > 0) expect(disagreements, `${id} ${experiment}`).not.toEqual([]);
      return faults.map((fault) => `${id} ${experiment} ${fault}`);
    }),
  );
  expect(odd).toEqual([
    'grayscale color bias',
    'grayscale gray bias',
    'minmax no_norm bias',
    'minmax minmax_norm bias',
    'units 5_units ratio',
    'units 10_units variance',
  ]);
});

test('where one network stands in two places with other figures, the recipe says so', () => {
  const C = RECIPES.find(({ id }) => id === 'C');
  const units = RECIPES.find(({ id }) => id === 'units');
  const inText = C?.experiments.find(({ id }) => id === 'C');
  const inTable = units?.experiments.find(({ id }) => id === '100_units');
  const options = [inText, inTable].map((one) => ({
    ...configOfString(one?.options ?? ''),
    // All images of the set are one minibatch of either size, and checks change no figure.
    maxMinibatchSize: 5000,
    gradientChecks: 'off',
  }));
  expect(options[0]).toEqual(options[1]);
  expect(inText?.reference?.training).not.toBe(inTable?.reference?.training);
  for (const recipe of [C, units]) expect(recipe?.disagreements.join(' ')).toMatch(/77 %.*23 %|73 %.*31 %/);
});
