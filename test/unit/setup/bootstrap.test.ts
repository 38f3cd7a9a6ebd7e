import { spawn } from 'node:child_process';
import { cpSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { smallProject } from '../../support/setup/small-project.ts';

const SETUP = join(import.meta.dirname, '../../../resources/setup');

/** A clean clone with the real set-up in it. */
function cleanClone(): string {
  const root = smallProject();
  cpSync(SETUP, join(root, 'resources/setup'), { recursive: true });
  return root;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs an npm script's command in a process of its own. */
function script(root: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'resources/setup/bootstrap.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

test('the first command on a clean clone sets up and runs; the second only runs', async () => {
  const root = cleanClone();
  const first = await script(root, 'layerbench', 'runs', '--json');
  expect(first.err).toMatch(
    /^Installing packages .+\n[^]*Packages installed in \d+ s\.\n[^]*Built in [\d.]+ s\.\n$/,
  );
  // Standard output and the exit code are the command's own.
  expect(first).toMatchObject({ code: 7, out: 'runs --json\n' });

  expect(await script(root, 'layerbench', 'runs', '--json')).toEqual({
    code: 7,
    out: 'runs --json\n',
    err: '',
  });
  // There is no Electron in it: it is served instead.
  const started = await script(root, 'start', '--port=0');
  expect(started).toMatchObject({ code: 7, out: 'serve --open --port=0\n' });
  expect(started.err).toMatch(/^No window: .+; the workbench is served to your browser\.\n$/);
});

test('of two first commands at once one sets up, and both run', async () => {
  const root = cleanClone();
  const both = await Promise.all([script(root, 'layerbench', 'one'), script(root, 'layerbench', 'two')]);
  expect(both.map(({ code, out }) => [code, out])).toEqual([
    [7, 'one\n'],
    [7, 'two\n'],
  ]);
  const said = both.map(({ err }) => err).join('');
  expect(said.match(/Packages installed/g)).toHaveLength(1);
  expect(said.match(/Built in/g)).toHaveLength(1);
});

test('a build that fails says why, and the command does not run on what was built before', async () => {
  const root = cleanClone();
  await script(root, 'build');
  writeFileSync(join(root, 'src-main/main.ts'), 'this does not build');
  expect(await script(root, 'layerbench', 'runs')).toEqual({
    code: 1,
    out: '',
    err: 'There is an error in src-main/main.ts.\nThe build failed (its reason stands above).\n',
  });
});

test('a build that failed is tried again, even when the sources are as they were before it', async () => {
  const root = cleanClone();
  const source = join(root, 'src-main/main.ts');
  const before = readFileSync(source);
  // Seconds since 1970; any whole number, so that the very same time can be set again.
  const time = 1_700_000_000;
  utimesSync(source, time, time);
  await script(root, 'build');
  writeFileSync(source, 'this does not build');
  await script(root, 'build');

  writeFileSync(source, before);
  utimesSync(source, time, time);
  const { code, err } = await script(root, 'build');
  expect(code).toBe(0);
  expect(err).toMatch(/^Built in/);
});

test('packages that cannot be installed stop everything, with what to do', async () => {
  const root = cleanClone();
  // The lock file does not agree with what package.json asks for.
  writeFileSync(
    join(root, 'package.json'),
    '{"name":"small","version":"1.0.0","dependencies":{"other":"1.0.0"}}',
  );
  const { code, out, err } = await script(root, 'layerbench', 'runs');
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('Missing: other@1.0.0 from lock file');
  expect(err).toMatch(
    /The packages could not be installed \(npm said why above\)\. Mend that and run the command again\.\n$/,
  );
});

test('a changed source is built before the command runs', async () => {
  const root = cleanClone();
  await script(root, 'build');
  const source = join(root, 'src-main/main.ts');
  writeFileSync(source, `console.log('changed');`);
  const { atimeMs, mtimeMs } = statSync(source);
  utimesSync(source, atimeMs / 1000, mtimeMs / 1000 + 1);
  const { out, err } = await script(root, 'layerbench');
  expect(out).toBe('changed\n');
  expect(err).toMatch(/^Built in [\d.]+ s\.\n$/);
});

test('a script that there is not is answered with those that are', async () => {
  const { code, err } = await script(cleanClone(), 'strat');
  expect(code).toBe(2);
  expect(err).toMatch(/^There is no script strat\. Those that are: start, layerbench, test, .+\n$/);
});
