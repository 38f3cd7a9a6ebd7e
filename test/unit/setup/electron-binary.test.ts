import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { provideElectron, whyNoWindow } from '../../../resources/setup/electron-binary.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Port 9 is that of the discard protocol, which nobody serves. */
const NOWHERE = { ELECTRON_MIRROR: 'http://127.0.0.1:9/' };

/** What the package's installer leaves: a program that says its version. */
const FETCHED = {
  'path.txt': 'electron',
  'dist/version': 'v45.4.1',
  'dist/electron': '#!/bin/sh\necho v45.4.1\n',
};

/** A project with the package, and an installer of its own in it. */
function project(files: Readonly<Record<string, string>> = {}): { root: string; folder: string } {
  const root = temporaryFolder();
  const folder = join(root, 'node_modules/electron');
  write(folder, { 'package.json': '{"name":"electron","version":"45.4.1"}', ...files });
  return { root, folder };
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    if (path === 'dist/electron') chmodSync(join(folder, path), 0o755);
  }
}

/** A server that is there; it has nothing. */
async function mirror(): Promise<{ ELECTRON_MIRROR: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return {
    ELECTRON_MIRROR: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: () => asked,
  };
}

function provide(root: string, environment: Readonly<Record<string, string>>, today = '2024-05-01') {
  const said: string[] = [];
  return provideElectron(root, process.execPath, (line) => said.push(line), { environment, today }).then(
    (binary) => ({ binary, said }),
  );
}

/** The program is a shell script. */
describe.skipIf(process.platform === 'win32')('the program', () => {
  test('is taken where it has been fetched, and nobody is asked', async () => {
    const { root, folder } = project(FETCHED);
    const { ELECTRON_MIRROR, asked } = await mirror();
    expect(await provide(root, { ELECTRON_MIRROR })).toEqual({
      binary: { program: join(folder, 'dist/electron') },
      said: [],
    });
    expect(asked()).toBe(0);
  });

  test('lies where the environment says', async () => {
    const { root } = project({ 'path.txt': 'electron' });
    const place = temporaryFolder();
    write(place, { 'dist/version': '45.4.1', 'dist/electron': FETCHED['dist/electron'] });
    const { binary } = await provide(root, { ELECTRON_OVERRIDE_DIST_PATH: join(place, 'dist') });
    expect(binary).toEqual({ program: join(place, 'dist/electron') });
  });

  test('is fetched once where it is not there, by the package itself', async () => {
    const installer = `const fs = require('node:fs');
      fs.mkdirSync(__dirname + '/dist', { recursive: true });
      fs.writeFileSync(__dirname + '/path.txt', 'electron');
      fs.writeFileSync(__dirname + '/dist/version', '45.4.1');
      fs.writeFileSync(__dirname + '/dist/electron', '#!/bin/sh\\n', { mode: 0o755 });`;
    // Of another version: an update of the package is to be fetched too.
    const { root, folder } = project({ ...FETCHED, 'dist/version': '44.0.0', 'install.js': installer });
    const { ELECTRON_MIRROR } = await mirror();
    expect(await provide(root, { ELECTRON_MIRROR })).toEqual({
      binary: { program: join(folder, 'dist/electron') },
      said: ['Fetching Electron 45.4.1 (some 120 MB, once)…'],
    });
  });

  test('that does not start is none, with what it said', async () => {
    const program = '#!/bin/sh\necho "libnss3.so: cannot open shared object file" >&2\nexit 127\n';
    const { root } = project({ ...FETCHED, 'dist/electron': program });
    expect((await provide(root, NOWHERE)).binary).toEqual({
      reason: 'Electron 45.4.1 does not start (libnss3.so: cannot open shared object file).',
    });
  });

  test('whose server cannot be reached is asked for once a day', async () => {
    const { root, folder } = project();
    expect((await provide(root, NOWHERE)).binary).toEqual({
      reason: 'Its program could not be fetched: 127.0.0.1:9 cannot be reached.',
    });
    const { ELECTRON_MIRROR, asked } = await mirror();
    expect((await provide(root, { ELECTRON_MIRROR })).binary).toEqual({
      reason: 'Its program could not be fetched earlier today.',
    });
    expect(asked()).toBe(0);

    write(folder, { 'install.js': 'process.exitCode = 1;' });
    expect((await provide(root, { ELECTRON_MIRROR }, '2024-05-02')).binary).toEqual({
      reason: 'Its program could not be fetched (the reason stands above).',
    });
    expect(asked()).toBe(1);
  });

  test('of a package that is not there is none', async () => {
    const { root, folder } = project();
    rmSync(folder, { recursive: true });
    expect((await provide(root, NOWHERE)).binary).toEqual({
      reason: 'The package electron is not installed.',
    });
  });
});

test.each([
  ['linux', {}, 1000, 'There is no display.'],
  ['linux', { DISPLAY: '' }, 1000, 'There is no display.'],
  ['linux', { DISPLAY: ':0' }, 1000, undefined],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 1000, undefined],
  ['linux', { DISPLAY: ':0' }, 0, 'The window does not open for root.'],
  ['darwin', {}, 501, undefined],
  ['win32', {}, undefined, undefined],
])('on %s with %j as user %s: %s', (platform, environment, userId, reason) => {
  expect(whyNoWindow({ platform, environment, userId })).toBe(reason);
});
