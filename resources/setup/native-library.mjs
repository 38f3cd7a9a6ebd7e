// @ts-check
/**
 * Provides libtensorflow and its binding for @tensorflow/tfjs-node-gpu, once a machine, in a cache outside
 * node_modules: the package's own install script fetches it at every install, and fails the install where it cannot.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { npm } from './install.mjs';
import { cacheFolder, readReport, reportFile } from './native-report.mjs';
import { runSilently } from './run.mjs';

/** Where the official archives are, and how long their servers, and the npm registry, may be silent. */
const SERVERS = {
  libraries: 'https://storage.googleapis.com/tensorflow/libtensorflow',
  /** Of the binding; undefined: where its package says. */
  bindings: undefined,
  /** Milliseconds until a server has to answer at all. */
  answerMs: 5000,
  /** Milliseconds that a download may stand still. */
  silenceMs: 10_000,
  /** Milliseconds that the npm registry may be silent; it is asked twice. */
  registryMs: 6000,
};

/** Milliseconds for which a machine without a library is not tried again. */
const TRY_AGAIN_MS = 24 * 60 * 60_000;

/** Milliseconds after which a download that was cut off is thrown away: no other process can be at it any more. */
const ABANDONED_MS = 24 * 60 * 60_000;

/** Milliseconds that the library may take to load. */
const LOAD_MS = 60_000;

/** A build for Linux on x64 that an npm package carries, for where the official archives cannot be reached. */
const PACKAGED = {
  name: 'libtensorflow-1.15.0-cpu-linux-x64',
  title: 'libtensorflow 1.15.0 (cpu-linux-x64)',
  package: 'tfjs-node-lambda-releases@1.6.1',
  archive: 'package/nodejs12.x-tf2.7.0.br',
  sha256: '81a3002830b84dd1fabb921541e81cf35ce41004855e3e4c531e8557d0cc0f2c',
  /** Where the library lies in the archive. */
  prefix: 'node_modules/@tensorflow/tfjs-node/',
};

/** @typedef {import('./native-report.d.mts').NativeReport} NativeReport */
/** @typedef {import('./native-library.d.mts').NativeSource} NativeSource */
/** @typedef {import('./native-library.d.mts').Servers} Servers */
/** @typedef {import('./native-library.d.mts').PackagedLibrary} PackagedLibrary */

/** @param {string} root */
function packageFolder(root) {
  return join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
}

/** @param {string} root */
function bindingFile(root) {
  return join(packageFolder(root), 'lib', 'napi-v8', 'tfjs_binding.node');
}

/**
 * Whether the library has to be looked for: it is not in place, and was not sought in vain a short while ago.
 * @param {string} root
 * @param {string} [cache]
 * @param {number} [nowMs]
 */
export function nativeIsMissing(root, cache = cacheFolder(), nowMs = Date.now()) {
  if (existsSync(bindingFile(root)) || !existsSync(packageFolder(root))) return false;
  const report = readReport(cache);
  // A report that cannot be read, or is not one, says nothing.
  if (report === undefined || report.library !== null) return true;
  return !(nowMs - Date.parse(report.date) <= TRY_AGAIN_MS);
}

/**
 * Puts the library in place: from the cache, else from the first source that gives one that loads. Where there is none
 * it says why: that is no error, since there are other ways to compute.
 * @param {string} root
 * @param {string} node path of the Node that will load it
 * @param {(line: string) => void} say
 * @param {{ cache?: string, sources?: readonly NativeSource[] }} [options]
 */
