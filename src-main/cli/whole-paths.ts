import { resolve } from 'node:path';
import { type RunConfig, isFolderPath } from '../../src-preload/contract/config.ts';

/**
 * A configuration whose folders mean the same wherever it is read again: what was typed as a path stands for the
 * folder as seen from the working folder, and is kept as an absolute path.
 */
export function withWholePaths(config: RunConfig): RunConfig {
  return {
    ...config,
    dataset: wholePath(config.dataset),
    datasetsPath: config.datasetsPath === '' ? '' : resolve(config.datasetsPath),
  };
}

/** The absolute path of a data set given by a path; a name as it is. */
export function wholePath(dataset: string): string {
  return isFolderPath(dataset) ? resolve(dataset) : dataset;
}
