// @ts-check
/**
 * Finds the program that Electron's window runs on, or fetches it: the package fetches it when it is first used, and
 * does not say in one sentence why it cannot.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run, runSilently } from './run.mjs';
import { stampIs, writeStamp } from './stamp.mjs';

/** Milliseconds until the server of the programs has to answer at all. */
const ANSWER_MS = 5000;

/** Milliseconds that the program may take to say its version. */
const VERSION_MS = 20_000;

/** Where the programs are, unless the environment names a mirror as Electron's own installer has it. */
const SERVER = 'https://github.com/electron/electron/releases/download/';

/** @typedef {import('./electron-binary.d.mts').ElectronBinary} ElectronBinary */
/** @typedef {Readonly<Record<string, string | undefined>>} Environment */

/**
 * The program, fetched where it is not there yet; else why there is none. What is fetched is held against the checksums
 * that the package carries.
 * @param {string} root
 * @param {string} node path of the Node that fetches
 * @param {(line: string) => void} say
 * @param {{ environment?: Environment, today?: string }} [options]
 * @returns {Promise<ElectronBinary>}
 */
export async function provideElectron(root, node, say, options = {}) {
  const { environment = process.env, today = new Date().toISOString().slice(0, 10) } = options;
  const folder = join(root, 'node_modules', 'electron');
  const version = packageVersion(folder);
  if (version === undefined) return { reason: 'The package electron is not installed.' };
  const found = findElectron(folder, version, environment);
  if (found !== undefined) return tried(root, found, version);

  // A machine that cannot reach the server is not held up by it at every start: once a day is enough.
  const stamp = join(root, 'node_modules', '.layerbench-electron');
  if (stampIs(stamp, `${version} ${today}`))
    return { reason: 'Its program could not be fetched earlier today.' };
  const server = serverOf(environment);
  if (!(await answers(server))) {
    writeStamp(stamp, `${version} ${today}`);
    return { reason: `Its program could not be fetched: ${new URL(server).host} cannot be reached.` };
  }
  say(`Fetching Electron ${version} (some 120 MB, once)…`);
  const code = await run(node, [join(folder, 'install.js')], { root, stdout: 'to-stderr' });
  const fetched = code === 0 ? findElectron(folder, version, environment) : undefined;
  if (fetched !== undefined) return tried(root, fetched, version);
  writeStamp(stamp, `${version} ${today}`);
  return { reason: 'Its program could not be fetched (the reason stands above).' };
}

/**
 * The program that the package has fetched, of the package's own version.
 * @param {string} folder of the package
 * @param {string} version
 * @param {Environment} environment
 * @returns {string | undefined}
 */
export function findElectron(folder, version, environment) {
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH'];
  const place = override ? override : join(folder, 'dist');
  try {
    const fetched = readFileSync(join(place, 'version'), 'utf8').trim().replace(/^v/, '');
    if (fetched !== version) return undefined;
    const program = join(place, readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Why no window can be opened here, whatever is installed.
 * @param {{ platform: string, environment: Environment, userId: number | undefined }} system
 * @returns {string | undefined}
 */
export function whyNoWindow({ platform, environment, userId }) {
  if (platform !== 'linux') return undefined;
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return 'There is no display.';
  // Chromium's sandbox does not work for root, and without it there is no window.
  if (userId === 0) return 'The window does not open for root.';
  return undefined;
}

/**
 * A program counts once it has said its version: a library that is missing shows here.
 * @param {string} root
 * @param {string} program
 * @param {string} version
 * @returns {Promise<ElectronBinary>}
 */
async function tried(root, program, version) {
  const { code, errors } = await runSilently(program, ['--version'], { root, limitMs: VERSION_MS }).catch(
    (error) => ({ code: 1, errors: String(error) }),
  );
  if (code === 0) return { program };
  const [line = ''] = errors.trim().split('\n');
  return { reason: `Electron ${version} does not start${line === '' ? '' : ` (${line})`}.` };
}

/**
 * @param {string} folder
 * @returns {string | undefined}
 */
function packageVersion(folder) {
  try {
    return String(createRequire(import.meta.url)(join(folder, 'package.json')).version);
  } catch {
    return undefined;
  }
}

/** @param {Environment} environment */
function serverOf(environment) {
  const named =
    environment['NPM_CONFIG_ELECTRON_MIRROR'] ||
    environment['npm_config_electron_mirror'] ||
    environment['ELECTRON_MIRROR'];
  return named && URL.canParse(named) ? named : SERVER;
}

/**
 * Whether a server answers, whatever it says.
 * @param {string} address
 */
async function answers(address) {
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) });
    return true;
  } catch {
    return false;
  }
}