export async function provideNative(root, node, say, options = {}) {
  const { cache = cacheFolder(), sources = nativeSources(root) } = options;
  const reasons = [];
  try {
    mkdirSync(cache, { recursive: true });
    clearAbandoned(cache);
    for (const source of sources) {
      const failed = await takeFrom(source, cache, root, node, say);
      if (failed === undefined) {
        writeReport(cache, { library: source.title, source: source.name, reasons });
        return;
      }
      reasons.push(`${source.title}: ${failed}`);
    }
    if (sources.length === 0)
      reasons.push(`There is no build of it for ${process.platform} on ${process.arch}.`);
    writeReport(cache, { library: null, source: null, reasons });
    reasons.push(`It is looked for again in a day; to look at once, delete ${reportFile(cache)}.`);
  } catch (error) {
    reasons.push(
      `The folder ${cache} cannot be used (${messageOf(error)}). Name another one with LAYERBENCH_NATIVE_CACHE.`,
    );
  }
  say('The native TensorFlow library could not be had; training goes on with WebAssembly, slower. Reasons:');
  for (const reason of reasons) say(`  ${reason}`);
}

/**
 * Puts one source's library in place, fetched where the cache has none that loads.
 * @param {NativeSource} source
 * @param {string} cache
 * @param {string} root
 * @param {string} node
 * @param {(line: string) => void} say
 * @returns {Promise<string | undefined>} why it could not be had; undefined where it is in place
 */
