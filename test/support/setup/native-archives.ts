import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { PackagedLibrary } from '../../../resources/setup/native-library.mjs';
import { temporaryFolder } from '../temporary-folder.ts';

const PACKAGES = join(import.meta.dirname, '../../../node_modules');
const TFJS = '@tensorflow/tfjs-node-gpu';

/** Any addon that Node loads: whether a library loads is asked of the binding alone. */
const LOADABLE = join(PACKAGES, `better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`);

/** What the library's own file holds in these archives. */
export const LIBRARY_TEXT = 'a library';

/** A project in which @tensorflow/tfjs-node-gpu is installed, as npm leaves it: without library and binding. */
export function projectWithoutLibrary(): string {
  const root = temporaryFolder();
  const folder = join(root, 'node_modules', TFJS);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(PACKAGES, TFJS, 'package.json'), join(folder, 'package.json'));
  cpSync(join(PACKAGES, TFJS, 'scripts'), join(folder, 'scripts'), { recursive: true });
  for (const name of ['tar', 'adm-zip']) {
    symlinkSync(join(PACKAGES, name), join(root, 'node_modules', name), 'junction');
  }
  return root;
}

/** Where a project's binding is found once it is in place. */
export function bindingOf(root: string): string {
  return join(root, 'node_modules', TFJS, 'lib/napi-v8/tfjs_binding.node');
}

/** Where a project's library is found once it is in place. */
export function libraryOf(root: string): string {
  return join(root, 'node_modules', TFJS, 'deps/lib/libtensorflow.so');
}

/** The two official archives: the library in `lib/`, the binding in `napi-v8/`. */
export function officialArchives(): { readonly library: Buffer; readonly binding: Buffer } {
  return {
    library: archiveOf({ 'lib/libtensorflow.so': LIBRARY_TEXT }),
    binding: archiveOf({ 'napi-v8/tfjs_binding.node': readFileSync(LOADABLE) }),
  };
}

/**
 * An npm package that carries a library.
 * @param binding its binding; one that loads where nothing is given.
 */
export function packagedLibrary(binding: Buffer | string = readFileSync(LOADABLE)): {
  readonly packaged: PackagedLibrary;
  readonly tarball: Buffer;
} {
  const archive = brotliCompressSync(
    archiveOf(
      {
        'inside/deps/lib/libtensorflow.so': LIBRARY_TEXT,
        'inside/lib/napi-v6/tfjs_binding.node': binding,
        'inside/not-needed.txt': 'not needed',
      },
      '-cf',
    ),
    { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY } },
  );
  const packageJson = JSON.stringify({ name: 'packaged-library', version: '1.0.0' });
  return {
    packaged: {
      name: 'packaged',
      title: 'a packaged library',
      package: 'packaged-library@1.0.0',
      archive: 'package/library.br',
      sha256: createHash('sha256').update(archive).digest('hex'),
      prefix: 'inside/',
    },
    tarball: archiveOf({ 'package/package.json': packageJson, 'package/library.br': archive }),
  };
}

/** What an npm registry answers of a package with one version. */
export function packument(tarball: Buffer, url: string): string {
  const dist = {
    tarball: url,
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
  };
  const version = { name: 'packaged-library', version: '1.0.0', dist };
  return JSON.stringify({
    name: 'packaged-library',
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': version },
  });
}

function archiveOf(files: Readonly<Record<string, Buffer | string>>, mode = '-czf'): Buffer {
  const folder = temporaryFolder();
  const contents = join(folder, 'contents');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(contents, path)), { recursive: true });
    writeFileSync(join(contents, path), content);
  }
  const archive = join(folder, 'archive');
  const tops = new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''));
  execFileSync('tar', [mode, archive, '-C', contents, ...tops]);
  return readFileSync(archive);
}
