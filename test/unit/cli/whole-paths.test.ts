import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wholePath, withWholePaths } from '../../../src-main/cli/whole-paths.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';

test('what was typed as a path is kept as an absolute one, a name as it is', () => {
  expect(wholePath('./photos')).toBe(join(process.cwd(), 'photos'));
  expect(wholePath('.')).toBe(process.cwd());
  expect(wholePath('numbers')).toBe('numbers');
});

test('the folder in which sets are looked up is whole too, and stays empty where none is given', () => {
  const config = { ...defaultConfig(), dataset: 'cats', datasetsPath: 'sets' };
  expect(withWholePaths(config)).toEqual({ ...config, datasetsPath: join(process.cwd(), 'sets') });
  expect(withWholePaths(defaultConfig())).toEqual(defaultConfig());
});
