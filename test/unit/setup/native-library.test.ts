import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  nativeIsMissing,
  nativeSources,
  packagedSource,
  provideNative,
  type NativeSource,
} from '../../../resources/setup/native-library.mjs';
import { cacheFolder, readReport } from '../../../resources/setup/native-report.mjs';
import { fileServer, unusedUrl, type FileServer } from '../../support/setup/file-server.ts';
import {
  LIBRARY_TEXT,
  bindingOf,
  libraryOf,
  officialArchives,
  packagedLibrary,
  packument,
  projectWithoutLibrary,
} from '../../support/setup/native-archives.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const WITHOUT_LIBRARY =
  'The native TensorFlow library could not be had; training goes on with WebAssembly, slower. Reasons:';

/** Milliseconds of patience with servers that are silent on purpose. */
const SHORT_MS = 50;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Provides the library, and gives what was said. */
async function provide(
  root: string,
  options?: { readonly cache: string; readonly sources: readonly NativeSource[] },
): Promise<string[]> {
  const said: string[] = [];
  await provideNative(root, process.execPath, (line) => said.push(line), options);
  return said;
}

/** A registry that has the package, as npm sees it in this test. */
async function registry(tarball: Buffer): Promise<FileServer> {
  const server = await fileServer((request, response) => {
    if (request.url === '/packaged-library.tgz') response.end(tarball);
    else response.end(packument(tarball, `${server.url}/packaged-library.tgz`));
  });
  npmAsks(server.url);
  return server;
}

function npmAsks(url: string): void {
  vi.stubEnv('npm_config_registry', url);
  vi.stubEnv('npm_config_cache', temporaryFolder());
  vi.stubEnv('npm_config_noproxy', '127.0.0.1');
}

/** The official archives have a build for this machine, as tar files. */
const hasOfficial = ['linux', 'darwin'].includes(process.platform) && process.arch === 'x64';

