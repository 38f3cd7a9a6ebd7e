// @ts-check
import { build, buildIsStale } from './build.mjs';
import { install, installIsStale } from './install.mjs';
import { withLock } from './lock.mjs';
import { nativeIsMissing, provideNative } from './native-library.mjs';
import { nodeFor } from './node-version.mjs';

/** What can be done first. */
const STEPS = { install, provideNative, build };

/**
 * Whether nothing has to be done before a command runs.
 * @param {string} root
 * @param {boolean} built whether the command needs the built product
 */
export function isReady(root, built) {
  return !installIsStale(root) && !nativeIsMissing(root) && !(built && buildIsStale(root));
}

/**
 * Does what has to be done before a command runs, and nothing that is done already: installs what the lock file names,
 * provides the native library, builds. One process at a time does it.
 * @param {string} root
 * @param {boolean} built whether the command needs the built product
 * @param {(line: string) => void} say
 * @param {typeof STEPS} [steps]
 */
export async function prepare(root, built, say, steps = STEPS) {
  if (isReady(root, built)) return;
  await withLock(root, say, async () => {
    // Whoever held the lock before may have done it all.
    if (installIsStale(root)) await steps.install(root, say);
    const node = nodeFor(root);
    if (nativeIsMissing(root)) await steps.provideNative(root, node, say);
    if (built && buildIsStale(root)) await steps.build(root, node, say);
  });
}
