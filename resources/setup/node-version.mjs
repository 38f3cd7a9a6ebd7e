// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest Node that the product's native packages run on. */
const OLDEST = [22, 12];

/**
 * The Node that runs the product: the one that the lock file names where there is one for this system, else the one
 * that runs now.
 * @param {string} root
 * @param {string} [current] version of the Node that runs now
 * @throws Error where neither will do.
 */
export function nodeFor(root, current = process.versions.node) {
  const own = join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(own)) return own;
  if (isRecent(current)) return process.execPath;
  throw new Error(
    `Layerbench needs Node ${OLDEST.join('.')} or newer; this is ${current}, and there is no packaged one for ${process.platform} on ${process.arch}. Install a newer Node and run the command again.`,
  );
}

/** @param {string} version such as `22.12.0` */
export function isRecent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
