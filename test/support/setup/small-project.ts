import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

/** In the place of the real one: copies the command's source to where the build would have it. */
const ELECTRON_VITE = `
const { copyFileSync, mkdirSync, readFileSync } = require('node:fs');
if (readFileSync('src-main/main.ts', 'utf8').includes('does not build')) {
  console.error('There is an error in src-main/main.ts.');
  process.exit(1);
}
mkdirSync('out/main', { recursive: true });
copyFileSync('src-main/main.ts', 'out/main/cli.js');
`;

/** Says what it was given, and ends with a code of its own. */
const COMMAND = `console.log(process.argv.slice(2).join(' ')); process.exitCode = 7;`;

/**
 * A project that npm installs without asking anybody: its one dependency lies in it, and stands for electron-vite.
 * @param options.root of one that is made anew, in the same place.
 */
export function smallProject(options: { readonly root?: string; readonly version?: string } = {}): string {
  const { root = temporaryFolder(), version = '1.0.0' } = options;
  vi.stubEnv('npm_config_cache', temporaryFolder());
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const dependencies = { 'electron-vite': 'file:tools/electron-vite' };
  const packageJson = { name: 'small', version, type: 'module', dependencies };
  const lock = {
    name: 'small',
    version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'small', version, dependencies },
      'node_modules/electron-vite': { resolved: 'tools/electron-vite', link: true },
      'tools/electron-vite': { version: '1.0.0' },
    },
  };
  const files = {
    'package.json': JSON.stringify(packageJson),
    'package-lock.json': JSON.stringify(lock),
    'tools/electron-vite/package.json': '{"name":"electron-vite","version":"1.0.0"}',
    'tools/electron-vite/bin/electron-vite.js': ELECTRON_VITE,
    'src-main/main.ts': COMMAND,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
