// @ts-check
/**
 * Provides libtensorflow and its binding for @tensorflow/tfjs-node-gpu, once a machine, in a cache outside
 * node_modules: the package's own install script fetches it at every install, and fails the install where it cannot.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { npm } from './install.mjs';
import { run } from './run.mjs';

/** Milliseconds that the official archive's server has to answer. */
const ANSWER_MS = 5000;

/** Milliseconds for which a machine without a library is not tried again. */
const TRY_AGAIN_MS = 24 * 60 * 60_000;

/** A build for Linux on x64 that an npm package carries, for where the official archives cannot be reached. */
const PACKAGED = {
  package: 'tfjs-node-lambda-releases@1.6.1',
  archive: 'package/nodejs12.x-tf2.7.0.br',
  sha256: '81a3002830b84dd1fabb921541e81cf35ce41004855e3e4c531e8557d0cc0f2c',
  /** Where the library lies in the archive. */
  prefix: 'node_modules/@tensorflow/tfjs-node/',
};

/** @typedef {{ library: string | null, source: string | null, reasons: string[], date: string }} NativeReport */

/** @param {string} root */
function packageFolder(root) {
  return join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
}

/** @param {string} root */
function bindingFile(root) {
  return join(packageFolder(root), 'lib', 'napi-v8', 'tfjs_binding.node');
}

/** Where libraries are kept: `LAYERBENCH_NATIVE_CACHE`, else a folder in the user's cache. */
export function cacheFolder(environment = process.env) {
  const named = environment['LAYERBENCH_NATIVE_CACHE'];
  if (named) return named;
  if (process.platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'layerbench', 'native');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'layerbench', 'native');
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'layerbench', 'native');
}

/** What was found out when the library was last looked for. @returns {NativeReport | undefined} */
export function readReport(folder = cacheFolder()) {
  try {
    return JSON.parse(readFileSync(join(folder, 'native.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether the library has to be looked for: it is not in place, and was not sought in vain a short while ago.
 * @param {string} root
 */
export function nativeIsMissing(root) {
  if (existsSync(bindingFile(root)) || !existsSync(packageFolder(root))) return false;
  const report = readReport();
  if (report === undefined || report.library !== null) return true;
  return Date.now() - Date.parse(report.date) > TRY_AGAIN_MS;
}

/**
 * Puts the library in place: from the cache, else from the first source that gives one that loads.
 * @param {string} root
 * @param {string} node path of the Node that will load it
 * @param {(line: string) => void} say
 */
export async function provideNative(root, node, say) {
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true });
  const reasons = [];
  for (const source of sources(root)) {
    const folder = join(cache, source.name);
    try {
      if (!existsSync(folder)) {
        await source.check();
        say(`Fetching ${source.title}, once for this machine…`);
        const unfinished = mkdtempSync(join(cache, '.unfinished-'));
        try {
          await source.fetch(unfinished);
          renameSync(unfinished, folder);
        } finally {
          rmSync(unfinished, { recursive: true, force: true });
        }
      }
      link(root, folder);
      await checkLoads(root, node);
      report(cache, { library: source.title, source: source.name, reasons });
      return;
    } catch (error) {
      reasons.push(`${source.title}: ${error instanceof Error ? error.message : String(error)}`);
      unlink(root);
      // What was fetched but does not load here is of no use to keep.
      rmSync(folder, { recursive: true, force: true });
    }
  }
  report(cache, { library: null, source: null, reasons });
  say('The native TensorFlow library could not be had; training goes on with WebAssembly, slower. Reasons:');
  for (const reason of reasons) say(`  ${reason}`);
}

/**
 * @param {string} cache
 * @param {Omit<NativeReport, 'date'>} found
 */
function report(cache, found) {
  writeFileSync(
    join(cache, 'native.json'),
    `${JSON.stringify({ ...found, date: new Date().toISOString() }, null, 2)}\n`,
  );
}

/**
 * @typedef {{ name: string, title: string, check: () => Promise<void>, fetch: (folder: string) => Promise<void> }} Source
 * @param {string} root
 * @returns {Source[]} the best first
 */
function sources(root) {
  const require = createRequire(join(packageFolder(root), 'package.json'));
  const constants = require('./scripts/deps-constants.js');
  const { version, binary } = require('./package.json');
  const kinds = hasNvidiaDriver() ? ['gpu', 'cpu'] : ['cpu'];
  /** @type {Promise<void> | undefined} */
  let answered;
  const official = kinds
    .map(
      (kind) =>
        `${kind}-${constants.PLATFORM_MAPPING[process.platform]}-${constants.ARCH_MAPPING[process.arch]}`,
    )
    .filter((system) => constants.ALL_SUPPORTED_COMBINATION.includes(system))
    .map((system) => {
      const ending = constants.PLATFORM_EXTENSION;
      const library = `https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-${system}-${constants.LIBTENSORFLOW_VERSION}.${ending}`;
      const binding = `${binary.host}/napi-v8/${version}/GPU-${constants.PLATFORM_MAPPING[process.platform]}-${version}.${ending}`;
      return {
        name: `libtensorflow-${constants.LIBTENSORFLOW_VERSION}-${system}`,
        title: `libtensorflow ${constants.LIBTENSORFLOW_VERSION} (${system})`,
        // Both archives are on one server: whether it can be reached is asked once.
        check: () => (answered ??= checkAnswers(library)),
        fetch: async (/** @type {string} */ folder) => {
          // No checksum of these is published: they come over HTTPS, and must load before they are used.
          await unpackUrl(root, library, join(folder, 'deps'));
          await unpackUrl(root, binding, join(folder, 'lib', 'napi-v8'), 1);
        },
      };
    });
  if (process.platform !== 'linux' || process.arch !== 'x64') return official;
  return [
    ...official,
    {
      name: 'libtensorflow-1.15.0-cpu-linux-x64',
      title: 'libtensorflow 1.15.0 (cpu-linux-x64)',
      check: async () => undefined,
      fetch: (folder) => fetchPackaged(root, folder),
    },
  ];
}

function hasNvidiaDriver() {
  return existsSync('/proc/driver/nvidia/version') || existsSync('C:\\Windows\\System32\\nvcuda.dll');
}

/** @param {string} url */
export async function checkAnswers(url, limitMs = ANSWER_MS) {
  let response;
  try {
    response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(limitMs) });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`its server cannot be reached (${cause})`);
  }
  if (!response.ok) throw new Error(`its server answered ${response.status}`);
}

