// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { listingHash, stampIs, writeStamp } from './stamp.mjs';

/** Everything that the built product is made of: folders and files. */
export const SOURCES = [
  'src-main',
  'src-preload',
  'src-renderer',
  'resources/fonts',
  'resources/setup/native-report.mjs',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** @param {string} root */
function stampFile(root) {
  return join(root, 'out', '.layerbench-build');
}

/**
 * Whether out/ is missing, or older than its sources.
 * @param {string} root
 */
export function buildIsStale(root) {
  return !stampIs(stampFile(root), listingHash(root, SOURCES));
}

/**
 * @param {string} root
 * @param {string} node path of the Node that builds
 * @param {(line: string) => void} say
 */
export async function build(root, node, say) {
  const listing = listingHash(root, SOURCES);
  const begun = performance.now();
  // A build that fails half-way leaves nothing that could pass for the one before.
  rmSync(stampFile(root), { force: true });
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const code = await run(node, [vite, 'build', '--logLevel', 'warn', '--ignoreConfigWarning'], {
    root,
    stdout: 'to-stderr',
    cwd: root,
  });
  if (code !== 0) throw new Error('The build failed (its reason stands above).');
  writeStamp(stampFile(root), listing);
  say(`Built in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
}