async function takeFrom(source, cache, root, node, say) {
  const folder = join(cache, source.name);
  try {
    if (existsSync(folder)) {
      link(root, folder);
      if ((await whyItDoesNotLoad(root, node)) === undefined) return undefined;
      // Damaged since: fetched anew.
      rmSync(folder, { recursive: true, force: true });
    }
    await source.check();
    say(`Fetching ${source.title}, once for this machine…`);
    const unfinished = mkdtempSync(join(cache, UNFINISHED));
    try {
      await source.fetch(unfinished);
      keep(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
    link(root, folder);
    const reason = await whyItDoesNotLoad(root, node);
    if (reason === undefined) return undefined;
    // What was fetched but does not load here is of no use to keep.
    rmSync(folder, { recursive: true, force: true });
    unlink(root);
    return `it does not load here (${reason})`;
  } catch (error) {
    unlink(root);
    return messageOf(error);
  }
}

/** How the name of a folder begins that a library is unpacked into. */
const UNFINISHED = '.unfinished-';

/** @param {string} cache */
function clearAbandoned(cache) {
  for (const name of readdirSync(cache).filter((one) => one.startsWith(UNFINISHED))) {
    const begun = statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - begun > ABANDONED_MS) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/**
 * Gives a finished folder its name in the cache, unless another project's set-up has been quicker.
 * @param {string} unfinished
 * @param {string} folder
 */
function keep(unfinished, folder) {
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/**
 * @param {string} cache
 * @param {Omit<NativeReport, 'date'>} found
 */
function writeReport(cache, found) {
  writeFileSync(
    reportFile(cache),
    `${JSON.stringify({ ...found, date: new Date().toISOString() }, null, 2)}\n`,
  );
}

/**
 * Where the library can be had for this machine, the best first.
 * @param {string} root
 * @param {Partial<Servers>} [servers]
 * @returns {NativeSource[]}
 */
export function nativeSources(root, servers = {}) {
  const asked = { ...SERVERS, ...servers };
  const official = officialSources(root, asked);
  if (process.platform !== 'linux' || process.arch !== 'x64') return official;
  return [...official, packagedSource(root, PACKAGED, asked.registryMs)];
}

/**
 * The official archives for this machine.
 * @param {string} root
 * @param {Servers} servers
 * @returns {NativeSource[]}
 */
function officialSources(root, servers) {
  const requirePackage = createRequire(join(packageFolder(root), 'package.json'));
  const constants = requirePackage('./scripts/deps-constants.js');
  const { version, binary } = requirePackage('./package.json');
  const system = constants.PLATFORM_MAPPING[process.platform];
  const ending = constants.PLATFORM_EXTENSION;
  const release = constants.LIBTENSORFLOW_VERSION;
  const binding = `${servers.bindings ?? binary.host}/napi-v8/${version}/GPU-${system}-${version}.${ending}`;
  /** @type {Promise<void> | undefined} */
  let answered;
  return (hasNvidiaDriver() ? ['gpu', 'cpu'] : ['cpu'])
    .map((kind) => `${kind}-${system}-${constants.ARCH_MAPPING[process.arch]}`)
    .filter((build) => constants.ALL_SUPPORTED_COMBINATION.includes(build))
    .map((build) => {
      const library = `${servers.libraries}/libtensorflow-${build}-${release}.${ending}`;
      return {
        name: `libtensorflow-${release}-${build}`,
        title: `libtensorflow ${release} (${build})`,
        // All archives are on one server: whether it can be reached is asked once.
        check: () => (answered ??= checkAnswers(library, servers.answerMs)),
        fetch: async (/** @type {string} */ folder) => {
          // No checksum of these is published: they come over HTTPS, and must load before they are used.
          await unpackUrl(root, library, join(folder, 'deps'), 0, servers.silenceMs);
          await unpackUrl(root, binding, join(folder, 'lib', 'napi-v8'), 1, servers.silenceMs);
          if (process.platform === 'win32') placeBesideBinding(folder);
        },
      };
    });
}

function hasNvidiaDriver() {
  return existsSync('/proc/driver/nvidia/version') || existsSync('C:\\Windows\\System32\\nvcuda.dll');
}

/**
 * Windows looks for a library beside the one that needs it. Some archives have it at their top.
 * @param {string} folder
 */
function placeBesideBinding(folder) {
  const places = [join(folder, 'deps', 'lib', 'tensorflow.dll'), join(folder, 'deps', 'tensorflow.dll')];
  const library = places.find((place) => existsSync(place));
  if (library !== undefined) copyFileSync(library, join(folder, 'lib', 'napi-v8', 'tensorflow.dll'));
  mkdirSync(join(folder, 'deps', 'lib'), { recursive: true });
}

/**
 * @param {string} url
 * @param {number} limitMs
 */
async function checkAnswers(url, limitMs) {
  let response;
  try {
    response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(limitMs) });
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new Error(`its server did not answer within ${limitMs / 1000} s`);
    }
    throw new Error(`its server cannot be reached (${causeOf(error)})`);
  }
  if (!response.ok) throw new Error(`its server answered ${response.status}`);
}

/**
 * @param {string} root
 * @param {string} url of a .tar.gz or .zip
 * @param {string} folder
 * @param {0 | 1} strip leading folders to leave out
 * @param {number} silenceMs
 */
async function unpackUrl(root, url, folder, strip, silenceMs) {
  const requirePackage = createRequire(join(packageFolder(root), 'package.json'));
  mkdirSync(folder, { recursive: true });
  const bytes = download(url, silenceMs);
  if (url.endsWith('.zip')) {
    const Zip = requirePackage('adm-zip');
    const pieces = [];
    for await (const piece of bytes) pieces.push(piece);
    const unpacked = mkdtempSync(`${folder}-`);
    new Zip(Buffer.concat(pieces)).extractAllTo(unpacked, true);
    rmSync(folder, { recursive: true });
    renameSync(strip === 0 ? unpacked : join(unpacked, readdirSync(unpacked)[0] ?? ''), folder);
    rmSync(unpacked, { recursive: true, force: true });
    return;
  }
  const tar = requirePackage('tar');
  await pipeline(bytes, createGunzip(), tar.x({ cwd: folder, strip }));
}

/**
 * The bytes behind a URL.
 * @param {string} url
 * @param {number} silenceMs milliseconds that the server may send nothing
 * @returns {AsyncGenerator<Uint8Array>}
 */
async function* download(url, silenceMs) {
  const silent = new AbortController();
  const giveUp = () => silent.abort();
  let timer = setTimeout(giveUp, silenceMs);
  try {
    const response = await fetch(url, { signal: silent.signal });
    if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
    for await (const bytes of response.body) {
      clearTimeout(timer);
      yield bytes;
      timer = setTimeout(giveUp, silenceMs);
    }
  } catch (error) {
    if (silent.signal.aborted) throw new Error(`its server sent nothing for ${silenceMs / 1000} s`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A library that an npm package carries.
 * @param {string} root
 * @param {PackagedLibrary} packaged
 * @param {number} [registryMs]
 * @returns {NativeSource}
 */
export function packagedSource(root, packaged, registryMs = SERVERS.registryMs) {
  return {
    name: packaged.name,
    title: packaged.title,
    check: async () => undefined,
    fetch: (folder) => fetchPackaged(root, packaged, registryMs, folder),
  };
}

/**
 * @param {string} root
 * @param {PackagedLibrary} packaged
 * @param {number} registryMs
 * @param {string} folder
 */
async function fetchPackaged(root, packaged, registryMs, folder) {
  const files = join(folder, 'download');
  mkdirSync(files);
  const [program, first] = npm();
  const { code, errors } = await runSilently(
    program,
    [
      ...first,
      'pack',
      packaged.package,
      '--loglevel=error',
      '--ignore-scripts',
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=1000',
      '--fetch-retry-maxtimeout=1000',
      `--fetch-timeout=${registryMs}`,
      '--pack-destination',
      files,
    ],
    { root, cwd: files },
  );
  if (code !== 0) throw new Error(`npm could not fetch ${packaged.package} (${npmReason(errors, code)})`);
  const requirePackage = createRequire(join(packageFolder(root), 'package.json'));
  const tar = requirePackage('tar');
  const [name, version] = packaged.package.split('@');
  await tar.x({ file: join(files, `${name}-${version}.tgz`), cwd: files }, [packaged.archive]);
  const archive = join(files, packaged.archive);
  await checkSha256(archive, packaged.sha256);
  await pipeline(
    createReadStream(archive),
    createBrotliDecompress(),
    tar.x({
      cwd: folder,
      strip: packaged.prefix.split('/').length - 1,
      filter: (/** @type {string} */ path) =>
        path.startsWith(`${packaged.prefix}deps/lib/`) || path.startsWith(`${packaged.prefix}lib/napi-v6/`),
    }),
  );
  renameSync(join(folder, 'lib', 'napi-v6'), join(folder, 'lib', 'napi-v8'));
  rmSync(files, { recursive: true });
}

/**
 * The first of npm's error lines that is a sentence.
 * @param {string} errors
 * @param {number} code
 */
function npmReason(errors, code) {
  const lines = errors.split('\n').flatMap((line) => /^npm (?:error|ERR!) (.+)$/.exec(line)?.[1] ?? []);
  return lines.find((line) => !/^(code|errno|syscall|path) /.test(line)) ?? `exit code ${code}`;
}

/**
 * @param {string} file
 * @param {string} expected in hexadecimal
 */
async function checkSha256(file, expected) {
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

/**
 * Loads the library in a process of its own: one that crashes there must not crash anything else.
 * @param {string} root
 * @param {string} node
 * @returns {Promise<string | undefined>} undefined where it loads
 */
async function whyItDoesNotLoad(root, node) {
  const script = `process.env.TF_CPP_MIN_LOG_LEVEL = '2';
    try { require('node:module').createRequire(process.argv[1])('./lib/napi-v8/tfjs_binding.node'); }
    catch (error) { console.error(error.message.split('\\n')[0]); process.exitCode = 1; }`;
  const { code, errors } = await runSilently(
    node,
    ['-e', script, join(packageFolder(root), 'package.json')],
    {
      root,
      limitMs: LOAD_MS,
    },
  );
  if (code === 0) return undefined;
  return code === 1 ? (errors.trim().split('\n').at(-1) ?? '') : `exit code ${code}`;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * What stands behind an error of fetch.
 * @param {unknown} error
 */
function causeOf(error) {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
