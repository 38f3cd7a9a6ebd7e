import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKnownFolders, onKnownFolders } from '../../../src-main/desktop/known-folders.ts';
import { calls, streams } from '../../../src-preload/contract/api.ts';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import { handlersWith } from '../../support/rpc/sample-handlers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('a folder', () => {
  function place(dataset: string, datasetsPath = ''): { dataset: string; datasetsPath: string } {
    return { dataset, datasetsPath };
  }

  test('that was opened is known, with all that lies in it', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'images/deep'), { recursive: true });
    const folders = createKnownFolders(() => false);
    folders.open([join(root, 'images')]);
    folders.check(place(join(root, 'images')));
    folders.check(place(join(root, 'images/deep')));
    folders.check(place('deep', join(root, 'images')));
  });

  test('that was not is refused, whatever leads to it', () => {
    const root = temporaryFolder();
    for (const name of ['images', 'images-beside', 'other']) mkdirSync(join(root, name));
    symlinkSync(join(root, 'other'), join(root, 'images/link'));
    const folders = createKnownFolders(() => false);
    folders.open([join(root, 'images')]);
    for (const refused of [
      root,
      join(root, 'images-beside'),
      `${root}/images/../other`,
      join(root, 'images/link'),
      join(root, 'gone'),
      '..',
    ]) {
      expect(() => {
        folders.check(place(refused));
      }, refused).toThrow(UserError);
      expect(() => {
        folders.check(place('colors', refused));
      }, refused).toThrow(UserError);
    }
  });

  test('that is the data set of a run is known, and so are names', () => {
    const folders = createKnownFolders(({ dataset }) => dataset === '/of/a/run');
    folders.check(place('/of/a/run'));
    folders.check(place('numbers'));
    expect(() => {
      folders.check(place('/of/another'));
    }).toThrow('The folder /of/another has not been opened in this window.');
  });
});

/** Calls of the contract that take configurations. */
const CONFIGURED = Object.entries(calls).flatMap(([name, { params }]) =>
  ['config', 'configs'].filter((key) => key in params.shape).map((key) => ({ name, key })),
);

test('every call that takes a configuration is looked at', () => {
  expect(CONFIGURED.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['launch', 'plan', 'datasets', 'dataset']),
  );
  const folders = createKnownFolders(() => false);
  const handlers = onKnownFolders(handlersWith({}), folders);
  const config = RunConfig.parse({ dataset: '/etc/images' });
  for (const { name, key } of CONFIGURED) {
    const handler = handlers.calls[name as keyof typeof calls] as (
      params: unknown,
      signal: unknown,
    ) => unknown;
    const params = { [key]: key === 'config' ? config : [RunConfig.parse({}), config] };
    expect(() => handler(params, new AbortController().signal), name).toThrow(/^The folder \/etc\/images/);
  }
});

test('and so is every stream', () => {
  const taking = Object.entries(streams).filter(([, { params }]) => 'config' in params.shape);
  expect(taking.map(([name]) => name)).toEqual(['checkDataset']);
  const handlers = onKnownFolders(
    handlersWith({}),
    createKnownFolders(() => false),
  );
  const config = RunConfig.parse({ dataset: '/etc/images' });
  const outlet = { send: () => undefined, isBusy: () => false };
  expect(() => handlers.streams.checkDataset({ config }, outlet)).toThrow(/^The folder \/etc\/images/);
});

test("the machine's folders are not listed to the page", () => {
  const handlers = onKnownFolders(
    handlersWith({}),
    createKnownFolders(() => true),
  );
  expect(() => handlers.calls.browseFolders({ path: '/' }, new AbortController().signal)).toThrow(UserError);
});

test('what is asked on known folders is answered as before', async () => {
  const config = RunConfig.parse({ dataset: 'colors' });
  const handlers = onKnownFolders(
    handlersWith({ calls: { datasets: ({ config: asked }) => (asked === config ? [] : null) as never } }),
    createKnownFolders(() => false),
  );
  expect(await handlers.calls.datasets({ config }, new AbortController().signal)).toEqual([]);
});