describe.skipIf(!hasOfficial)('the official archives', () => {
  /** The official source alone. */
  function official(root: string, servers: Parameters<typeof nativeSources>[1]): NativeSource[] {
    return nativeSources(root, servers).filter(({ name }) => name.startsWith('libtensorflow-2.9.1'));
  }

  async function archiveServer(): Promise<FileServer> {
    const { library, binding } = officialArchives();
    return fileServer((request, response) => {
      if (request.url?.startsWith('/libraries/libtensorflow-') === true) response.end(library);
      else if (request.url?.startsWith('/bindings/napi-v8/4.22.0/GPU-') === true) response.end(binding);
      else response.writeHead(404).end();
    });
  }

  test('are unpacked, linked into the package and reported', async () => {
    const { url } = await archiveServer();
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();
    expect(nativeIsMissing(root, cache)).toBe(true);

    const sources = official(root, { libraries: `${url}/libraries`, bindings: `${url}/bindings` });
    const said = await provide(root, { cache, sources });

    expect(said).toEqual([
      expect.stringMatching(/^Fetching libtensorflow 2\.9\.1 \(.+\), once for this machine…$/),
    ]);
    expect(readFileSync(libraryOf(root), 'utf8')).toBe(LIBRARY_TEXT);
    expect(existsSync(bindingOf(root))).toBe(true);
    expect(nativeIsMissing(root, cache)).toBe(false);
    expect(readReport(cache)).toEqual({
      library: sources[0]!.title,
      source: sources[0]!.name,
      reasons: [],
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
    expect(readdirSync(cache).sort()).toEqual([sources[0]!.name, 'native.json']);
  });

  test('are fetched once a machine: a fresh install takes what the cache has', async () => {
    const server = await archiveServer();
    const cache = temporaryFolder();
    const servers = { libraries: `${server.url}/libraries`, bindings: `${server.url}/bindings` };
    const first = projectWithoutLibrary();
    await provide(first, { cache, sources: official(first, servers) });
    const asked = server.requests.length;

    const second = projectWithoutLibrary();
    expect(nativeIsMissing(second, cache)).toBe(true);
    expect(await provide(second, { cache, sources: official(second, servers) })).toEqual([]);
    expect(existsSync(bindingOf(second))).toBe(true);
    expect(server.requests).toHaveLength(asked);
  });

  test('are given up when their server never answers, and the reason is said', async () => {
    const { url } = await fileServer(() => undefined);
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();
    const sources = official(root, { libraries: url, bindings: url, answerMs: SHORT_MS });

    const said = await provide(root, { cache, sources });

    expect(said[0]).toBe(WITHOUT_LIBRARY);
    expect(said[1]).toBe(`  ${sources[0]!.title}: its server did not answer within 0.05 s`);
    expect(readReport(cache)).toMatchObject({ library: null, source: null });
  });

  test('are given up when a download stands still, and nothing of it is left', async () => {
    const { library } = officialArchives();
    const { url } = await fileServer((request, response) => {
      if (request.method === 'HEAD') response.end();
      else response.writeHead(200, { 'content-length': library.length }).write(library.subarray(0, 20));
    });
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();
    const sources = official(root, { libraries: url, bindings: url, silenceMs: SHORT_MS }).slice(0, 1);

    const said = await provide(root, { cache, sources });

    expect(said).toContain(`  ${sources[0]!.title}: its server sent nothing for 0.05 s`);
    expect(readdirSync(cache)).toEqual(['native.json']);
    expect(existsSync(bindingOf(root))).toBe(false);
  });

  test('are given up when their server has them no more', async () => {
    const { url } = await fileServer((_request, response) => response.writeHead(404).end());
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();
    const sources = official(root, { libraries: url, bindings: url }).slice(0, 1);
    expect(await provide(root, { cache, sources })).toContain(
      `  ${sources[0]!.title}: its server answered 404`,
    );
  });

  test('that cannot be reached are passed over for what the npm registry has', async () => {
    const { packaged, tarball } = packagedLibrary();
    await registry(tarball);
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();
    const nowhere = await unusedUrl();
    const unreachable = official(root, { libraries: nowhere, bindings: nowhere }).slice(0, 1);

    const said = await provide(root, { cache, sources: [...unreachable, packagedSource(root, packaged)] });

    expect(said).toEqual(['Fetching a packaged library, once for this machine…']);
    expect(readReport(cache)).toMatchObject({
      library: 'a packaged library',
      source: 'packaged',
      reasons: [
        expect.stringMatching(/^libtensorflow .+: its server cannot be reached \(.*ECONNREFUSED.*\)$/),
      ],
    });
    expect(existsSync(bindingOf(root))).toBe(true);
  });
});

describe('a library that an npm package carries', () => {
  test('is unpacked, without what is not needed', async () => {
    const { packaged, tarball } = packagedLibrary();
    await registry(tarball);
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();

    await provide(root, { cache, sources: [packagedSource(root, packaged)] });

    expect(readFileSync(libraryOf(root), 'utf8')).toBe(LIBRARY_TEXT);
    expect(existsSync(bindingOf(root))).toBe(true);
    expect(readdirSync(join(cache, 'packaged')).sort()).toEqual(['deps', 'lib']);
    expect(readReport(cache)).toMatchObject({ library: 'a packaged library', reasons: [] });
  });

  test('is refused when its checksum is another one, and nothing of it is left behind', async () => {
    const { packaged, tarball } = packagedLibrary();
    await registry(tarball);
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();
    const sources = [packagedSource(root, { ...packaged, sha256: '0'.repeat(64) })];

    const said = await provide(root, { cache, sources });

    expect(said).toContain('  a packaged library: what was downloaded is not what was expected (checksum)');
    expect(readdirSync(cache)).toEqual(['native.json']);
    expect(existsSync(bindingOf(root))).toBe(false);
    expect(existsSync(libraryOf(root))).toBe(false);
  });

  test('is refused when it does not load here, and nothing of it is left behind', async () => {
    const { packaged, tarball } = packagedLibrary('this is no library');
    await registry(tarball);
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();

    const said = await provide(root, { cache, sources: [packagedSource(root, packaged)] });

    expect(said).toContainEqual(
      expect.stringMatching(/^ {2}a packaged library: it does not load here \(.+\)$/),
    );
    expect(readdirSync(cache)).toEqual(['native.json']);
    expect(existsSync(bindingOf(root))).toBe(false);
  });

  test('is given up when the registry is silent', async () => {
    const { packaged } = packagedLibrary();
    const { url } = await fileServer(() => undefined);
    npmAsks(url);
    const root = projectWithoutLibrary();
    const cache = temporaryFolder();

    const said = await provide(root, { cache, sources: [packagedSource(root, packaged, SHORT_MS)] });

    expect(said).toContainEqual(
      expect.stringMatching(
        /^ {2}a packaged library: npm could not fetch packaged-library@1\.0\.0 \(.*timeout.*\)$/i,
      ),
    );
    expect(readdirSync(cache)).toEqual(['native.json']);
  });
});

test('what the cache has but no longer loads is fetched anew', async () => {
  const { packaged, tarball } = packagedLibrary();
  await registry(tarball);
  const root = projectWithoutLibrary();
  const cache = temporaryFolder();
  const sources = [packagedSource(root, packaged)];
  await provide(root, { cache, sources });
  writeFileSync(join(cache, 'packaged/lib/napi-v8/tfjs_binding.node'), 'damaged');

  expect(await provide(root, { cache, sources })).toEqual([
    'Fetching a packaged library, once for this machine…',
  ]);
  expect(readReport(cache)).toMatchObject({ library: 'a packaged library' });
  expect(readFileSync(bindingOf(root)).length).toBeGreaterThan('damaged'.length);
});

test('another project that was quicker is not disturbed: its copy is taken', async () => {
  const { packaged, tarball } = packagedLibrary();
  await registry(tarball);
  const cache = temporaryFolder();
  const quicker = projectWithoutLibrary();
  const slower = projectWithoutLibrary();
  const source = packagedSource(slower, packaged);
  const overtaken: NativeSource = {
    ...source,
    fetch: async (folder) => {
      await source.fetch(folder);
      await provide(quicker, { cache, sources: [packagedSource(quicker, packaged)] });
    },
  };

  await provide(slower, { cache, sources: [overtaken] });

  expect(existsSync(bindingOf(quicker))).toBe(true);
  expect(existsSync(bindingOf(slower))).toBe(true);
  expect(readdirSync(cache).sort()).toEqual(['native.json', 'packaged']);
});

test('where nothing can be reached every reason is said, and when it is tried again; nothing fails', async () => {
  const nowhere = await unusedUrl();
  npmAsks(nowhere);
  const root = projectWithoutLibrary();
  const cache = temporaryFolder();
  const sources = nativeSources(root, { libraries: nowhere, bindings: nowhere });

  const said = await provide(root, { cache, sources });

  expect(said).toContain(WITHOUT_LIBRARY);
  for (const { title } of sources) expect(said).toContainEqual(expect.stringContaining(`  ${title}: `));
  expect(said.at(-1)).toBe(
    `  It is looked for again in a day; to look at once, delete ${join(cache, 'native.json')}.`,
  );
  expect(readReport(cache)).toMatchObject({ library: null, source: null });
});

test('a library sought in vain is looked for again after a day, not before', async () => {
  const root = projectWithoutLibrary();
  const cache = temporaryFolder();
  await provide(root, { cache, sources: [] });
  const sought = Date.parse(readReport(cache)!.date);
  const hour = 60 * 60_000;
  expect(nativeIsMissing(root, cache, sought + 23 * hour)).toBe(false);
  expect(nativeIsMissing(root, cache, sought + 25 * hour)).toBe(true);

  writeFileSync(join(cache, 'native.json'), '{"library": null}');
  expect(nativeIsMissing(root, cache, sought)).toBe(true);
  rmSync(join(cache, 'native.json'));
  expect(nativeIsMissing(root, cache, sought)).toBe(true);
});

test('nothing is looked for where the package itself is not installed', () => {
  expect(nativeIsMissing(temporaryFolder(), temporaryFolder())).toBe(false);
});

test('a cache folder that cannot be used is said with the way to name another; nothing fails', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const root = projectWithoutLibrary();
  const said = await provide(root, { cache: join(file, 'cache'), sources: [] });
  expect(said[0]).toBe(WITHOUT_LIBRARY);
  expect(said[1]).toMatch(
    /^ {2}The folder .+ cannot be used \(.+\)\. Name another one with LAYERBENCH_NATIVE_CACHE\.$/,
  );
});

test('what a download that was cut off days ago left is thrown away, what one of today may be at stays', async () => {
  const cache = temporaryFolder();
  const old = join(cache, '.unfinished-old');
  mkdirSync(old);
  mkdirSync(join(cache, '.unfinished-new'));
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60_000);
  utimesSync(old, twoDaysAgo, twoDaysAgo);
  await provide(projectWithoutLibrary(), { cache, sources: [] });
  expect(readdirSync(cache).sort()).toEqual(['.unfinished-new', 'native.json']);
});

