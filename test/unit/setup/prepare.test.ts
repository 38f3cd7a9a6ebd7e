import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isReady, prepare, type Steps } from '../../../resources/setup/prepare.mjs';
import { build } from '../../../resources/setup/build.mjs';
import { install } from '../../../resources/setup/install.mjs';
import { provideNative } from '../../../resources/setup/native-library.mjs';
import { smallProject } from '../../support/setup/small-project.ts';

/** The real steps, recorded. */
function recorded(): { readonly steps: Steps; readonly done: string[] } {
  const done: string[] = [];
  const steps: Steps = {
    install: (...given) => {
      done.push('install');
      return install(...given);
    },
    provideNative: (...given) => {
      done.push('native library');
      return provideNative(...given);
    },
    build: (...given) => {
      done.push('build');
      return build(...given);
    },
  };
  return { steps, done };
}

/** What is done before a command, and what was said. */
async function prepared(root: string, built = true): Promise<string[]> {
  const { steps, done } = recorded();
  await prepare(root, built, () => undefined, steps);
  return done;
}

function later(file: string): void {
  const { atimeMs, mtimeMs } = statSync(file);
  utimesSync(file, atimeMs / 1000, mtimeMs / 1000 + 1);
}

test('a clean clone is installed and built; a second start does none of it again', async () => {
  const root = smallProject();
  expect(isReady(root, true)).toBe(false);
  expect(await prepared(root)).toEqual(['install', 'build']);
  expect(isReady(root, true)).toBe(true);
  expect(await prepared(root)).toEqual([]);
});

test('what needs no build is not kept waiting by one', async () => {
  const root = smallProject();
  expect(await prepared(root, false)).toEqual(['install']);
  expect(isReady(root, false)).toBe(true);
  expect(isReady(root, true)).toBe(false);
});

test('a changed lock file installs anew, and builds with what is there then', async () => {
  const root = smallProject();
  await prepared(root);
  smallProject({ root, version: '1.0.1' });
  expect(await prepared(root)).toEqual(['install', 'build']);
  expect(await prepared(root)).toEqual([]);
});

test('node_modules that are gone are installed again', async () => {
  const root = smallProject();
  await prepared(root);
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect(await prepared(root)).toEqual(['install']);
});

test.each(['src-main/main.ts', 'package.json'])(
  'a change of %s builds anew, and installs nothing',
  async (path) => {
    const root = smallProject();
    await prepared(root);
    later(join(root, path));
    expect(await prepared(root)).toEqual(['build']);
    expect(await prepared(root)).toEqual([]);
  },
);

test.each(['src-renderer', 'src-preload/contract', 'resources/fonts'])(
  'a new file in %s builds anew',
  async (folder) => {
    const root = smallProject();
    await prepared(root);
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'new-file'), '');
    expect(await prepared(root)).toEqual(['build']);
  },
);

test('a file that the product is not made of builds nothing', async () => {
  const root = smallProject();
  await prepared(root);
  writeFileSync(join(root, 'README.md'), 'words');
  mkdirSync(join(root, 'test'));
  writeFileSync(join(root, 'test/some.test.ts'), '');
  expect(await prepared(root)).toEqual([]);
});

test('a build folder that is gone is built again', async () => {
  const root = smallProject();
  await prepared(root);
  rmSync(join(root, 'out'), { recursive: true });
  expect(await prepared(root)).toEqual(['build']);
});
