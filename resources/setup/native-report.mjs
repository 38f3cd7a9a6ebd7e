// @ts-check
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where libraries are kept: `LAYERBENCH_NATIVE_CACHE`, else a folder in the user's cache. */
export function cacheFolder(environment = process.env) {
  const named = environment['LAYERBENCH_NATIVE_CACHE'];
  if (named) return resolve(named);
  if (process.platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'layerbench', 'native');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'layerbench', 'native');
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'layerbench', 'native');
}

/**
 * The file that a cache's report stands in.
 * @param {string} cache
 */
export function reportFile(cache) {
  return join(cache, 'native.json');
}

/**
 * What was found out when the library was last looked for.
 * @returns {import('./native-report.d.mts').NativeReport | undefined}
 */
export function readReport(folder = cacheFolder()) {
  try {
    return JSON.parse(readFileSync(reportFile(folder), 'utf8'));
  } catch {
    return undefined;
  }
}