/**
 * @param {string} root
 * @param {string} url of a .tar.gz or .zip
 * @param {string} folder
 * @param {number} [strip] leading folders to leave out
 */
async function unpackUrl(root, url, folder, strip = 0) {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  mkdirSync(folder, { recursive: true });
  const require = createRequire(join(packageFolder(root), 'package.json'));
  if (url.endsWith('.zip')) {
    const Zip = require('adm-zip');
    new Zip(Buffer.from(await response.arrayBuffer())).extractAllTo(folder, true);
    return;
  }
  const tar = require('tar');
  // @ts-expect-error: the web stream of fetch is one that Node reads; the two libraries' types differ.
  await pipeline(Readable.fromWeb(response.body), createGunzip(), tar.x({ cwd: folder, strip }));
}

/**
 * @param {string} root
 * @param {string} folder
 */
async function fetchPackaged(root, folder) {
  const download = join(folder, 'download');
  mkdirSync(download);
  const [program, first] = npm();
  const packed = [
    ...first,
    'pack',
    PACKAGED.package,
    '--silent',
    '--ignore-scripts',
    '--pack-destination',
    download,
  ];
  const code = await run(program, packed, { root, stdout: 'to-stderr', cwd: download });
  if (code !== 0) throw new Error(`npm could not fetch ${PACKAGED.package}`);
  const require = createRequire(join(packageFolder(root), 'package.json'));
  const tar = require('tar');
  const [name, version] = PACKAGED.package.split('@');
  await tar.x({ file: join(download, `${name}-${version}.tgz`), cwd: download }, [PACKAGED.archive]);
  const archive = join(download, PACKAGED.archive);
  await checkSha256(archive, PACKAGED.sha256);
  await pipeline(
    createReadStream(archive),
    createBrotliDecompress(),
    tar.x({
      cwd: folder,
      strip: PACKAGED.prefix.split('/').length - 1,
      filter: (/** @type {string} */ path) =>
        path.startsWith(`${PACKAGED.prefix}deps/lib/`) || path.startsWith(`${PACKAGED.prefix}lib/napi-v6/`),
    }),
  );
  renameSync(join(folder, 'lib', 'napi-v6'), join(folder, 'lib', 'napi-v8'));
  rmSync(download, { recursive: true });
}

/**
 * @param {string} file
 * @param {string} expected in hexadecimal
 */
export async function checkSha256(file, expected) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('hex') !== expected)
    throw new Error('what was downloaded is not what was expected (checksum)');
}

/**
 * @param {string} root
 * @param {string} folder in the cache
 */
function link(root, folder) {
  unlink(root);
  mkdirSync(join(packageFolder(root), 'deps'), { recursive: true });
  mkdirSync(join(packageFolder(root), 'lib'), { recursive: true });
  symlinkSync(join(folder, 'deps', 'lib'), join(packageFolder(root), 'deps', 'lib'), 'junction');
  symlinkSync(join(folder, 'lib', 'napi-v8'), join(packageFolder(root), 'lib', 'napi-v8'), 'junction');
}

/** @param {string} root */
function unlink(root) {
  rmSync(join(packageFolder(root), 'deps', 'lib'), { recursive: true, force: true });
  rmSync(join(packageFolder(root), 'lib', 'napi-v8'), { recursive: true, force: true });
}

/** Loads the library in a process of its own: one that crashes there must not crash anything else. */
async function checkLoads(/** @type {string} */ root, /** @type {string} */ node) {
  const script =
    'process.env.TF_CPP_MIN_LOG_LEVEL="2";require("node:module").createRequire(process.argv[1])("./lib/napi-v8/tfjs_binding.node")';
  const code = await run(node, ['-e', script, join(packageFolder(root), 'package.json')], {
    root,
    stdout: 'to-stderr',
    timeoutMs: 60_000,
  });
  if (code !== 0) throw new Error(`it does not load here (exit code ${code})`);
}