describe('the cache', () => {
  test('is where LAYERBENCH_NATIVE_CACHE says', async () => {
    const { packaged, tarball } = packagedLibrary();
    await registry(tarball);
    const named = join(temporaryFolder(), 'not there yet');
    vi.stubEnv('LAYERBENCH_NATIVE_CACHE', named);
    const root = projectWithoutLibrary();

    await provideNative(root, process.execPath, () => undefined, {
      sources: [packagedSource(root, packaged)],
    });

    expect(readdirSync(named).sort()).toEqual(['native.json', 'packaged']);
    expect(readReport()).toMatchObject({ library: 'a packaged library' });
    expect(nativeIsMissing(root)).toBe(false);
  });

  test('is outside the project and its node_modules where nothing is said, and outlives an install', () => {
    const folder = cacheFolder({ LOCALAPPDATA: temporaryFolder() });
    const project = join(import.meta.dirname, '../../..');
    expect(relative(project, folder)).toMatch(/^\.\./);
    expect(folder).not.toContain('node_modules');
    expect(cacheFolder({ LAYERBENCH_NATIVE_CACHE: '' })).toBe(cacheFolder({}));
  });

  test.skipIf(process.platform !== 'linux')('follows XDG_CACHE_HOME on Linux', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/caches' })).toBe('/caches/layerbench/native');
  });
});
