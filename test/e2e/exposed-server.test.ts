import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { defaultConfig } from '../../src-preload/contract/config.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { serveWorkbench } from '../support/served-workbench.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WARNING =
  /^Whoever can reach this machine on port \d+ and has that link can train on it, .* list every folder that you can list, and look at every image that you can read; nothing on the way is encrypted\.$/m;

async function served(...options: readonly string[]) {
  const started = await serveWorkbench(temporaryFolder(), {}, options);
  onTestFinished(() => started.close());
  return started;
}

test('a server that others can reach says what it exposes, and that is what a client can do', async () => {
  const { served: page, client } = await served('--host=0.0.0.0');
  expect(page.said()).toMatch(WARNING);
  const elsewhere = temporaryFolder();
  await writeImageFolder(join(elsewhere, 'private'), { one: 2, two: 2 });
  const { folders } = await client.call('browseFolders', { path: elsewhere });
  expect(folders.map(({ name }) => name)).toEqual(['private']);
  const config = { ...defaultConfig(), dataset: join(elsewhere, 'private') };
  const [picture] = await client.call('thumbnails', { config, paths: ['one/0.png'] });
  expect(picture?.picture?.png.length).toBeGreaterThan(0);
});

test('a server that this machine alone can reach says nothing of the kind', async () => {
  const { served: page } = await served('--host=::1');
  expect(page.said()).not.toMatch(WARNING);
  expect(new URL(page.link).hostname).toBe('[::1]');
});
