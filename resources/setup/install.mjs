// @ts-check
import { join } from 'node:path';
import { run } from './run.mjs';
import { contentsHash, stampIs, writeStamp } from './stamp.mjs';

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.layerbench-install');
}

/** @param {string} root */
function wanted(root) {
  return `${process.platform}-${process.arch} ${contentsHash([join(root, 'package-lock.json')])}`;
}

/**
 * Whether node_modules is missing, or not what the lock file names.
 * @param {string} root
 */
export function installIsStale(root) {
  return !stampIs(stampFile(root), wanted(root));
}

/**
 * Installs exactly what the lock file names, without running any package's scripts.
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function install(root, say) {
  say('Installing packages (once, and after an update)…');
  const begun = performance.now();
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const [program, first] = npm();
  // How many packages there were is of no use to anybody; npm's errors go to standard error.
  const code = await run(program, [...first, ...args], { root, stdout: 'ignore', cwd: root });
  if (code !== 0) {
    throw new Error(
      'The packages could not be installed (npm said why above). Mend that and run the command again.',
    );
  }
  writeStamp(stampFile(root), wanted(root));
  say(`Packages installed in ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
}

/**
 * How npm is run: the one that started this script where there is one.
 * @returns {[string, string[]]} program and first arguments
 */
export function npm() {
  const script = process.env['npm_execpath'];
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script)) return [process.execPath, [script]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
}
