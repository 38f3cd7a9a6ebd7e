import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flipFuses } from '@electron/fuses';
import { packager } from '@electron/packager';
import { z } from 'zod';
import { FUSES } from './fuses.ts';

/** What of the project goes into a package; of its dependencies those that reach users. */
const PACKED = /^\/(out\/(main|preload|renderer)|resources\/(fonts|icon)|node_modules)(\/|$)/;
const PACKED_FILES: ReadonlySet<string> = new Set(['/package.json', '/LICENSE', '/out', '/resources']);

/** Node itself, which a package has in Electron, and what only a build wants. */
const LEFT_OUT = /^\/node_modules\/(node-(linux|darwin|win)-|\.bin|\.layerbench|\.vite)|\.map$/;

/** What the system loads by itself has to lie beside the archive. */
const UNPACKED = '**/{*.node,*.so,*.so.*,*.dylib,*.dll}';

const Manifest = z.object({ productName: z.string(), version: z.string() });
const ElectronManifest = z.object({ version: z.string() });

export interface PackageOptions {
  /** The project's folder, built. */
  readonly root: string;
  /** Where the package's folder is made; one of the same name is replaced. */
  readonly out: string;
  /** A folder that has Electron's archive as it is published; without it, it is fetched. */
  readonly archives?: string;
}

/**
 * Makes an application of the project for this machine's system, its fuses set.
 * @returns the package's folder
 */
export async function packageApplication({ root, out, archives }: PackageOptions): Promise<string> {
  const { productName, version } = Manifest.parse(await json(join(root, 'package.json')));
  const electron = ElectronManifest.parse(await json(join(root, 'node_modules/electron/package.json')));
  const [folder] = await packager({
    dir: root,
    out,
    name: productName,
    appVersion: version,
    electronVersion: electron.version,
    overwrite: true,
    quiet: true,
    prune: true,
    asar: { unpack: UNPACKED },
    ignore: (path) => path !== '' && !isPacked(path),
    ...(archives === undefined ? {} : { electronZipDir: archives }),
  });
  if (folder === undefined) throw new Error('Nothing was packaged for this system.');
  await flipFuses(programOf(folder, productName), FUSES);
  return folder;
}

/** The program of a package on this system. */
export function programOf(folder: string, productName: string): string {
  if (process.platform === 'darwin') return join(folder, `${productName}.app`);
  return join(folder, process.platform === 'win32' ? `${productName}.exe` : productName);
}

function isPacked(path: string): boolean {
  return (PACKED.test(path) || PACKED_FILES.has(path)) && !LEFT_OUT.test(path);
}

async function json(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
