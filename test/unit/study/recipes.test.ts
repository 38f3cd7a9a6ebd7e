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
